package trackersync.cli;

import java.util.ArrayList;
import java.util.List;

/** A table for people: the first column to the left, numbers to the right, two blanks between. */
final class Table {

  private final List<List<String>> rows = new ArrayList<>();
  private final List<Boolean> left = new ArrayList<>();

  /** A name that starts with {@code <} makes a column of text. */
  Table(String... columns) {
    List<String> heads = new ArrayList<>();
    for (String column : columns) {
      left.add(column.startsWith("<"));
      heads.add(column.startsWith("<") ? column.substring(1) : column);
    }
    rows.add(heads);
  }

  Table row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell instanceof Number number ? "%,d".formatted(number.longValue()) : "" + cell);
    }
    rows.add(row);
    return this;
  }

  /** Heading, rule, rows; each with two blanks before it. */
  List<String> lines(Terminal terminal) {
    List<Integer> widths = new ArrayList<>();
    for (int column = 0; column < left.size(); column++) {
      int at = column;
      widths.add(rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < left.size(); column++) {
        String cell = rows.get(i).get(column);
        String blanks = " ".repeat(widths.get(column) - cell.length());
        line.append("  ").append(left.get(column) ? cell + blanks : blanks + cell);
      }
      String text = line.toString().stripTrailing();
      lines.add(i == 0 ? terminal.dim(text) : text);
    }
    return lines;
  }
}

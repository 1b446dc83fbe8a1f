package trackersync.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * What one check found.
 *
 * @param part what was looked at
 * @param cure blank when it is well
 */
record Finding(Level level, String part, String words, String cure) {

  enum Level {
    OK,
    WARN,
    FAIL
  }

  private static final int INDENT = 19;
  private static final int WIDTH = 79;

  static Finding ok(String part, String words) {
    return new Finding(Level.OK, part, words, "");
  }

  static Finding warn(String part, String words, String cure) {
    return new Finding(Level.WARN, part, words, cure);
  }

  static Finding fail(String part, String words, String cure) {
    return new Finding(Level.FAIL, part, words, cure);
  }

  /** For people, within 80 columns. */
  List<String> lines(Terminal terminal) {
    String mark =
        switch (level) {
          case OK -> terminal.green("OK  ");
          case WARN -> terminal.yellow("WARN");
          case FAIL -> terminal.red("FAIL");
        };
    List<String> lines = new ArrayList<>();
    List<String> text = wrapped(words);
    lines.add("%s  %-12s %s".formatted(mark, part, text.get(0)));
    text.subList(1, text.size()).forEach(it -> lines.add(" ".repeat(INDENT) + it));
    if (!cure.isBlank()) {
      wrapped(cure).forEach(it -> lines.add(" ".repeat(INDENT) + terminal.bold(it)));
    }
    return lines;
  }

  private static List<String> wrapped(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split("\\s+")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH - INDENT) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}

package trackersync.settings;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads settings' files with the place of each entry. */
final class Source {

  private static final Pattern ENTRY =
      Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=(.*)");
  private static final Pattern QUOTED =
      Pattern.compile("\\s*(?:\"([^\"]*)\"|'([^']*)')\\s*(?:#.*)?");

  private Source() {}

  /**
   * @param place where it stands, for people: {@code application.properties, line 12}
   */
  record Entry(String key, String value, String place) {}

  /** What could be read, and what could not. */
  record Content(List<Entry> entries, List<String> problems) {}

  /** By the rules of {@link Properties}: escapes, continued lines, {@code = :} or blank. */
  static Content properties(String name, List<String> lines) {
    Content content = new Content(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < lines.size(); i++) {
      int first = i;
      StringBuilder logical = new StringBuilder(lines.get(i));
      boolean comment = lines.get(i).strip().matches("(?s)[#!].*");
      while (!comment && continues(lines.get(i)) && i + 1 < lines.size()) {
        logical.append('\n').append(lines.get(++i));
      }
      String place = name + ", line " + (first + 1);
      try {
        Properties one = new Properties();
        one.load(new StringReader(logical.toString()));
        for (String key : one.stringPropertyNames()) {
          content.entries.add(new Entry(key, one.getProperty(key).strip(), place));
        }
      } catch (IllegalArgumentException badEscape) {
        content.problems.add(
            "%s: %s Write a backslash twice.".formatted(place, badEscape.getMessage()));
      } catch (IOException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return content;
  }

  private static boolean continues(String line) {
    int slashes = 0;
    for (int i = line.length() - 1; i >= 0 && line.charAt(i) == '\\'; i--) {
      slashes++;
    }
    return slashes % 2 == 1;
  }

  /** {@code NAME=value} a line, {@code export} and quotes allowed, {@code #} starts a comment. */
  static Content environmentFile(String name, List<String> lines) {
    Content content = new Content(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      String place = name + ", line " + (i + 1);
      Matcher entry = ENTRY.matcher(line);
      if (entry.matches()) {
        content.entries.add(new Entry(entry.group(1), unquoted(entry.group(2)), place));
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        // not shown: it may be half a secret
        content.problems.add(place + ": not of the form NAME=value.");
      }
    }
    return content;
  }

  private static String unquoted(String value) {
    Matcher quoted = QUOTED.matcher(value);
    if (quoted.matches()) {
      return quoted.group(1) == null ? quoted.group(2) : quoted.group(1);
    }
    return value.replaceFirst("\\s+#.*", "").strip();
  }
}

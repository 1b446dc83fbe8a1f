package trackersync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where a command writes: people's words, or one JSON object.
 *
 * <p>The launcher says whether standard output is a terminal (system property {@code
 * trackersync.columns}); colours are left out with {@code NO_COLOR}.
 */
final class Terminal {

  private final PrintStream out;
  private final PrintStream err;
  private final boolean interactive;
  private final boolean colours;
  private final boolean unicode;
  private boolean json;

  Terminal(PrintStream out, PrintStream err, Map<String, String> environment, boolean terminal) {
    this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
    this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    this.interactive = terminal && !"dumb".equals(environment.get("TERM"));
    this.colours = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    this.unicode =
        Stream.of("LC_ALL", "LC_CTYPE", "LANG")
            .map(name -> environment.getOrDefault(name, ""))
            .filter(value -> !value.isEmpty())
            .findFirst()
            .map(value -> value.toUpperCase(Locale.ROOT).replace("-", "").contains("UTF8"))
            .orElse(false);
  }

  static Terminal ofThisProcess() {
    return new Terminal(
        System.out, System.err, System.getenv(), System.getProperty("trackersync.columns") != null);
  }

  /** From now on only {@link #json(JsonNode)} is written to standard output. */
  void jsonOnly() {
    json = true;
  }

  boolean isJson() {
    return json;
  }

  /** Whether lines may be drawn again. */
  boolean isInteractive() {
    return interactive && !json;
  }

  boolean isUnicode() {
    return unicode;
  }

  /** A line for people. */
  void say(String line) {
    if (!json) {
      out.println(line);
      out.flush();
    }
  }

  /** The answer for programs. */
  void json(JsonNode answer) {
    if (json) {
      out.println(answer.toPrettyString());
      out.flush();
    }
  }

  /** Text that is the command's whole product, such as a token: in both modes. */
  void product(String text) {
    out.println(text);
    out.flush();
  }

  /** A line about what is wrong or worth knowing; never part of the answer. */
  void warn(String line) {
    err.println(line);
    err.flush();
  }

  /** Goes up some lines and clears all below. */
  void eraseLines(int count) {
    if (count > 0) {
      out.print("\u001b[" + count + "A\u001b[J");
    }
  }

  String bold(String text) {
    return coloured(text, "1");
  }

  String dim(String text) {
    return coloured(text, "2");
  }

  String green(String text) {
    return coloured(text, "32");
  }

  String yellow(String text) {
    return coloured(text, "33");
  }

  String red(String text) {
    return coloured(text, "31");
  }

  private String coloured(String text, String code) {
    return colours && !json ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}

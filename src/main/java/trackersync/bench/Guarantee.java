package trackersync.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the engine does for safety, taken away one at a time in a copy of the routes, to see what it
 * costs. The product itself has no such switch.
 */
enum Guarantee {
  ALL("all guarantees", List.of()),
  WITHOUT_RAW("without the raw record", List.of(Edit.RAW)),
  WITHOUT_SCHEMA("without the check against issue.schema.json", List.of(Edit.SCHEMA)),
  WITHOUT_FENCE("without the fence", List.of(Edit.FENCE)),
  WITHOUT_CURSOR("without the cursor", List.of(Edit.CURSOR)),
  WITHOUT_CHECKPOINT("without checkpoint, counts and progress", List.of(Edit.CHECKPOINT)),
  WITHOUT_ANY(
      "without any of these",
      List.of(Edit.RAW, Edit.SCHEMA, Edit.FENCE, Edit.CURSOR, Edit.CHECKPOINT)),
  WITH_DELIVERIES("plus a row of deliveries per record", List.of(Edit.DELIVER_NOTHING));

  /** Name of the sink that takes nothing. */
  static final String NOWHERE = "nowhere";

  private final String words;
  private final List<Edit> edits;

  Guarantee(String words, List<Edit> edits) {
    this.words = words;
    this.edits = edits;
  }

  String words() {
    return words;
  }

  boolean sameRows() {
    return !edits.contains(Edit.RAW);
  }

  /** Copies settings and routes of {@code home} to {@code copy} and takes the guarantee away. */
  void write(Path home, Path copy) {
    try {
      Files.createDirectories(copy);
      Files.copy(home.resolve("application.properties"), copy.resolve("application.properties"));
      try (Stream<Path> files = Files.walk(home.resolve("routes"))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path target = copy.resolve(home.relativize(file).toString());
          Files.createDirectories(target.getParent());
          Files.copy(file, target);
        }
      }
      for (Edit edit : edits) {
        edit.apply(copy.resolve("routes"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A change of one file, which must still be written as it was when this was. */
  private enum Edit {
    RAW("trackers/github/github-map.jq", "(?m)^( *raw: *)\\.$", "$1{}"),
    SCHEMA("pipeline/issue.schema.json", "(?s).*", "{}"),
    FENCE("pipeline/pipeline-2-write.camel.yaml", "(?m)^.*pipeline-2-write-hold.*\n", ""),
    CURSOR(
        "pipeline/advance.camel.yaml",
        "(?m)^ *- to:\n *id: advance-cursor\n *uri: sql:.*advance-cursor.sql\n",
        ""),
    CHECKPOINT(
        "pipeline/advance.camel.yaml",
        "(?m)^ *- to:\n *id: advance-operation\n *uri: sql:.*advance-operation.sql\n",
        ""),
    DELIVER_NOTHING(
        "pipeline/pipeline-3-deliver.camel.yaml",
        "\\$\\{variable.otherSinks} == true",
        "'1' == '2'");

    private final String file;
    private final String from;
    private final String to;

    Edit(String file, String from, String to) {
      this.file = file;
      this.from = from;
      this.to = to;
    }

    void apply(Path routes) throws IOException {
      Path path = routes.resolve(file);
      String before = Files.readString(path);
      String after = before.replaceFirst(from, to);
      if (after.equals(before)) {
        throw new IllegalStateException(
            "routes/" + file + " is no longer what bench takes apart; bring Guarantee up to date");
      }
      Files.writeString(path, after);
    }
  }
}

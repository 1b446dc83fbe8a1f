package trackersync.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All figures of a run, as JSON and as tables of medians. */
final class Report {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final int issues;
  private final int rounds;
  private final int warm;
  private final String jvm;
  private final List<Variant> variants;
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  Report(int issues, int rounds, int warm, String jvm, List<Variant> variants) {
    this.issues = issues;
    this.rounds = rounds;
    this.warm = warm;
    this.jvm = jvm;
    this.variants = variants;
  }

  void add(Figure figure) {
    figures.add(figure);
  }

  void note(String words) {
    notes.add(words);
  }

  String markdown() {
    return String.join("\n", notes) + "\n";
  }

  Path save(Path folder, String stamp) throws IOException {
    Path base = folder.resolve("bench-" + stamp);
    ObjectNode all = JSON.createObjectNode().put("issues", issues).put("rounds", rounds);
    all.set("figures", JSON.valueToTree(figures));
    Files.writeString(Path.of(base + ".json"), all.toPrettyString());
    Files.writeString(Path.of(base + ".md"), markdown());
    return base;
  }
}

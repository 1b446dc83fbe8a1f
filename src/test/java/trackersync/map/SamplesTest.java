package trackersync.map;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every {@code samples/<case>.raw.json} maps to its {@code <case>.issue.json}. */
class SamplesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Mapping MAPPING =
      new Mapping(
          Path.of("routes/trackers"),
          new IssueSchema(Path.of("routes/pipeline/issue.schema.json")),
          tracker ->
              JSON.createObjectNode()
                  .put("confidential", "true")
                  .put("closed-statuses", "RESOLVED, VERIFIED, CLOSED"));

  static List<Path> samples() throws IOException {
    try (Stream<Path> all = Files.walk(Path.of("routes/trackers"))) {
      return all.filter(f -> f.toString().endsWith(".raw.json")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  @DisplayName("CORE-9 a raw record maps to the unified issue beside it")
  void rawMapsToIssue(Path raw) throws IOException {
    String folder = raw.getParent().getFileName().toString();
    String stream = folder.equals("samples") ? "issues" : folder;
    String tracker = Path.of("routes/trackers").relativize(raw).getName(0).toString();
    Mapping.Page page =
        MAPPING.map(tracker, stream, JSON.createArrayNode().add(JSON.readTree(raw.toFile())));
    assertThat(page.rejected()).isEmpty();
    ObjectNode issue = (ObjectNode) JSON.readTree(page.records()).get(0);
    assertThat(issue.remove("raw")).isEqualTo(JSON.readTree(raw.toFile()));
    assertThat(issue.remove("revision_hash").asText()).matches("[0-9a-f]{64}");
    Path expected = Path.of(raw.toString().replace(".raw.json", ".issue.json"));
    assertThat(issue).isEqualTo(JSON.readTree(expected.toFile()));
  }

  static List<Path> recorded(String tracker, String prefix) throws IOException {
    Path folder = Path.of(System.getProperty("shared.dir", "../shared"), "samples", tracker);
    Assumptions.assumeTrue(
        Files.isDirectory(folder), "skipped: the recorded samples are not beside this clone");
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(f -> f.getFileName().toString().startsWith(prefix)).sorted().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "github, issues, issues-, 244",
    "github, alerts, dependabot-alerts-list, 1",
    "gitlab, issues, issues-list-, 5",
    "gitlab, findings, vulnerability-findings-, 1",
    "bitbucket, issues, issues-30-rows, 30"
  })
  @DisplayName(
      "CORE-3 ISSUE-30 ISSUE-31 ISSUE-32 ISSUE-33 every recorded record of the real service maps")
  void recordedRecordsMap(String tracker, String stream, String prefix, int atLeast)
      throws IOException {
    int records = 0;
    for (Path file : recorded(tracker, prefix)) {
      for (JsonNode exchange : JSON.readTree(file.toFile()).path("exchanges")) {
        JsonNode body = exchange.path("response").path("body");
        if (exchange.path("response").path("status").asInt() == 200 && body.isArray()) {
          Mapping.Page page = MAPPING.map(tracker, stream, body);
          assertThat(page.rejected()).as("%s", file).isEmpty();
          assertThat(page.seen()).isEqualTo(body.size());
          records += page.count();
        }
      }
    }
    assertThat(records).isGreaterThanOrEqualTo(atLeast);
  }

  @Test
  @DisplayName("ISSUE-32 a confidential issue is dropped and counted unless the setting wants it")
  void confidentialIssueIsDropped() throws IOException {
    JsonNode raw =
        JSON.readTree(Path.of("routes/trackers/gitlab/samples/confidential.raw.json").toFile());
    Mapping standard =
        new Mapping(
            Path.of("routes/trackers"),
            new IssueSchema(Path.of("routes/pipeline/issue.schema.json")),
            tracker -> JSON.createObjectNode().put("confidential", "false"));
    Mapping.Page page = standard.map("gitlab", "issues", JSON.createArrayNode().add(raw));
    assertThat(page.count()).isZero();
    assertThat(page.ignored()).contains("confidential").doesNotContain("Basket");
  }

  @Test
  @DisplayName(
      "CORE-8 a map that loses a record without counting it is an error, not a shorter page")
  void mapThatLosesARecordIsAnError() throws IOException {
    Path trackers = Files.createTempDirectory("trackers");
    Files.createDirectories(trackers.resolve("lossy"));
    Files.writeString(
        trackers.resolve("lossy/lossy-map.jq"), "{ records: [], rejected: [], ignored: [] }");
    Mapping lossy =
        new Mapping(
            trackers,
            new IssueSchema(Path.of("routes/pipeline/issue.schema.json")),
            tracker -> JSON.createObjectNode());
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> lossy.map("lossy", "issues", JSON.readTree("[{\"id\":1}]")))
        .hasMessageContaining("lossy-map.jq")
        .hasMessageContaining("accounts for 0");
  }
}

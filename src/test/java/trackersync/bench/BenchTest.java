package trackersync.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Language;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** What bench says is about the same rows on every side; how fast it is, no test says. */
class BenchTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @TempDir Path folder;

  @Test
  @DisplayName("CORE-14 bench stores the same rows by COPY, by the shell and by the product")
  void variantsStoreTheSameRowsAndTheReportHoldsThemAll() throws Exception {
    // a variant that stores other rows ends the run
    String out = bench("--issues=2000", "--repeat=1", "--warm=100", "--only=copy,shell,ours-1");

    assertThat(out)
        .contains("| tracker-sync | 1 | 0 |", "| COPY + merge", "| second sync, nothing changed |")
        .contains("| a second sync asks once a stream | 1.0 | yes |");
    JsonNode report = new ObjectMapper().readTree(saved(".json").toFile());
    assertThat(report.path("issues").asInt()).isEqualTo(2000);
    List<String> measured =
        StreamSupport.stream(report.path("figures").spliterator(), false)
            .peek(figure -> assertThat(figure.path("seconds").asDouble()).isPositive())
            .map(figure -> figure.path("variant").asText() + " " + figure.path("step").asText())
            .toList();
    assertThat(measured).contains("copy first", "ours-1 first", "ours-1 again", "ours-1 sweep");
    boolean shell = Measurement.shellMissing().isEmpty();
    assertThat(measured.contains("shell first")).isEqualTo(shell);
    assertThat(out.contains("skipped: no ")).isNotEqualTo(shell);
    assertThat(saved(".md")).hasContent(out);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).as("nothing but the report is left").hasSize(2);
    }
  }

  @Test
  @DisplayName("BUGSBY-1 bench asks for bugs idle and beside syncs, all of them answered")
  void bugsAreAskedForWhileReleasesAreSynced() throws Exception {
    // an answer without bugs ends the run
    String out = bench("--bugs=2000");

    assertThat(out).contains("| idle |", "limited to 10 pages a second", "| p99 of GET");
    JsonNode measured = new ObjectMapper().readTree(saved(".json").toFile()).path("latencies");
    assertThat(measured)
        .extracting(l -> l.path("state").asText())
        .containsExactly("idle", "limited", "idle", "unlimited", "idle");
    assertThat(measured).allSatisfy(l -> assertThat(l.path("requests").asInt()).isPositive());
  }

  /** What it prints on standard output, once it has ended well. */
  private String bench(String... options) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--out=" + folder);
    int code =
        new CommandLine(new BenchCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    assertThat(code).as(err.toString()).isZero();
    return out.toString();
  }

  private Path saved(String ending) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).findFirst().orElseThrow();
    }
  }

  @ParameterizedTest
  @EnumSource(Guarantee.class)
  @DisplayName("CORE-14 bench still finds in the routes what it takes away")
  void guaranteeIsTakenOutOfACopyOfTheRoutes(Guarantee guarantee) throws Exception {
    Path copy = folder.resolve("home");

    guarantee.write(Path.of(""), copy);

    assertThat(differing(copy) > 0).isEqualTo(guarantee != Guarantee.ALL);
    assertThat(unreadable(copy)).isEmpty();
  }

  /** Conditions of the copy that Camel would not take; a route with one does not start. */
  private static List<String> unreadable(Path copy) throws Exception {
    List<String> wrong = new ArrayList<>();
    try (DefaultCamelContext camel = new DefaultCamelContext();
        Stream<Path> files = Files.walk(copy.resolve("routes"))) {
      camel.start();
      Language simple = camel.resolveLanguage("simple");
      for (Path file : files.filter(f -> f.toString().endsWith(".camel.yaml")).toList()) {
        for (JsonNode choice : YAML.readTree(file.toFile()).findValues("when")) {
          for (JsonNode when : choice) {
            // a parameter of a template is text by then
            String condition = when.path("simple").asText().replaceAll("\\{\\{[^}]+}}", "x");
            try {
              simple.createPredicate(condition);
            } catch (RuntimeException e) {
              wrong.add(file.getFileName() + ": " + condition);
            }
          }
        }
      }
    }
    return wrong;
  }

  private static long differing(Path copy) throws Exception {
    try (Stream<Path> files = Files.walk(Path.of("routes"))) {
      return files.filter(Files::isRegularFile).filter(file -> !same(file, copy)).count();
    }
  }

  private static boolean same(Path file, Path copy) {
    try {
      return Files.mismatch(file, copy.resolve(file)) < 0;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("CORE-14 bench names what --only knows")
  void unknownPartIsRefused() {
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new BenchCommand())
            .setErr(new PrintWriter(err))
            .execute("--only=everything", "--out=" + folder);

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--only knows floors, download,");
  }
}

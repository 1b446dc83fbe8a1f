package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ApiFilesTest {
  private static final Path FOLDER = Path.of("routes/api");

  @Test
  void everyFileHoldsTheRouteOfItsName() throws IOException {
    for (Path file : files(".camel.yaml")) {
      String name = file.getFileName().toString().replace(".camel.yaml", "");
      String text = Files.readString(file);
      assertThat(text).startsWith("# API · ").contains("\n    id: " + name + "\n");
      assertThat(text).contains("# In   ").contains("# Out  ");
      if (!name.equals("rest")) {
        assertThat(text).contains("description: ");
      }
    }
  }

  @Test
  void everyOperationHasItsRoute() throws IOException {
    Set<String> routes =
        files(".camel.yaml").stream()
            .map(it -> it.getFileName().toString().replace(".camel.yaml", ""))
            .collect(Collectors.toSet());
    assertThat(routes)
        .containsAll(Contract.load().operations().stream().map(it -> it.id()).toList());
  }

  @Test
  @DisplayName("B-10 SQL takes what callers send as parameters only")
  void sqlHoldsNoExpression() throws IOException {
    for (Path file : files(".sql")) {
      assertThat(Files.readString(file)).as(file.toString()).doesNotContain("${", "{{");
    }
    for (Path file : files(".camel.yaml")) {
      // the one name that is looked up: Webhooks.open has found the folder's route before
      String text =
          Files.readString(file)
              .replaceFirst(
                  "toD:\\s+id: [a-z-]+\\s+description: .+\\s+uri: \"direct:\\$\\{variable\\.tracker}-webhook\"",
                  "");
      assertThat(text).as(file.toString()).doesNotContain("toD:", "CamelSqlQuery", "jdbc:");
    }
  }

  @Test
  void everyQueryIsUsed() throws IOException {
    Pattern reference = Pattern.compile("/api/([a-z-]+)\\.sql");
    Set<String> used = new TreeSet<>();
    for (Path file : files(".camel.yaml")) {
      Matcher matcher = reference.matcher(Files.readString(file));
      while (matcher.find()) {
        used.add(matcher.group(1) + ".sql");
      }
    }
    assertThat(files(".sql").stream().map(it -> it.getFileName().toString()))
        .containsExactlyInAnyOrderElementsOf(used);
  }

  @Test
  @DisplayName("an operation that says nothing about roles keeps the server from starting")
  void operationWithoutRolesIsRefused() {
    String contract = Contract.load().text();
    assertThatThrownBy(
            () -> Contract.parse(contract.replaceFirst("x-roles: \\[viewer\\]", "x-x: 1")))
        .hasMessageContaining("x-roles");
    assertThatThrownBy(
            () -> Contract.parse(contract.replaceFirst("x-roles: \\[viewer\\]", "x-roles: []")))
        .hasMessageContaining("x-roles");
    assertThatThrownBy(() -> Contract.parse(contract.replaceFirst("\\[viewer\\]", "[everybody]")))
        .hasMessageContaining("everybody");
    assertThatThrownBy(
            () -> Contract.parse(contract.replaceFirst("\\[viewer\\]", "[viewer, \"*\"]")))
        .hasMessageContaining("x-roles");
  }

  @Test
  void pathsThatCouldMatchTheSameAreRefused() {
    String contract =
        Contract.load()
            .text()
            .replace("  /api/quota:", "  /api/{anything}:")
            .replace(
                "x-roles: [viewer]\n      responses:\n        \"200\":\n          description: One",
                "x-roles: [viewer]\n      parameters: [{ name: anything, in: path, required: true,"
                    + " schema: { type: string } }]\n      responses:\n        \"200\":\n"
                    + "          description: One");
    assertThatThrownBy(() -> Contract.parse(contract)).hasMessageContaining("same path");
  }

  @Test
  void everyOperationDescribesItsErrors() {
    assertThat(Contract.load().api().getPaths().values())
        .allSatisfy(
            path ->
                assertThat(path.readOperations())
                    .allSatisfy(
                        operation -> {
                          assertThat(operation.getSummary()).isNotBlank();
                          assertThat(operation.getResponses().getDefault().getContent())
                              .containsKey(Problem.TYPE);
                        }));
  }

  private static List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(it -> it.toString().endsWith(ending)).sorted().toList();
    }
  }
}

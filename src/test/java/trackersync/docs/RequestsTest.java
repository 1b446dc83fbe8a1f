package trackersync.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RequestsTest {
  private static final Pattern REQUEST =
      Pattern.compile("(?m)^### ([a-z-]+).*\\n([A-Z]+) \\{\\{host}}([^?\\s]*)");

  @Test
  @DisplayName("BUGSBY-24 docs/requests.http has a request for every operation of the contract")
  void everyOperationHasARequest() throws IOException {
    Map<String, String> contract = new TreeMap<>();
    JsonNode openapi =
        new ObjectMapper(new YAMLFactory())
            .readTree(Path.of("src/main/resources/openapi.yaml").toFile());
    for (Map.Entry<String, JsonNode> path : openapi.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        if (method.getValue().has("operationId")) {
          contract.put(
              method.getValue().path("operationId").asText(),
              method.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
        }
      }
    }
    TreeSet<String> tried = new TreeSet<>();
    Matcher request = REQUEST.matcher(Files.readString(Path.of("docs/requests.http")));
    while (request.find()) {
      String id = request.group(1);
      assertThat(contract).as("docs/requests.http: no operation has that id").containsKey(id);
      String called = request.group(2) + " " + request.group(3);
      String template = contract.get(id).replaceAll("\\{[a-zA-Z_]+}", "[^/]+");
      assertThat(called).as("docs/requests.http: %s", id).matches(template);
      tried.add(id);
    }
    assertThat(tried)
        .as("docs/requests.http lacks an operation")
        .containsExactlyElementsOf(contract.keySet());
  }
}

package trackersync.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who owns a data folder, as in {@code data/run.json}.
 *
 * @param pid process id
 * @param command what it was started as: {@code run}, {@code demo}, {@code sync} …
 * @param startedAt start of the process, UTC
 * @param urls addresses for people and programs, by name: {@code api}, {@code docs}, {@code
 *     health}, {@code metrics}; empty while it is starting
 * @param ports by name: {@code http}, {@code management}, {@code postgres}
 */
public record Running(
    long pid,
    String command,
    Instant startedAt,
    Map<String, String> urls,
    Map<String, Integer> ports) {

  private static final ObjectMapper JSON = new ObjectMapper();

  public Running {
    urls = Map.copyOf(urls);
    ports = Map.copyOf(ports);
  }

  /** Base address of its API; empty while it is starting. */
  public Optional<String> api() {
    return Optional.ofNullable(urls.get("api"));
  }

  String json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("pid", pid).put("command", command).put("startedAt", startedAt.toString());
    ObjectNode addresses = node.putObject("urls");
    urls.forEach(addresses::put);
    ObjectNode numbers = node.putObject("ports");
    ports.forEach(numbers::put);
    return node.toPrettyString() + "\n";
  }

  /** Empty when the text is no such file. */
  static Optional<Running> parse(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      Map<String, String> urls = new LinkedHashMap<>();
      node.path("urls")
          .fields()
          .forEachRemaining(it -> urls.put(it.getKey(), it.getValue().asText()));
      Map<String, Integer> ports = new LinkedHashMap<>();
      node.path("ports")
          .fields()
          .forEachRemaining(it -> ports.put(it.getKey(), it.getValue().asInt()));
      return Optional.of(
          new Running(
              node.path("pid").asLong(),
              node.path("command").asText(),
              Instant.parse(node.path("startedAt").asText()),
              urls,
              ports));
    } catch (JsonProcessingException | RuntimeException unreadable) {
      return Optional.empty();
    }
  }
}

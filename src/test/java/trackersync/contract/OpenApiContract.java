package trackersync.contract;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.LevelResolver;
import com.atlassian.oai.validator.report.ValidationReport;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import trackersync.toy.Seen;

/**
 * A vendor's OpenAPI document as judge over an exchange, ours or a toy's. Documents are read from
 * the shared folder beside the project ({@code -Dshared.dir} names another place). Fields a
 * document does not know are let pass: vendors add them at any time.
 */
public abstract class OpenApiContract {
  static final ObjectMapper JSON = new ObjectMapper();

  /** A request as it was sent; header names in any case. */
  public record Asked(String method, URI url, Map<String, List<String>> headers) {}

  /** An answer as it came; header names in any case. */
  public record Answered(int status, Map<String, List<String>> headers, byte[] body) {}

  /** The folder with specifications and samples; empty where it is not there. */
  public static Optional<Path> shared() {
    Path folder = Path.of(System.getProperty("shared.dir", "../shared"));
    return Files.isDirectory(folder) ? Optional.of(folder) : Optional.empty();
  }

  /**
   * Everything that is wrong with the recorded exchanges of a file in the shared folder: a judge
   * that finds something there is wrong itself.
   *
   * @param envelope how a recorded body becomes an answer's; the same where nothing was lost
   */
  public final List<String> violations(String sample, UnaryOperator<JsonNode> envelope)
      throws IOException {
    Path file = shared().orElseThrow().resolve("samples").resolve(sample);
    List<String> found = new ArrayList<>();
    for (JsonNode exchange : JSON.readTree(file.toFile()).path("exchanges")) {
      URI url = URI.create(exchange.at("/request/url").asText().replaceAll("[{}]", ""));
      JsonNode body = envelope.apply(exchange.at("/response/body"));
      Map<String, List<String>> headers = Map.of("content-type", List.of("application/json"));
      found.addAll(
          violations(
              new Asked("GET", url, Map.of()),
              new Answered(
                  exchange.at("/response/status").asInt(),
                  headers,
                  body.toString().getBytes(StandardCharsets.UTF_8))));
    }
    return found;
  }

  /** Reads a document and makes a judge of it; empty where the shared folder is not there. */
  static <T> Optional<T> read(String spec, Function<JsonNode, T> judge) {
    Optional<Path> file = shared().map(s -> s.resolve(spec)).filter(Files::exists);
    return file.map(
        path -> {
          try {
            return judge.apply(JSON.readTree(path.toFile()));
          } catch (IOException e) {
            throw new IllegalStateException("cannot read " + path, e);
          }
        });
  }

  static OpenApiInteractionValidator validator(JsonNode document) {
    return OpenApiInteractionValidator.createForInlineApiSpecification(document.toString())
        .withLevelResolver(
            LevelResolver.create()
                .withLevel("validation.schema.additionalProperties", ValidationReport.Level.IGNORE)
                .build())
        .build();
  }

  /** Everything that is wrong with a request; empty when it is sound. */
  public abstract List<String> violations(Asked asked);

  /** Everything that is wrong with an answer; empty when it is sound. */
  public abstract List<String> violations(Asked asked, Answered answered);

  /** Everything that is wrong with a request that a toy has seen; empty when it is sound. */
  public final List<String> violations(Seen seen) {
    String query = seen.query().isEmpty() ? "" : "?" + seen.query();
    Map<String, List<String>> headers = new TreeMap<>();
    seen.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    return violations(
        new Asked(seen.method(), URI.create("http://toy.example" + seen.path() + query), headers));
  }

  static Request request(Asked asked, String path, Map<String, String> parameters) {
    SimpleRequest.Builder request = new SimpleRequest.Builder(asked.method(), path);
    parameters.forEach(request::withQueryParam);
    ignoringCase(asked.headers()).forEach(request::withHeader);
    return request.build();
  }

  static SimpleResponse response(int status, Map<String, List<String>> headers, byte[] body) {
    SimpleResponse.Builder response = SimpleResponse.Builder.status(status);
    ignoringCase(headers).forEach(response::withHeader);
    return response.withBody(body).build();
  }

  static Map<String, String> parameters(URI url) {
    Map<String, String> parameters = new TreeMap<>();
    String query = url.getRawQuery();
    for (String pair : query == null ? new String[0] : query.split("&")) {
      String[] parts = pair.split("=", 2);
      parameters.put(decode(parts[0]), decode(parts.length == 2 ? parts[1] : ""));
    }
    return parameters;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  static Map<String, List<String>> ignoringCase(Map<String, List<String>> headers) {
    Map<String, List<String>> lower = new TreeMap<>();
    headers.forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), values));
    return lower;
  }

  static List<String> words(ValidationReport report) {
    return new ArrayList<>(
        report.getMessages().stream()
            .filter(m -> m.getLevel() == ValidationReport.Level.ERROR)
            .map(m -> m.getKey() + ": " + m.getMessage())
            .toList());
  }

  /** The same JSON without those fields of the given names that are null, at any depth. */
  static JsonNode withoutNulls(JsonNode json, Set<String> names) {
    JsonNode copy = json.deepCopy();
    drop(copy, names);
    return copy;
  }

  private static void drop(JsonNode json, Set<String> names) {
    if (json instanceof ObjectNode object) {
      names.stream().filter(n -> object.path(n).isNull()).toList().forEach(object::remove);
    }
    json.forEach(child -> drop(child, names));
  }
}

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
import trackersync.toy.Seen;

/**
 * GitHub's own OpenAPI document as judge over an exchange, ours or the toy's. The document is read
 * once a JVM, from the shared folder beside the project ({@code -Dshared.dir} names another place).
 *
 * <p>Four things the document leaves out are added here: answers under {@code /repositories/ID} are
 * judged as those under {@code /repos/OWNER/REPO}; the prefix {@code /api/v3} is dropped; statuses
 * it does not list for a path (304, 401, 403, 410, 429) are judged by a path that lists them; and
 * requests need what the manual demands: a User-Agent, a supported version, per_page 1 to 100.
 */
public final class GithubContract {
  private static final String SPEC = "specs/github/api.github.com.trimmed.json";
  private static final Set<String> VERSIONS = Set.of("2022-11-28", "2026-03-10");
  private static GithubContract loaded;

  private final OpenApiInteractionValidator validator;

  private GithubContract(String spec) {
    validator =
        OpenApiInteractionValidator.createForInlineApiSpecification(spec)
            .withLevelResolver(
                LevelResolver.create()
                    .withLevel(
                        "validation.schema.additionalProperties", ValidationReport.Level.IGNORE)
                    .build())
            .build();
  }

  /** The folder with specifications and samples; empty where it is not there. */
  public static Optional<Path> shared() {
    Path folder = Path.of(System.getProperty("shared.dir", "../shared"));
    return Files.isDirectory(folder) ? Optional.of(folder) : Optional.empty();
  }

  /** The judge; empty where the shared folder is not there. */
  public static synchronized Optional<GithubContract> load() {
    if (loaded == null) {
      Optional<Path> spec = shared().map(s -> s.resolve(SPEC)).filter(Files::exists);
      if (spec.isEmpty()) {
        return Optional.empty();
      }
      try {
        loaded = new GithubContract(withoutDiscriminator(Files.readString(spec.get())));
      } catch (IOException e) {
        throw new IllegalStateException("cannot read " + spec.get(), e);
      }
    }
    return Optional.of(loaded);
  }

  /** The user's discriminator names an optional property, which the validator refuses to read. */
  private static String withoutDiscriminator(String spec) throws IOException {
    JsonNode document = new ObjectMapper().readTree(spec);
    JsonNode user = document.at("/paths/~1user/get/responses/200/content/application~1json/schema");
    if (user instanceof ObjectNode schema) {
      schema.remove("discriminator");
    }
    return document.toString();
  }

  /** A request as it was sent; header names in any case. */
  public record Asked(String method, URI url, Map<String, List<String>> headers) {}

  /** An answer as it came; header names in any case. */
  public record Answered(int status, Map<String, List<String>> headers, byte[] body) {}

  /** Everything that is wrong with a request that a toy has seen; empty when it is sound. */
  public List<String> violations(Seen seen) {
    String query = seen.query().isEmpty() ? "" : "?" + seen.query();
    Map<String, List<String>> headers = new TreeMap<>();
    seen.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    return violations(
        new Asked(seen.method(), URI.create("http://toy.example" + seen.path() + query), headers));
  }

  /** Everything that is wrong with a request; empty when it is sound. */
  public List<String> violations(Asked asked) {
    List<String> found = words(validator.validateRequest(request(asked, path(asked.url()))));
    Map<String, List<String>> headers = ignoringCase(asked.headers());
    if (headers.getOrDefault("user-agent", List.of("")).get(0).isBlank()) {
      found.add("the User-Agent header is missing");
    }
    String version = headers.getOrDefault("x-github-api-version", List.of("2022-11-28")).get(0);
    if (!VERSIONS.contains(version)) {
      found.add("version " + version + " is not supported");
    }
    String perPage = parameters(asked.url()).getOrDefault("per_page", "30");
    if (!perPage.matches("[1-9]\\d?|100")) {
      found.add("per_page is " + perPage + ", must be 1 to 100");
    }
    return found;
  }

  /** Everything that is wrong with an answer; empty when it is sound. */
  public List<String> violations(Asked asked, Answered answered) {
    Map<String, List<String>> headers = ignoringCase(answered.headers());
    List<String> found = new ArrayList<>();
    if (answered.status() == 304) {
      if (answered.body().length > 0) {
        found.add("304 with a body of " + answered.body().length + " bytes");
      }
      return found;
    }
    SimpleResponse.Builder response = SimpleResponse.Builder.status(documented(answered.status()));
    headers.forEach(response::withHeader);
    response.withBody(answered.body());
    return words(
        validator.validateResponse(
            judgedAs(path(asked.url()), answered.status()), Request.Method.GET, response.build()));
  }

  private static int documented(int status) {
    return status == 429 || status == 451 ? 403 : status;
  }

  /** A path of the document that lists the status. */
  private static String judgedAs(String path, int status) {
    boolean list = path.matches("/repos/[^/]+/[^/]+/issues");
    return switch (status) {
      case 401, 403, 429, 451 -> "/user";
      case 410 -> list ? path + "/1" : path;
      case 404 -> path.startsWith("/repos/") ? path : "/repos/owner/repo";
      case 400, 500, 502, 503, 504 -> "/user";
      default -> path;
    };
  }

  private static String path(URI url) {
    return url.getRawPath()
        .replaceFirst("^/api/v3(?=/)", "")
        .replaceFirst("^/repositories/\\d+", "/repos/owner/repo");
  }

  private static Request request(Asked asked, String path) {
    SimpleRequest.Builder request = new SimpleRequest.Builder(asked.method(), path);
    parameters(asked.url()).forEach(request::withQueryParam);
    ignoringCase(asked.headers()).forEach(request::withHeader);
    return request.build();
  }

  private static Map<String, String> parameters(URI url) {
    Map<String, String> parameters = new TreeMap<>();
    String query = url.getRawQuery();
    for (String pair : query == null ? new String[0] : query.split("&")) {
      String[] parts = pair.split("=", 2);
      parameters.put(
          parts[0], URLDecoder.decode(parts.length == 2 ? parts[1] : "", StandardCharsets.UTF_8));
    }
    return parameters;
  }

  private static Map<String, List<String>> ignoringCase(Map<String, List<String>> headers) {
    Map<String, List<String>> lower = new TreeMap<>();
    headers.forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), values));
    return lower;
  }

  private static List<String> words(ValidationReport report) {
    return new ArrayList<>(
        report.getMessages().stream()
            .filter(m -> m.getLevel() == ValidationReport.Level.ERROR)
            .map(m -> m.getKey() + ": " + m.getMessage())
            .toList());
  }
}

package trackersync.contract;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * GitHub's own OpenAPI document as judge over an exchange, ours or the toy's.
 *
 * <p>Four things the document leaves out are added here: answers under {@code /repositories/ID} are
 * judged as those under {@code /repos/OWNER/REPO}; the prefix {@code /api/v3} is dropped; statuses
 * it does not list for a path (304, 401, 403, 410, 429) are judged by a path that lists them; and
 * requests need what the manual demands: a User-Agent, a supported version, per_page 1 to 100.
 */
public final class GithubContract extends OpenApiContract {
  private static final String SPEC = "specs/github/api.github.com.trimmed.json";
  private static final Set<String> VERSIONS = Set.of("2022-11-28", "2026-03-10");
  private static GithubContract loaded;

  private final OpenApiInteractionValidator validator;

  private GithubContract(JsonNode document) {
    // The user's discriminator names an optional property, which the validator refuses to read
    JsonNode user = document.at("/paths/~1user/get/responses/200/content/application~1json/schema");
    if (user instanceof ObjectNode schema) {
      schema.remove("discriminator");
    }
    validator = validator(document);
  }

  /** The judge; empty where the shared folder is not there. */
  public static synchronized Optional<GithubContract> load() {
    if (loaded == null) {
      loaded = read(SPEC, GithubContract::new).orElse(null);
    }
    return Optional.ofNullable(loaded);
  }

  @Override
  public List<String> violations(Asked asked) {
    String path = path(asked.url());
    List<String> found =
        words(validator.validateRequest(request(asked, path, parameters(asked.url()))));
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
    if (path.endsWith("/dependabot/alerts") && parameters(asked.url()).containsKey("page")) {
      found.add("alerts are paged by cursor, not by page");
    }
    return found;
  }

  @Override
  public List<String> violations(Asked asked, Answered answered) {
    List<String> found = new ArrayList<>();
    if (answered.status() == 304) {
      if (answered.body().length > 0) {
        found.add("304 with a body of " + answered.body().length + " bytes");
      }
      return found;
    }
    return words(
        validator.validateResponse(
            judgedAs(path(asked.url()), answered.status()),
            Request.Method.GET,
            response(documented(answered.status()), answered.headers(), answered.body())));
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
      case 400 -> path.endsWith("/dependabot/alerts") ? path : "/user";
      case 500, 502, 503, 504 -> "/user";
      default -> path;
    };
  }

  private static String path(URI url) {
    return url.getRawPath()
        .replaceFirst("^/api/v3(?=/)", "")
        .replaceFirst("^/repositories/\\d+", "/repos/owner/repo");
  }
}

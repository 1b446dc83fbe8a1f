package trackersync.contract;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Bitbucket Cloud's Swagger document of 2024, when there were issues, as judge over an exchange,
 * ours or the toy's.
 *
 * <p>What it leaves out, or says in a way the validator cannot read:
 *
 * <ul>
 *   <li>Swagger 2.0 has no null: the fields named in {@link #NULLS} are taken out where they are
 *       null, any other null is an error;
 *   <li>{@code discriminator} points at types that are not defined ({@code user}, {@code team}):
 *       left out;
 *   <li>{@code additionalProperties} is false where recorded answers have more ({@code type} in an
 *       issue's {@code content}): left out, as unknown fields are let pass anyhow;
 *   <li>a repository's {@code clone} links are typed as URIs, which the one for SSH is not: left
 *       out;
 *   <li>{@code q}, {@code sort}, {@code page}, {@code pagelen} are described in its chapters, not
 *       at the operation: judged by hand;
 *   <li>it requires next to nothing: an issue here needs what every recorded one has, a page needs
 *       {@code values};
 *   <li>statuses it does not list for a path (400, 401, 410, 429) are judged as a 404, which has
 *       the form of all errors.
 * </ul>
 */
public final class BitbucketContract extends OpenApiContract {
  private static final String SPEC = "specs/bitbucket/bitbucket-cloud-swagger.trimmed.json";
  private static final String BASE = "/2.0";
  private static final Set<String> NULLS =
      Set.of(
          "assignee",
          "reporter",
          "milestone",
          "component",
          "version",
          "edited_on",
          "raw",
          "website",
          "parent",
          "location",
          "has_2fa_enabled");
  private static final List<String> REQUIRED =
      List.of(
          "type",
          "id",
          "repository",
          "links",
          "title",
          "content",
          "reporter",
          "assignee",
          "created_on",
          "updated_on",
          "state",
          "kind",
          "priority");
  private static BitbucketContract loaded;

  private final OpenApiInteractionValidator validator;

  private BitbucketContract(JsonNode document) {
    for (String name : List.of("discriminator", "additionalProperties")) {
      document.findParents(name).forEach(schema -> ((ObjectNode) schema).remove(name));
    }
    document.findParents("clone").forEach(links -> ((ObjectNode) links).remove("clone"));
    validator = validator(document);
  }

  /** The judge; empty where the shared folder is not there. */
  public static synchronized Optional<BitbucketContract> load() {
    if (loaded == null) {
      loaded = read(SPEC, BitbucketContract::new).orElse(null);
    }
    return Optional.ofNullable(loaded);
  }

  @Override
  public List<String> violations(Asked asked) {
    Map<String, String> parameters = new TreeMap<>(parameters(asked.url()));
    List<String> found = new ArrayList<>();
    if (asked.url().getPath().endsWith("/issues")) {
      String pagelen = parameters.getOrDefault("pagelen", "10");
      if (!pagelen.matches("[1-9]\\d?|100")) {
        found.add("pagelen is " + pagelen + ", must be 1 to 100");
      }
      String sort = parameters.getOrDefault("sort", "created_on");
      if (!sort.matches("-?[a-z_.]+")) {
        found.add("sort is " + sort + ", must be one field");
      }
      Set.of("q", "sort", "page", "pagelen").forEach(parameters::remove);
    }
    String path = asked.url().getRawPath();
    Map<String, List<String>> headers = ignoringCase(asked.headers());
    String authorization = headers.getOrDefault("authorization", List.of("Bearer x")).get(0);
    if (!authorization.matches("(Basic|Bearer) .+")) {
      found.add("Authorization must be Basic or Bearer");
    }
    Map<String, List<String>> judged = new TreeMap<>(headers);
    // Bearer tokens are not in the document, and a toy's log holds no real ones
    judged.put("authorization", List.of("Basic dG95OnRveQ=="));
    Asked sent = new Asked(asked.method(), asked.url(), judged);
    found.addAll(words(validator.validateRequest(request(sent, path, parameters))));
    return found;
  }

  @Override
  public List<String> violations(Asked asked, Answered answered) {
    if (answered.status() == 304) {
      return answered.body().length == 0 ? List.of() : List.of("304 with a body");
    }
    if (answered.status() == 301) {
      return ignoringCase(answered.headers()).containsKey("location")
          ? List.of()
          : List.of("301 without Location");
    }
    JsonNode body;
    try {
      body = JSON.readTree(answered.body());
    } catch (IOException e) {
      return List.of("the body is not JSON: " + e.getMessage());
    }
    List<String> found = new ArrayList<>();
    boolean good = answered.status() == 200;
    String path = asked.url().getRawPath();
    if (good && path.endsWith("/issues")) {
      if (!body.has("values")) {
        found.add("a page has no values");
      }
      body.path("values").forEach(issue -> found.addAll(missing(issue)));
    } else if (good && path.contains("/issues/")) {
      found.addAll(missing(body));
    }
    byte[] bytes = withoutNulls(body, NULLS).toString().getBytes(StandardCharsets.UTF_8);
    found.addAll(
        words(
            validator.validateResponse(
                good ? path : BASE + "/repositories/workspace/repo/issues",
                Request.Method.GET,
                response(good ? 200 : 404, answered.headers(), bytes))));
    return found;
  }

  private static List<String> missing(JsonNode issue) {
    return REQUIRED.stream()
        .filter(name -> !issue.has(name))
        .map(name -> "an issue has no " + name)
        .toList();
  }
}

package trackersync.contract;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * GitLab's OpenAPI document as judge over an exchange, ours or the toy's.
 *
 * <p>The document is wrong in places that recorded answers show; these are put right before it
 * judges, or left out:
 *
 * <ul>
 *   <li>a list's answer is typed as one object: each of its records is judged as the single issue;
 *   <li>counts, levels, flags and ids are typed as texts, {@code assignees} as one object, ids as
 *       32 bits: typed anew here;
 *   <li>it has no null: the fields named in {@link #NULLS} are taken out where they are null, any
 *       other null is an error;
 *   <li>nothing is required: an issue here needs what every recorded one has;
 *   <li>{@code pagination} and {@code iids[]} are not in it: left out of the request that is
 *       judged;
 *   <li>labels with details are objects, of which it knows nothing: left out;
 *   <li>errors and {@code /user} are not described: an error is a {@code message} or {@code error}
 *       in JSON, or a text with 301 and 429; the user is judged as the author of an issue is.
 * </ul>
 *
 * <p>The vendor's document has no findings: these are judged by a supplement that was written by
 * hand from the vendor's manual.
 */
public final class GitlabContract extends OpenApiContract {
  private static final String SPEC = "specs/gitlab/gitlab-openapi3.trimmed.json";
  private static final String SUPPLEMENT =
      "specs/gitlab/supplement-vulnerabilities-notes.HANDWRITTEN.json";
  private static final Set<String> NULLS =
      Set.of(
          "description",
          "closed_at",
          "closed_by",
          "milestone",
          "assignee",
          "start_date",
          "due_date",
          "discussion_locked",
          "weight",
          "moved_to_id",
          "service_desk_reply_to",
          "human_time_estimate",
          "human_total_time_spent",
          "closed_as_duplicate_of",
          "avatar_url",
          "parent_id",
          "group_access");
  private static final List<String> REQUIRED =
      List.of(
          "id",
          "iid",
          "project_id",
          "title",
          "description",
          "state",
          "created_at",
          "updated_at",
          "closed_at",
          "labels",
          "milestone",
          "assignees",
          "author",
          "confidential",
          "issue_type",
          "web_url",
          "references");
  private static GitlabContract loaded;

  private final OpenApiInteractionValidator validator;
  private final OpenApiInteractionValidator findings;

  private GitlabContract(JsonNode document, JsonNode supplement) {
    correct(document);
    validator = validator(document);
    findings = validator(supplement);
  }

  /** The judge; empty where the shared folder is not there. */
  public static synchronized Optional<GitlabContract> load() {
    if (loaded == null) {
      loaded =
          read(SPEC, document -> document)
              .flatMap(
                  document ->
                      read(SUPPLEMENT, supplement -> new GitlabContract(document, supplement)))
              .orElse(null);
    }
    return Optional.ofNullable(loaded);
  }

  private static void correct(JsonNode document) {
    document.findParents("format").stream()
        .filter(schema -> schema.path("format").asText().equals("int32"))
        .forEach(schema -> ((ObjectNode) schema).remove("format"));
    JsonNode schemas = document.at("/components/schemas");
    ObjectNode issue = (ObjectNode) schemas.at("/API_Entities_Issue/properties");
    for (String name :
        List.of(
            "user_notes_count",
            "merge_requests_count",
            "upvotes",
            "downvotes",
            "weight",
            "blocking_issues_count",
            "moved_to_id")) {
      issue.putObject(name).put("type", "integer");
    }
    issue.putObject("has_tasks").put("type", "boolean");
    issue.putObject("imported").put("type", "boolean");
    issue.putObject("task_completion_status").put("type", "object");
    JsonNode user = issue.get("assignees");
    issue.putObject("assignees").put("type", "array").set("items", user);
    ObjectNode milestone = (ObjectNode) schemas.at("/API_Entities_Milestone/properties");
    for (String name : List.of("id", "iid", "project_id", "group_id")) {
      milestone.putObject(name).put("type", "integer");
    }
    milestone.putObject("expired").put("type", "boolean");
    for (String name : List.of("access_level", "notification_level")) {
      schemas.findParents(name).stream()
          .filter(properties -> properties.path(name).has("type"))
          .forEach(properties -> ((ObjectNode) properties).putObject(name).put("type", "integer"));
    }
  }

  @Override
  public List<String> violations(Asked asked) {
    Map<String, String> parameters = new TreeMap<>(parameters(asked.url()));
    List<String> found = new ArrayList<>();
    String pagination = parameters.remove("pagination");
    if (pagination != null && !pagination.equals("keyset")) {
      found.add("pagination is " + pagination + ", must be keyset");
    }
    if (pagination != null
        && !(parameters.containsKey("order_by") && parameters.containsKey("sort"))) {
      found.add("a keyset needs order_by and sort");
    }
    parameters.remove("iids[]");
    String perPage = parameters.getOrDefault("per_page", "20");
    if (!perPage.matches("[1-9]\\d?|100")) {
      found.add("per_page is " + perPage + ", must be 1 to 100");
    }
    for (String name : List.of("updated_after", "updated_before", "created_after")) {
      String time = parameters.getOrDefault(name, "2020-01-01");
      if (!time.matches("\\d{4}-\\d\\d-\\d\\d(T[0-9:.]+(Z|[+-]\\d\\d:?\\d\\d))?")) {
        found.add(name + " is " + time + ", must be ISO 8601 with + as %2B");
      }
    }
    if (asked.url().getRawPath().matches(".*/projects/[^/]+/(?!issues|vulnerab).*")) {
      found.add("the slashes of a project's path must be %2F");
    }
    String path = path(asked.url());
    if (path.equals("/api/v4/user")) {
      return found; // not in the document
    }
    found.addAll(words(judge(path).validateRequest(request(asked, path, parameters))));
    return found;
  }

  @Override
  public List<String> violations(Asked asked, Answered answered) {
    int status = answered.status();
    String path = path(asked.url());
    String type = ignoringCase(answered.headers()).getOrDefault("content-type", List.of("")).get(0);
    if (status == 304) {
      return answered.body().length == 0 ? List.of() : List.of("304 with a body");
    }
    if (status == 301 || (status == 429 && type.startsWith("text/plain"))) {
      return type.startsWith("text/plain") && answered.body().length > 0
          ? List.of()
          : List.of(status + " must be a text, but is " + type);
    }
    JsonNode body;
    try {
      body = JSON.readTree(answered.body());
    } catch (IOException e) {
      return List.of("the body is not JSON: " + e.getMessage());
    }
    if (status != 200) {
      return body.has("message") || body.has("error")
          ? List.of()
          : List.of(status + " has neither message nor error");
    }
    if (path.endsWith("/vulnerability_findings")) {
      return whole(findings, path, answered, body);
    }
    List<String> found = new ArrayList<>();
    if (path.endsWith("/issues")) {
      if (!body.isArray()) {
        return List.of("a list must be an array");
      }
      body.forEach(issue -> found.addAll(issue(path + "/1", answered, issue)));
      return found;
    }
    if (path.endsWith("/issues/1")) {
      return issue(path, answered, body);
    }
    if (path.equals("/api/v4/user")) {
      ObjectNode issue = JSON.createObjectNode();
      issue.set("author", body);
      return whole(validator, "/api/v4/projects/1/issues/1", answered, issue);
    }
    return whole(validator, path, answered, withoutNulls(body, NULLS));
  }

  private List<String> issue(String path, Answered answered, JsonNode issue) {
    List<String> found = new ArrayList<>();
    for (String name : REQUIRED) {
      if (!issue.has(name)) {
        found.add("an issue has no " + name);
      }
    }
    JsonNode judged = withoutNulls(issue, NULLS);
    if (judged.at("/labels/0").isObject()) {
      ((ObjectNode) judged).remove("labels");
    }
    found.addAll(whole(validator, path, answered, judged));
    return found;
  }

  private static List<String> whole(
      OpenApiInteractionValidator judge, String path, Answered answered, JsonNode body) {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    return words(
        judge.validateResponse(
            path, Request.Method.GET, response(answered.status(), answered.headers(), bytes)));
  }

  private OpenApiInteractionValidator judge(String path) {
    return path.endsWith("/vulnerability_findings") ? findings : validator;
  }

  /** The path with numbers in place of names. */
  private static String path(URI url) {
    return url.getRawPath()
        .replaceFirst("/projects/[^/]+", "/projects/1")
        .replaceFirst("/issues/\\d+$", "/issues/1");
  }
}

package trackersync.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import trackersync.fetch.SourceException;
import trackersync.map.Mapping;
import trackersync.settings.Settings;

/**
 * For YAML: syncs of a release and of one bug, and the direct queries, in the words of bugsby-sync.
 * A release is a connection whose settings name it.
 */
public final class BugsbySync {
  private static final String TRACKER = "bugsby";
  private static final String RELEASE = "release";
  private static final String BUG = "bugsby_id";
  private static final int NAME_MAX = 40;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Settings settings;

  BugsbySync(Settings settings) {
    this.settings = settings;
  }

  /** In: the request's map. Sets request, and tracking: what track-release takes. */
  public void release(Exchange exchange) {
    Map<String, Object> request = request(exchange);
    exchange.setVariable("request", request);
    String schedule = settings.find("bugsby.schedule").orElse(null);
    exchange.setVariable("tracking", tracking(request, (String) request.get(RELEASE), schedule));
  }

  private Map<String, Object> tracking(
      Map<String, Object> request, String release, String schedule) {
    Map<String, Object> tracking = new HashMap<>();
    tracking.put(RELEASE, release);
    tracking.put("url", base() + "/releases/" + encoded(release));
    tracking.put("base", TRACKER + "-" + slug(release));
    tracking.put("schedule", schedule);
    tracking.put(ApiRequest.CALLER, request.get(ApiRequest.CALLER));
    return tracking;
  }

  private String base() {
    String url = settings.all().getOrDefault("tracker.bugsby.url", "");
    if (url.isBlank()) {
      throw new ApiException(
          503, "there is no Bugsby here", Map.of("cure", "Set tracker.bugsby.url."));
    }
    return url.replaceAll("/+$", "");
  }

  private static String slug(String release) {
    String words =
        release.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    String cut = words.length() > NAME_MAX ? words.substring(0, NAME_MAX) : words;
    return cut.isEmpty() ? RELEASE : cut.replaceAll("-+$", "");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** In: the connection's id. Out: the request as one on a connection, in variable request too. */
  public void asked(Exchange exchange) {
    @SuppressWarnings("unchecked")
    Map<String, Object> request = new HashMap<>(exchange.getVariable("request", Map.class));
    request.put("id", exchange.getMessage().getBody().toString());
    request.put("syncType", "Full");
    // all bugs of the release, whatever their state
    request.put("includeClosed", true);
    request.put("confirm", List.of("includeClosed"));
    request.put("fromStart", false);
    exchange.setVariable("request", request);
    exchange.getMessage().setBody(request);
  }

  /** In: the operation's row, over or not. Out: 200 or 202 with the counts, or what went wrong. */
  public void answerRelease(Exchange exchange) {
    Map<String, Object> row = row(exchange);
    refuseFailed(row);
    JsonNode results = json(row.get("results").toString());
    long created = results.path("created").asLong();
    long updated = results.path("updated").asLong();
    long skipped = results.path("skipped").asLong();
    long failed = results.path("failed").asLong();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("total_fetched", created + updated + skipped + failed);
    answer.put("new_bugs", created);
    answer.put("updated_bugs", updated);
    answer.put("unchanged_bugs", skipped);
    answer.put("failed_bugs", failed);
    answer(exchange, row, answer);
  }

  /** With what names the operation, and the status that says whether it is over. */
  private static void answer(
      Exchange exchange, Map<String, Object> row, Map<String, Object> answer) {
    String id = row.get("id").toString();
    answer.put("operation", id);
    answer.put("operation_status", row.get("status"));
    exchange.getMessage().setHeader("Location", "/api/operations/" + id);
    Answers.json(exchange, isOver(row) ? 200 : 202, answer);
  }

  /** Names of Java's classes are for the log and the operation. */
  private static String words(Object error) {
    return String.valueOf(error).replaceAll(" \\([A-Za-z]+Exception\\)", "");
  }

  private static boolean isOver(Map<String, Object> row) {
    return row.get("completedAt") != null;
  }

  private static void refuseFailed(Map<String, Object> row) {
    if (!"Failed".equals(row.get("status"))) {
      return;
    }
    Map<String, Object> members = new HashMap<>();
    members.put("operation", row.get("id").toString());
    if (row.get("cure") != null) {
      members.put("cure", row.get("cure"));
    }
    boolean cancelled = row.get("cancelledBy") != null;
    throw new ApiException(cancelled ? 409 : 502, words(row.get("error")), members);
  }

  /** In: the request's map of one bug. Sets request, recordRef and requestedBy. */
  public void bug(Exchange exchange) {
    Map<String, Object> request = request(exchange);
    base();
    exchange.setVariable("request", request);
    exchange.setVariable("recordRef", request.get(BUG));
    exchange.setVariable("requestedBy", request.get(ApiRequest.CALLER));
  }

  /** In: unified issues as JSON, or whatever where the request names the release. Sets tracking. */
  public void place(Exchange exchange) {
    @SuppressWarnings("unchecked")
    Map<String, Object> request = exchange.getVariable("request", Map.class);
    String release = (String) request.get(RELEASE);
    if (release == null) {
      JsonNode records = json(new String(bytes(exchange), StandardCharsets.UTF_8));
      refuseUnread(exchange, request, records);
      release = records.path(0).at("/custom_fields/bugsby/release").asText("");
      if (release.isBlank()) {
        throw new ApiException(
            409,
            "Bugsby names no release of bug " + request.get(BUG),
            Map.of("cure", "Say which: {\"release\": …}."));
      }
    }
    // one bug is no reason to read its release again and again
    exchange.setVariable("tracking", tracking(request, release, null));
  }

  private static byte[] bytes(Exchange exchange) {
    return exchange.getMessage().getBody(byte[].class);
  }

  private static void refuseUnread(Exchange exchange, Map<?, ?> request, JsonNode records) {
    if (!records.isEmpty()) {
      return;
    }
    Mapping.Page page = exchange.getVariable("mapped", Mapping.Page.class);
    if (page == null || page.rejected().isEmpty()) {
      throw unknown(request);
    }
    throw new ApiException(
        409,
        "bug " + request.get(BUG) + " cannot be read: " + page.rejected().get(0).reason(),
        Map.of("cure", "Say which release it is of, to have it noted: {\"release\": …}."));
  }

  private static ApiException unknown(Map<?, ?> request) {
    return new ApiException(404, "Bugsby has no bug " + request.get(BUG));
  }

  /** In: the connection's id. Sets connectionId. */
  public void chosen(Exchange exchange) {
    exchange.setVariable("connectionId", exchange.getMessage().getBody().toString());
  }

  /** In: what record-start says. Sets operationId. */
  public void started(Exchange exchange) {
    Object id = row(exchange).get("id");
    if (id == null) {
      throw new ApiException(
          409, "the release was untracked a moment ago", Map.of("cure", "Try again."));
    }
    exchange.setVariable("operationId", id.toString());
  }

  /**
   * In: the operation's row, over or not. Sets ended; refuses a failed one, and a bug not there.
   */
  public void ended(Exchange exchange) {
    Map<String, Object> row = row(exchange);
    refuseFailed(row);
    if (isOver(row) && json(row.get("results").toString()).path("unavailable").size() > 0) {
      throw unknown(exchange.getVariable("request", Map.class));
    }
    exchange.setVariable("ended", row);
  }

  /** In: the bug's row, or nothing. Out: 200 and the bug, 202 while it is under way. */
  public void answerBug(Exchange exchange) {
    Map<String, Object> bug = row(exchange);
    @SuppressWarnings("unchecked")
    Map<String, Object> operation = exchange.getVariable("ended", Map.class);
    Map<String, Object> answer = new LinkedHashMap<>();
    if (!isOver(operation)) {
      answer.put(BUG, exchange.getVariable("recordRef"));
      answer(exchange, operation, answer);
      return;
    }
    if (bug == null) {
      throw unknown(exchange.getVariable("request", Map.class));
    }
    for (String name : List.of("id", BUG, "title", "status", "sync_status")) {
      answer.put(name, bug.get(name) == null ? null : bug.get(name).toString());
    }
    Answers.json(exchange, 200, answer);
  }

  /** In: variable request. Sets what the routes of Bugsby's folder read, without a connection. */
  public void open(Exchange exchange) {
    Map<?, ?> request = exchange.getVariable("request", Map.class);
    boolean one = request.get(BUG) != null;
    String release = one ? "any" : (String) request.get(RELEASE);
    Object filter = one ? null : request.get("status");
    Map<String, Object> variables = new HashMap<>();
    variables.put("tracker", TRACKER);
    variables.put("connectionName", TRACKER);
    variables.put("url", base() + "/releases/" + encoded(release));
    variables.put("ownApiUrl", null);
    variables.put("ownSettings", Map.of(RELEASE, encoded(release)));
    variables.put("movedTo", null);
    variables.put("token", "");
    variables.put("stream", "issues");
    variables.put("mode", one ? "record" : "full");
    variables.put("recordRef", request.get(BUG));
    variables.put("sourceFilter", filter == null ? null : encoded(filter.toString()));
    variables.put("since", "1970-01-01T00:00:00Z");
    variables.put("nextPage", one ? null : page(request.get("cursor")));
    variables.put("savedEtag", null);
    variables.put("savedEtagUrl", null);
    variables.forEach(exchange::setVariable);
  }

  private static String page(Object cursor) {
    try {
      return cursor == null
          ? null
          : new String(Base64.getUrlDecoder().decode(cursor.toString()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid("cursor", "is not a nextCursor of this list");
    }
  }

  /** The caught exception as an answer: what the source said, and what helps. */
  public void lost(Exchange exchange) throws Exception {
    Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    for (Throwable at = caught; at != null; at = at.getCause()) {
      if (at instanceof SourceException source) {
        throw new ApiException(
            source instanceof SourceException.Limit ? 503 : 502,
            words(source.getMessage()),
            Map.of("cure", source.cure()));
      }
    }
    throw caught;
  }

  /** In: the raw records of a page. Out: {@code {bugs, nextCursor}}. */
  public void rawList(Exchange exchange) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("bugs", exchange.getMessage().getBody(JsonNode.class));
    String next = exchange.getVariable("nextPage", String.class);
    answer.put(
        "nextCursor",
        next == null
            ? null
            : Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(next.getBytes(StandardCharsets.UTF_8)));
    Answers.json(exchange, 200, answer);
  }

  /** In: a list of one raw record, or of none. Out: the record, or 404. */
  public void rawOne(Exchange exchange) {
    JsonNode page = exchange.getMessage().getBody(JsonNode.class);
    if (page == null || page.isEmpty()) {
      throw unknown(exchange.getVariable("request", Map.class));
    }
    Answers.json(exchange, 200, page.path(0));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new IllegalStateException("what we wrote ourselves is no JSON", e);
    }
  }

  private static Map<String, Object> request(Exchange exchange) {
    @SuppressWarnings("unchecked")
    Map<String, Object> request = exchange.getMessage().getBody(Map.class);
    return new HashMap<>(request);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> row(Exchange exchange) {
    return exchange.getMessage().getBody(Map.class);
  }
}

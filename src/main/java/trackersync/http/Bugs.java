package trackersync.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import trackersync.operation.Schedules;
import trackersync.settings.Durations;
import trackersync.settings.Settings;

/** For YAML: what stands between a call and the tables of bugs and releases. */
public final class Bugs {
  /** Words for what most releases want; at night, in the schedule's own zone. */
  private static final Map<String, String> SCHEDULES =
      Map.of("daily", "0 0 3 * * ?", "weekly", "0 0 3 ? * MON");

  private static final Pattern VERSION = Pattern.compile("\"v(\\d{1,18})\"");
  private static final String VERSION_COLUMN = "version";
  private static final String LAG = "lag_seconds";
  private static final String LAG_MAX = "lag_max";

  private final Settings settings;

  Bugs(Settings settings) {
    this.settings = settings;
  }

  /** In: a map with id, or with bugsby_id; out: with both, which find-bug.sql takes. */
  public void key(Exchange exchange) {
    Map<String, Object> request = request(exchange);
    Object id = request.get("id");
    request.put("id", id == null ? null : id.toString());
    request.putIfAbsent("bugsby_id", null);
    exchange.getMessage().setBody(request);
  }

  /** In: the row of find-bug.sql, or nothing; out: the bug with its ETag, or 404. */
  public void item(Exchange exchange) {
    known(exchange);
    Map<String, Object> bug = Json.row(row(exchange));
    Object version = bug.remove(VERSION_COLUMN);
    Answers.json(exchange, 200, bug);
    exchange.getMessage().setHeader("ETag", "\"v" + version + "\"");
  }

  /** 404 when the body is nothing. */
  public void known(Exchange exchange) {
    if (exchange.getMessage().getBody() == null) {
      throw new ApiException(404, "there is no such resource");
    }
  }

  /** In: the request's map; out: with versions, which If-Match names (null: any). */
  public void change(Exchange exchange) {
    Map<String, Object> request = request(exchange);
    String ifMatch = (String) request.get("ifMatch");
    request.put("id", UUID.fromString((String) request.get("id")).toString());
    request.put("versions", ifMatch == null || ifMatch.strip().equals("*") ? null : named(ifMatch));
    exchange.getMessage().setBody(request);
  }

  /** What is none of our ETags matches nothing. */
  private static String named(String ifMatch) {
    List<Long> versions = new ArrayList<>();
    for (String tag : ifMatch.split(",")) {
      Matcher version = VERSION.matcher(tag.strip());
      if (version.matches()) {
        versions.add(Long.valueOf(version.group(1)));
      }
    }
    return Json.text(versions);
  }

  /** In: the row of update-bug.sql, or nothing. Refuses what was not done, in words. */
  public void changed(Exchange exchange) {
    known(exchange);
    Map<String, Object> row = row(exchange);
    String move = row.get("before") + " → " + row.get("after");
    switch (row.get("outcome").toString()) {
      case "done" -> {}
      case "stale" ->
          throw new ApiException(
              412,
              "the bug was changed since it was read",
              Map.of("cure", "Read it again, and send the ETag of that answer."));
      case "refused" ->
          throw new ApiException(
              409,
              "no such step: " + move,
              Map.of(
                  "cure",
                  "pending → ai_generated → dev_approved → mgr_approved, or pending →"
                      + " dev_approved; and one step back."));
      case "role" -> throw new ApiException(403, move + " needs the role manager");
      case "approved" ->
          throw new ApiException(
              409,
              "the release note is approved",
              Map.of("cure", "Step back to dev_approved first, or in the same call."));
      default -> throw new IllegalStateException("update-bug: " + row.get("outcome"));
    }
  }

  /** In: the request's map; out: with release null, for list-releases.sql. */
  public void allReleases(Exchange exchange) {
    Map<String, Object> request = request(exchange);
    request.put("release", null);
    exchange.getMessage().setBody(request);
  }

  /** In: rows of list-releases.sql; out: {@code {items}}. */
  public void releases(Exchange exchange) {
    Answers.json(
        exchange, 200, Map.of("items", rows(exchange).stream().map(this::withFreshness).toList()));
  }

  /** In: the row of one release in a list, or none; out: the release, or 404. */
  public void release(Exchange exchange) {
    List<Map<String, Object>> rows = rows(exchange);
    if (rows.isEmpty()) {
      throw new ApiException(404, "there is no such resource");
    }
    Answers.json(exchange, 200, withFreshness(rows.get(0)));
  }

  /** In: the request's map of a release; out: with what the update takes. */
  public void changeRelease(Exchange exchange) {
    Map<String, Object> request = request(exchange);
    String schedule = (String) request.get("schedule");
    String zone = (String) request.get("schedule_zone");
    String lag = (String) request.get(LAG_MAX);
    List<Map<String, String>> errors = new ArrayList<>();
    if (schedule != null) {
      String cron = SCHEDULES.getOrDefault(schedule, schedule);
      request.put("schedule", cron);
      try {
        Schedules.next(cron, ZoneId.of("UTC"), Instant.now());
      } catch (IllegalArgumentException e) {
        errors.add(error("schedule", e.getMessage() + ". Or daily, or weekly."));
      }
    }
    try {
      if (zone != null) {
        ZoneId.of(zone);
      }
    } catch (DateTimeException e) {
      errors.add(error("schedule_zone", "no such time zone"));
    }
    if (lag != null && Durations.parse(lag).filter(it -> it.toSeconds() > 0).isEmpty()) {
      errors.add(error(LAG_MAX, "no duration, such as 36h or 8d"));
    }
    if (!errors.isEmpty()) {
      throw ApiException.invalid(errors);
    }
    request.put("named", Json.text(Json.fields((String) request.get(ApiRequest.BODY))));
    exchange.getMessage().setBody(request);
  }

  /** In: where the release is declared, or nothing. */
  public void releaseChanged(Exchange exchange) {
    known(exchange);
    ofTheApi(exchange.getMessage().getBody());
  }

  /** In: the row of untrack-release.sql, or nothing. */
  public void untracked(Exchange exchange) {
    known(exchange);
    Map<String, Object> row = row(exchange);
    ofTheApi(row.get("declared_in"));
    if (row.get("running") != null) {
      throw Problem.running(row.get("name").toString(), row.get("running"));
    }
  }

  private static void ofTheApi(Object declaredIn) {
    if (!"api".equals(declaredIn)) {
      throw new ApiException(
          409, "the settings declare this release", Map.of("cure", "Change it there."));
    }
  }

  /** In: the row of get-release-status.sql. */
  public void releaseStatus(Exchange exchange) {
    Answers.json(exchange, 200, withFreshness(row(exchange)));
  }

  /** How old it may get, in seconds, and whether it is younger. */
  private Map<String, Object> withFreshness(Map<String, Object> row) {
    Map<String, Object> shown = new LinkedHashMap<>(Json.row(row));
    Object own = shown.remove(LAG_MAX);
    Duration most =
        Durations.parse(own == null ? "" : own.toString())
            .orElseGet(() -> settings.duration("bugsby.lag-max"));
    Object lag = shown.get(LAG);
    shown.put("lag_max_seconds", most.toSeconds());
    shown.put("fresh", lag instanceof Number seconds && seconds.longValue() <= most.toSeconds());
    return shown;
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

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> rows(Exchange exchange) {
    return exchange.getMessage().getBody(List.class);
  }

  private static Map<String, String> error(String at, String message) {
    return Map.of("at", at, "message", message);
  }
}

package trackersync.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;

/** For YAML: what the contract's schema cannot say about an issue of a project. */
public final class IssueRules {
  /** What a sync writes into customFields. */
  private static final Set<String> RESERVED = Set.of("externalId", "externalSync");

  /** What belongs to the tracker once an issue comes from one. */
  private static final List<String> TRACKERS =
      List.of("title", "description", "status", "type", "priority", "assigneeId");

  /**
   * In: variables request and references (flags cycle, assignee, repository). Out: the request's
   * map with what SQL takes: customFields as JSON, removed as a JSON array of keys, named.
   */
  public void check(Exchange exchange) {
    @SuppressWarnings("unchecked")
    Map<String, Object> request = new HashMap<>(exchange.getVariable("request", Map.class));
    Map<?, ?> references = exchange.getVariable("references", Map.class);
    List<Map<String, String>> errors = new ArrayList<>();
    JsonNode body = body(request);
    JsonNode fields = body.path("customFields");
    fields
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (RESERVED.contains(name)) {
                errors.add(
                    error("customFields." + name, "belongs to the sync; see link and backfill"));
              }
            });
    if (!Boolean.TRUE.equals(references.get("cycle"))) {
      errors.add(error("cycleId", "is no cycle of this project"));
    }
    if (!Boolean.TRUE.equals(references.get("assignee"))) {
      errors.add(error("assigneeId", "is no member of this project"));
    }
    if (!Boolean.TRUE.equals(references.get("repository"))) {
      errors.add(error("repositoryId", "is no repository of this project"));
    }
    if (request.get("title") instanceof String title && title.isBlank()) {
      errors.add(error("title", "is blank"));
    }
    for (String name : List.of("title", "status", "type", "customFields")) {
      if (body.path(name).isNull()) {
        errors.add(error(name, "cannot be null"));
      }
    }
    if (!errors.isEmpty()) {
      throw ApiException.invalid(errors);
    }
    List<String> removed = new ArrayList<>();
    fields
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isNull()) {
                removed.add(field.getKey());
              }
            });
    request.put("customFields", fields.isObject() ? fields.toString() : "{}");
    request.put("removed", Json.text(removed));
    request.put("named", Json.text(names(body)));
    exchange.getMessage().setBody(request);
  }

  /** As {@link #found}; refuses a change of what is the tracker's. */
  public void mayChange(Exchange exchange) {
    found(exchange);
    Map<?, ?> issue = exchange.getVariable("issue", Map.class);
    List<String> theirs = names(body(exchange.getVariable("request", Map.class)));
    theirs.retainAll(TRACKERS);
    if (issue.get("repositoryId") != null && !theirs.isEmpty()) {
      throw new ApiException(
          409,
          issue.get("key") + " comes from a tracker: the next sync would undo " + theirs,
          Map.of("cure", "Change it there, or unlink the issue."));
    }
  }

  /** In: the request's map of a cycle. */
  public void cycle(Exchange exchange) {
    Map<?, ?> request = exchange.getMessage().getBody(Map.class);
    LocalDate starts = day(request, "startsOn");
    LocalDate ends = day(request, "endsOn");
    if (starts != null && ends != null && ends.isBefore(starts)) {
      throw ApiException.invalid("endsOn", "is before startsOn");
    }
  }

  /** In: the row of update-cycle.sql, without updatedAt where its days would stand wrongly. */
  public void cycleStored(Exchange exchange) {
    Map<?, ?> row = exchange.getMessage().getBody(Map.class);
    if (row == null) {
      throw new ApiException(404, "there is no such resource");
    }
    if (row.get("updatedAt") == null) {
      throw ApiException.invalid("endsOn", "is before startsOn");
    }
  }

  private static LocalDate day(Map<?, ?> request, String name) {
    try {
      return request.get(name) == null ? null : LocalDate.parse((String) request.get(name));
    } catch (DateTimeParseException e) {
      throw ApiException.invalid(name, "is no day, such as 2026-03-31");
    }
  }

  /** In: variables request and issue, its row or nothing. Out: the request's map with its id. */
  public void found(Exchange exchange) {
    Map<?, ?> issue = exchange.getVariable("issue", Map.class);
    if (issue == null) {
      throw new ApiException(404, "there is no such resource");
    }
    @SuppressWarnings("unchecked")
    Map<String, Object> request = new HashMap<>(exchange.getVariable("request", Map.class));
    request.put("id", issue.get("id").toString());
    request.putIfAbsent("repositoryId", null);
    exchange.getMessage().setBody(request);
  }

  /** In: the row of link-issue.sql. Refuses what could not be linked, in words. */
  public void linked(Exchange exchange) {
    Map<?, ?> row = exchange.getMessage().getBody(Map.class);
    Object other = row.get("other");
    switch (row.get("outcome").toString()) {
      case "done" -> {}
      case "elsewhere" ->
          throw ApiException.invalid("externalUrl", "is in no repository of this project");
      case "unreadable" ->
          throw ApiException.invalid(
              "externalUrl",
              "is no issue's address, such as https://github.com/acme/shop/issues/12");
      case "linked" ->
          throw new ApiException(
              409, "the issue is linked to " + other, Map.of("cure", "Unlink it first."));
      case "taken" ->
          throw new ApiException(
              409,
              other + " is that issue already",
              Map.of("cure", "One external issue has one local issue: unlink " + other + "."));
      case "busy" -> throw Problem.running(row.get("connection").toString(), other);
      default -> throw new IllegalStateException("link-issue: " + row.get("outcome"));
    }
  }

  private static JsonNode body(Map<?, ?> request) {
    try {
      return Json.REQUESTS.readTree((String) request.get(ApiRequest.BODY));
    } catch (IOException e) {
      throw new IllegalStateException("the body was JSON a moment ago", e);
    }
  }

  private static List<String> names(JsonNode body) {
    List<String> names = new ArrayList<>();
    body.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Map<String, String> error(String at, String message) {
    return Map.of("at", at, "message", message);
  }
}

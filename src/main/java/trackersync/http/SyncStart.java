package trackersync.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;

/**
 * For YAML: what stands between a call and {@code direct:operation-start}. Works on the variables
 * {@code request} (the request's map) and {@code verdict} (go, confirm, repeated).
 */
public final class SyncStart {
  private static final String CLOSED = "includeClosed";
  private static final String WEBHOOK = "activeWebhook";
  private static final String REASONS = "reasons";

  /** In: what the database says of the connection, or nothing. Out: the verdict, or a refusal. */
  public void check(Exchange exchange) {
    Map<String, Object> connection = row(exchange);
    Map<String, Object> request = request(exchange);
    if (connection == null) {
      throw new ApiException(404, "there is no such resource");
    }
    String name = connection.get("name").toString();
    if (connection.get("repeated") != null) {
      String operation = connection.get("repeated").toString();
      // a request without a filter has no such member, an operation without one null
      if (!Boolean.TRUE.equals(connection.get("sameRequest"))
          || !Objects.equals(connection.get("repeatedFilter"), request.get("status"))) {
        throw new ApiException(
            409,
            "this Idempotency-Key started another operation",
            Map.of("operation", operation, "cure", "Take a new key for a new request."));
      }
      exchange.setVariable("operationId", operation);
      exchange.setVariable("verdict", "repeated");
      return;
    }
    if (!Boolean.TRUE.equals(connection.get("enabled"))) {
      throw disabled(name, connection.get("disabledReason"));
    }
    if (connection.get("running") != null) {
      throw Problem.running(name, connection.get("running"));
    }
    List<String> reasons = reasons(request, Boolean.TRUE.equals(connection.get("isActive")));
    exchange.setVariable(REASONS, reasons);
    exchange.setVariable("verdict", reasons.isEmpty() ? "go" : "confirm");
    variables(exchange, request, connection, key(request));
  }

  /** In: what {@code direct:operation-start} says. Out: variable operationId, or a refusal. */
  public void started(Exchange exchange) {
    Map<String, Object> start = row(exchange);
    Map<?, ?> connection = exchange.getVariable("connection", Map.class);
    String name = connection.get("name").toString();
    switch (start.get("outcome").toString()) {
      case "started", "repeated" -> exchange.setVariable("operationId", start.get("id").toString());
      case "running" -> throw Problem.running(name, start.get("id"));
      case "disabled" -> throw disabled(name, null);
      case "unknown" -> throw new ApiException(404, "there is no such resource");
      default -> throw new IllegalStateException("operation-start: " + start.get("outcome"));
    }
  }

  /** In: the tracker's connections. Out: those that may run, and the verdict, or a refusal. */
  public void checkTracker(Exchange exchange) {
    foundTracker(exchange);
    List<Map<String, Object>> enabled =
        rows(exchange).stream()
            .filter(it -> Boolean.TRUE.equals(it.get("enabled")))
            .filter(it -> Boolean.TRUE.equals(it.get("mayRun")))
            .toList();
    if (enabled.isEmpty()) {
      throw new ApiException(
          409,
          "every connection of this tracker is disabled, or not yours to run",
          Map.of("cure", "Enable one: PATCH /api/connections/{id} with enabled true."));
    }
    List<String> reasons = reasons(request(exchange), false);
    exchange.setVariable(REASONS, reasons);
    exchange.setVariable("verdict", reasons.isEmpty() ? "go" : "confirm");
    exchange.getMessage().setBody(enabled);
  }

  /** In: the tracker's connections; 404 when there are none. */
  public void foundTracker(Exchange exchange) {
    if (rows(exchange).isEmpty()) {
      throw new ApiException(404, "there is no such resource");
    }
  }

  /** In: one of the tracker's connections. Out: the variables operation-start takes. */
  public void prepare(Exchange exchange) {
    Map<String, Object> connection = row(exchange);
    Map<String, Object> request = request(exchange);
    String id = connection.get("id").toString();
    String key = key(request);
    exchange.setVariable("connection", connection);
    // a key names one operation; here one call starts several
    variables(exchange, request, connection, key == null ? null : key + "/" + id);
  }

  /** In: what operation-start says. Out: the entry of the answer. */
  public void outcome(Exchange exchange) {
    Map<String, Object> start = row(exchange);
    Map<?, ?> connection = exchange.getVariable("connection", Map.class);
    Map<String, Object> entry = new HashMap<>();
    entry.put("connection", connection.get("name"));
    entry.put("id", start.get("id") == null ? null : start.get("id").toString());
    entry.put("status", start.get("status"));
    entry.put("outcome", start.get("outcome"));
    exchange.getMessage().setBody(entry);
  }

  /** In: the entries. Out: 202; 409 when nothing could start because all run. */
  public void answerTracker(Exchange exchange) {
    List<Map<String, Object>> entries = rows(exchange);
    if (entries.stream().allMatch(it -> "running".equals(it.get("outcome")))) {
      throw new ApiException(
          409,
          "every connection of this tracker is being synced",
          Problem.inTheWay(entries.get(0).get("id")));
    }
    Answers.json(
        exchange, 202, Map.of("tracker", request(exchange).get("tracker"), "operations", entries));
  }

  private static void variables(
      Exchange exchange, Map<String, Object> request, Map<String, Object> connection, String key) {
    exchange.setVariable("connectionId", connection.get("id").toString());
    exchange.setVariable("asMember", connection.get("asMember"));
    exchange.setVariable("trigger", "manual");
    exchange.setVariable("requestedBy", request.get(ApiRequest.CALLER));
    exchange.setVariable("syncType", request.get("syncType"));
    exchange.setVariable("includeClosed", request.get("includeClosed"));
    exchange.setVariable("fromStart", request.get("fromStart"));
    exchange.setVariable("idempotencyKey", key);
  }

  /** Out: {@code {requiresConfirmation, reasons}}; nothing has been started. */
  public void confirmation(Exchange exchange) {
    Object reasons = exchange.getVariable(REASONS);
    Answers.json(exchange, 200, Map.of("requiresConfirmation", true, REASONS, reasons));
  }

  /** What the caller has to confirm and has not. */
  private static List<String> reasons(Map<String, Object> request, boolean webhookDelivers) {
    List<?> confirmed = request.get("confirm") instanceof List<?> list ? list : List.of();
    List<String> reasons = new ArrayList<>();
    if (webhookDelivers && !confirmed.contains(WEBHOOK)) {
      reasons.add(WEBHOOK);
    }
    if (Boolean.TRUE.equals(request.get("includeClosed")) && !confirmed.contains(CLOSED)) {
      reasons.add(CLOSED);
    }
    return reasons;
  }

  private static ApiException disabled(String name, Object reason) {
    return new ApiException(
        409,
        "connection " + name + " is disabled" + (reason == null ? "" : ": " + reason),
        Map.of("cure", "PATCH /api/connections/{id} with enabled true, once the reason is gone."));
  }

  private static String key(Map<String, Object> request) {
    return (String) request.get("idempotencyKey");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> request(Exchange exchange) {
    return exchange.getVariable("request", Map.class);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> row(Exchange exchange) {
    return exchange.getMessage().getBody(Map.class);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> rows(Exchange exchange) {
    return exchange.getMessage().getBody(List.class);
  }
}

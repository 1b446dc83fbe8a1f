package trackersync.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/** For YAML: what routes answer with. */
public final class Answers {

  /** In: a row, or nothing; out: the row as JSON, or 404. */
  public void item(Exchange exchange) {
    json(exchange, 200, Json.row(found(exchange)));
  }

  /** As {@link #item}, with this status. */
  public void itemAs(Exchange exchange, int status) {
    json(exchange, status, Json.row(found(exchange)));
  }

  /** In: rows; out: {@code {items}}. */
  public void items(Exchange exchange) {
    Map<String, Object> all = new HashMap<>();
    all.put("items", rows(exchange));
    json(exchange, 200, all);
  }

  /** In: rows, or a list of maps; out: {@code {<key>: value, <name>: rows}}. */
  public void named(Exchange exchange, int status, String key, String value, String name) {
    Map<String, Object> all = new HashMap<>();
    all.put(key, value);
    all.put(name, rows(exchange));
    json(exchange, status, all);
  }

  /** A map of one, for a route that takes one. */
  public Map<String, Object> key(String name, Object value) {
    return Map.of(name, value);
  }

  /** A map with one entry more, for a route that takes one. */
  public Map<String, Object> with(Map<String, Object> map, String name, Object value) {
    Map<String, Object> more = new HashMap<>(map);
    more.put(name, value == null ? null : value.toString());
    return more;
  }

  /** In: a map; out: with {@code raw}, false when it says nothing. */
  public void withRaw(Exchange exchange) {
    @SuppressWarnings("unchecked")
    Map<String, Object> key = new HashMap<>(exchange.getMessage().getBody(Map.class));
    key.putIfAbsent("raw", false);
    exchange.getMessage().setBody(key);
  }

  /** In: a row; out: without this column. */
  public void without(Exchange exchange, String column) {
    exchange.getMessage().getBody(Map.class).remove(column);
  }

  /** Out: nothing, 204. */
  public void nothing(Exchange exchange) {
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 204);
    exchange.getMessage().setBody(null);
  }

  private static Map<String, Object> found(Exchange exchange) {
    @SuppressWarnings("unchecked")
    Map<String, Object> row = exchange.getMessage().getBody(Map.class);
    if (row == null) {
      throw new ApiException(404, "there is no such resource");
    }
    return row;
  }

  private static List<Map<String, Object>> rows(Exchange exchange) {
    @SuppressWarnings("unchecked")
    List<Map<String, Object>> rows = exchange.getMessage().getBody(List.class);
    return rows.stream().map(Json::row).toList();
  }

  static void json(Exchange exchange, int status, Object answer) {
    Object location = exchange.getMessage().getHeader("Location");
    exchange.getMessage().removeHeaders("*");
    if (location != null) {
      exchange.getMessage().setHeader("Location", location);
    }
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
    exchange.getMessage().setBody(Json.text(answer));
  }
}

package trackersync.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/**
 * Pages of rows by keyset: a cursor holds the sort, the sort key and the id of the last row, so
 * that rows that come or go between two pages neither repeat nor hide others. For YAML, around a
 * query that takes {@code cursorKey}, {@code cursorId} and {@code fetch}, and gives each row a
 * {@code cursorKey} (text) beside its {@code id}.
 */
public final class Pages {
  private static final String LIMIT = "pageLimit";
  private static final String SORT = "pageSort";
  private static final Pattern KEY_TEXT = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  /** Sorts whose key is text of any kind; it is compared as text only. */
  private static final Set<String> WORDS =
      Set.of("bugsby_id", "title", "severity", "priority", "status");

  private static final int WORD_MAX = 400;
  private static final Pattern KEY_NUMBER = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern KEY_TIME =
      Pattern.compile(
          "-?[0-9]{1,6}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?\\+00( BC)?");
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /** In: the request's map with limit, cursor and, where there is a choice, sort. */
  public void begin(Exchange exchange) {
    @SuppressWarnings("unchecked")
    Map<String, Object> request = exchange.getMessage().getBody(Map.class);
    String sort = request.get("sort") == null ? "" : request.get("sort").toString();
    int limit = Integer.parseInt(request.get("limit").toString());
    exchange.setProperty(LIMIT, limit);
    exchange.setProperty(SORT, sort);
    Map<String, Object> query = new HashMap<>(request);
    query.put("fetch", limit + 1);
    query.put("cursorKey", null);
    query.put("cursorId", null);
    if (request.get("cursor") != null) {
      JsonNode cursor = decode(request.get("cursor").toString(), sort);
      query.put("cursorKey", cursor.get(1).textValue());
      query.put("cursorId", cursor.get(2).textValue());
    }
    exchange.getMessage().setBody(query);
  }

  /** In: the rows; out: {@code {items, nextCursor}} as JSON. */
  public void end(
      Exchange exchange, @ExchangeProperty(LIMIT) int limit, @ExchangeProperty(SORT) String sort) {
    @SuppressWarnings("unchecked")
    List<Map<String, Object>> rows = exchange.getMessage().getBody(List.class);
    List<Map<String, Object>> items = new ArrayList<>();
    String next = null;
    for (Map<String, Object> row : rows.subList(0, Math.min(limit, rows.size()))) {
      Map<String, Object> item = Json.row(row);
      Object key = item.remove("cursorKey");
      items.add(item);
      if (items.size() == limit && rows.size() > limit) {
        next = encode(sort, key.toString(), item.get("id").toString());
      }
    }
    Map<String, Object> page = new HashMap<>();
    page.put("items", items);
    page.put("nextCursor", next);
    Answers.json(exchange, 200, page);
  }

  private static String encode(String sort, String key, String id) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Json.text(List.of(sort, key, id)).getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode decode(String cursor, String sort) {
    try {
      JsonNode parts = Json.REQUESTS.readTree(Base64.getUrlDecoder().decode(cursor));
      if (parts.isArray()
          && parts.size() == 3
          && sort.equals(parts.get(0).textValue())
          && isKey(parts.get(1).textValue(), sort)
          && ID.matcher(parts.path(2).asText()).matches()) {
        return parts;
      }
    } catch (IllegalArgumentException | JsonProcessingException unreadable) {
      throw refused();
    } catch (java.io.IOException unreadable) {
      throw refused();
    }
    throw refused();
  }

  private static boolean isKey(String key, String sort) {
    if (key == null) {
      return false;
    }
    if (WORDS.contains(sort.startsWith("-") ? sort.substring(1) : sort)) {
      return key.length() <= WORD_MAX && key.indexOf('\0') < 0;
    }
    return sort.endsWith("number")
        ? KEY_NUMBER.matcher(key).matches()
        : KEY_TIME.matcher(key).matches() || (sort.isEmpty() && KEY_TEXT.matcher(key).matches());
  }

  private static ApiException refused() {
    return ApiException.invalid(
        "cursor", "is not a nextCursor of this list with this sort; begin without one");
  }
}

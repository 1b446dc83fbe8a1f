package trackersync.operation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import trackersync.fetch.SourceAnswers;
import trackersync.fetch.SourceException;

/**
 * The answer of direct:connection-test: {@code {ok, status, words, cure, scopes, endpoints}}, of
 * which the first four are those of the first kind of record that failed, or of all.
 */
public final class ConnectionTest {
  private static final String TRIED = "trackerSyncTried";

  public void begin(Exchange exchange) {
    exchange.setProperty(TRIED, new ArrayList<Map<String, Object>>());
  }

  /** Headers: those of the source's answer. */
  public void passed(Exchange exchange) {
    SourceAnswers.list(
        exchange.getVariable("tracker", String.class),
        exchange.getMessage().getBody(JsonNode.class));
    String lacks = exchange.getVariable("unavailable", "", String.class);
    add(
        exchange,
        true,
        lacks.isEmpty()
            ? "The source answers and the token may read it."
            : "Not available there, a sync goes on without: " + lacks,
        lacks.isEmpty() ? null : scopeCure(exchange.getMessage()));
  }

  public void failed(Exchange exchange) {
    Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    SourceException known = null;
    for (Throwable t = caught; t != null && known == null; t = t.getCause()) {
      known = t instanceof SourceException source ? source : null;
    }
    String scopes = scopeCure(exchange.getMessage());
    add(
        exchange,
        false,
        known != null
            ? known.getMessage()
            : "The test itself failed (" + exchange.getExchangeId() + ").",
        known == null
            ? "See the log line of that exchange."
            : scopes == null ? known.cure() : known.cure() + " " + scopes);
  }

  private static void add(Exchange exchange, boolean ok, String words, String cure) {
    Message in = exchange.getMessage();
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("stream", exchange.getVariable("stream"));
    one.put("ok", ok);
    one.put("status", in.getHeader(Exchange.HTTP_RESPONSE_CODE));
    one.put("words", words);
    one.put("cure", cure);
    one.put("scopes", in.getHeader("X-OAuth-Scopes", String.class));
    tried(exchange).add(one);
    in.removeHeaders("*");
    in.setBody(null);
  }

  /** Which scopes of a classic token would do, where the source names them; else null. */
  private static String scopeCure(Message in) {
    String accepted = in.getHeader("X-Accepted-OAuth-Scopes", String.class);
    String has = in.getHeader("X-OAuth-Scopes", String.class);
    if (accepted == null || accepted.isBlank() || has == null) {
      return null;
    }
    List<String> own = Arrays.asList(has.split("\\s*,\\s*"));
    List<String> enough = Arrays.asList(accepted.split("\\s*,\\s*"));
    return own.stream().anyMatch(enough::contains)
        ? null
        : "The token lacks a scope: one of "
            + accepted
            + " is needed, it has "
            + (has.isBlank() ? "none" : has)
            + ".";
  }

  /** The answer as body. */
  public void answer(Exchange exchange) {
    List<Map<String, Object>> tried = tried(exchange);
    Map<String, Object> tells =
        tried.stream().filter(it -> !(Boolean) it.get("ok")).findFirst().orElse(tried.get(0));
    Map<String, Object> answer = new LinkedHashMap<>();
    for (String field : List.of("ok", "status", "words", "cure")) {
      answer.put(field, tells.get(field));
    }
    answer.put("scopes", tried.get(0).get("scopes"));
    List<Map<String, Object>> endpoints = new ArrayList<>();
    for (Map<String, Object> one : tried) {
      Map<String, Object> shown = new LinkedHashMap<>(one);
      shown.remove("scopes");
      if (shown.get("stream") != null) {
        endpoints.add(shown);
      }
    }
    answer.put("endpoints", endpoints);
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setBody(answer);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> tried(Exchange exchange) {
    return exchange.getProperty(TRIED, List.class);
  }
}

package trackersync.operation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import trackersync.fetch.SourceAnswers;
import trackersync.fetch.SourceException;

/** The answer of direct:connection-test: {@code {ok, status, words, cure, scopes}}. */
public final class ConnectionTest {

  /** Headers: those of the source's answer. */
  public void passed(Exchange exchange) {
    SourceAnswers.list(
        exchange.getVariable("tracker", String.class),
        exchange.getMessage().getBody(JsonNode.class));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("ok", true);
    answer.put("status", exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE));
    answer.put("words", "The source answers and the token may read it.");
    answer.put("cure", null);
    answer.put("scopes", exchange.getMessage().getHeader("X-OAuth-Scopes", String.class));
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setBody(answer);
  }

  public void failed(Exchange exchange) {
    Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    SourceException known = null;
    for (Throwable t = caught; t != null && known == null; t = t.getCause()) {
      known = t instanceof SourceException source ? source : null;
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("ok", false);
    answer.put("status", exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE));
    answer.put(
        "words",
        known != null
            ? known.getMessage()
            : "The test itself failed (" + exchange.getExchangeId() + ").");
    answer.put("cure", known != null ? known.cure() : "See the log line of that exchange.");
    answer.put("scopes", null);
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setBody(answer);
  }
}

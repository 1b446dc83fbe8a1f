package trackersync.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import trackersync.map.Mapping;

/** A set-aside record's second chance; bean {@code replay} of routes/pipeline/set-aside-replay. */
public final class Replay {
  // numbers as they were written: a raw record must not change on its way
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** Body: the row of find-set-aside.sql. Sets outcome where there is nothing to do. */
  public void open(Exchange exchange) throws JsonProcessingException {
    Map<?, ?> row = exchange.getMessage().getBody(Map.class);
    exchange.removeVariable("outcome");
    exchange.removeVariable("reason");
    exchange.setVariable("counted", "skipped");
    if (row == null || row.get("resolved_at") != null) {
      exchange.setVariable("outcome", row == null ? "unknown" : "resolved");
      return;
    }
    for (String name : List.of("connection", "stream", "tracker", "url")) {
      exchange.setVariable(name, row.get(name));
    }
    exchange.setVariable("operation", UUID.randomUUID());
    exchange.setVariable("includeClosed", true);
    ArrayNode page = JSON.createArrayNode();
    page.add(JSON.readTree((String) row.get("raw")));
    exchange.getMessage().setBody(page);
  }

  /** Body: the row of upsert-issues.sql. */
  public void mapped(Exchange exchange) {
    Map<?, ?> row = exchange.getMessage().getBody(Map.class);
    Mapping.Page page = exchange.getVariable("mapped", Mapping.Page.class);
    if (!page.rejected().isEmpty()) {
      set(exchange, "set-aside", page.rejected().get(0).reason());
    } else if ((Long) row.get("created") + (Long) row.get("updated") > 0) {
      exchange.setVariable("counted", (Long) row.get("created") > 0 ? "created" : "updated");
      set(exchange, "stored", null);
    } else {
      set(exchange, "unchanged", null);
    }
  }

  /** The database refused the record. */
  public void refused(Exchange exchange) {
    Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    set(exchange, "set-aside", Counts.refusal(caught));
  }

  public void answer(Exchange exchange) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("id", exchange.getVariable("setAsideId"));
    answer.put("outcome", exchange.getVariable("outcome"));
    answer.put("reason", exchange.getVariable("reason"));
    exchange.getMessage().setBody(answer);
  }

  private static void set(Exchange exchange, String outcome, String reason) {
    exchange.setVariable("outcome", outcome);
    exchange.setVariable("reason", reason);
    if (outcome.equals("set-aside")) {
      exchange.setVariable("counted", "failed");
    }
  }
}

package trackersync.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run tells the log: one line when it ended well, one when it waits or failed. */
public final class Report {
  private static final Logger LOG = LoggerFactory.getLogger("trackersync");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Body: the row of complete-operation.sql. */
  public void completed(Exchange exchange) throws JsonProcessingException {
    Map<?, ?> row = exchange.getMessage().getBody(Map.class);
    JsonNode results = JSON.readTree((String) row.get("results"));
    JsonNode progress = JSON.readTree((String) row.get("progress"));
    StringBuilder ignored = new StringBuilder();
    results
        .path("ignored")
        .properties()
        .forEach(
            kind -> {
              if (kind.getValue().asLong() > 0) {
                ignored
                    .append(", ")
                    .append(kind.getValue())
                    .append(' ')
                    .append(words(kind.getKey()));
              }
            });
    LOG.info(
        "{} ({}): {} pages, {} records, {} new, {} changed, {} skipped, {} set aside{}, {} s",
        exchange.getVariable("connectionName"),
        exchange.getVariable("tracker"),
        row.get("pages_count"),
        progress.path("processed"),
        results.path("created"),
        results.path("updated"),
        results.path("skipped"),
        results.path("failed"),
        ignored,
        String.format(Locale.ROOT, "%.1f", (Double) row.get("seconds")));
  }

  /** After pauses.decide. */
  public void paused(Exchange exchange) {
    String connection = exchange.getVariable("connectionName", String.class);
    String outcome = exchange.getVariable("outcome", String.class);
    Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    boolean known = Pauses.isKnown(caught);
    switch (outcome) {
      case "wait" -> {
        LOG.warn(
            "{}: waits {} ms. {}",
            connection,
            exchange.getVariable("waitMs"),
            exchange.getVariable("error"));
        if (!known) {
          LOG.warn("exchange {}", exchange.getExchangeId(), caught);
        }
      }
      case "fail" -> {
        LOG.error(
            "{}: failed. {} {}",
            connection,
            exchange.getVariable("error"),
            exchange.getVariable("cure"));
        if (!known) {
          LOG.error("exchange {}", exchange.getExchangeId(), caught);
        }
      }
      default -> LOG.warn("{}: {}", connection, caught.getMessage());
    }
  }

  /** Sets deliveryError: why a sink did not take a record. */
  public void deliveryFailed(Exchange exchange) {
    Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    String words =
        caught.getMessage() == null ? caught.getClass().getSimpleName() : caught.getMessage();
    exchange.setVariable(
        "deliveryError", words.length() > 500 ? words.substring(0, 500) + "…" : words);
  }

  private static String words(String camel) {
    return camel.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }
}

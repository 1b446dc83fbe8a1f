package trackersync.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trackersync.map.Mapping;
import trackersync.metrics.Metrics;
import trackersync.settings.Settings;

/** What a run tells the log: one line when it ended well, one when it waits or failed. */
public final class Report {
  private static final Logger LOG = LoggerFactory.getLogger("trackersync");
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Settings settings;

  public Report(Settings settings) {
    this.settings = settings;
  }

  /** After a page's commit: counts it, its records and what was set aside. */
  public void page(Exchange exchange) {
    Metrics metrics = metrics(exchange);
    String tracker = exchange.getVariable("tracker", String.class);
    metrics.stored(exchange);
    exchange
        .getVariable("mapped", Mapping.Page.class)
        .rejected()
        .forEach(rejected -> metrics.setAside(tracker, rejected.stage()));
  }

  private static Metrics metrics(Exchange exchange) {
    return exchange.getContext().getRegistry().lookupByNameAndType("metrics", Metrics.class);
  }

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
    metrics(exchange).operation(exchange.getVariable("tracker", String.class), "Completed");
    results
        .path("unavailable")
        .properties()
        .forEach(stream -> ignored.append(", no ").append(stream.getKey()).append(" there"));
    if (results.path("gone").asLong() > 0) {
      ignored.append(", ").append(results.get("gone")).append(" gone");
    }
    backlog(exchange, JSON.readTree((String) row.get("backlog")));
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

  /** Body: the row of mark-gone.sql. */
  public void swept(Exchange exchange) {
    Map<?, ?> row = exchange.getMessage().getBody(Map.class);
    if ((Long) row.get("missing") > 0 && row.get("doubt") != null) {
      LOG.warn(
          "{}: {} stored records may be gone, none is marked: {}",
          exchange.getVariable("connectionName"),
          row.get("missing"),
          row.get("doubt"));
    }
  }

  /** A sink that does not keep up stops no polling: it has to be seen. */
  private void backlog(Exchange exchange, JsonNode open) {
    open.properties()
        .forEach(
            sink -> {
              int most = settings.integer("sink." + sink.getKey() + ".backlog-max");
              if (sink.getValue().asLong() > most) {
                LOG.warn(
                    "{}: {} deliveries to {} are open, more than sink.{}.backlog-max = {}",
                    exchange.getVariable("connectionName"),
                    sink.getValue(),
                    sink.getKey(),
                    sink.getKey(),
                    most);
              }
            });
  }

  /** After pauses.decide. */
  public void paused(Exchange exchange) {
    String connection = exchange.getVariable("connectionName", String.class);
    String outcome = exchange.getVariable("outcome", String.class);
    Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    boolean known = Pauses.isKnown(caught);
    String tracker = exchange.getVariable("tracker", String.class);
    switch (outcome) {
      case "wait" -> {
        metrics(exchange)
            .waited(
                tracker,
                exchange.getVariable("limited", false, Boolean.class) ? "rate-limit" : "retry");
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
        metrics(exchange).operation(tracker, "Failed");
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

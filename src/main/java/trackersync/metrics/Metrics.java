package trackersync.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our own meters, beside Camel's and the JVM's. The engine's routes count by name ({@code bean:
 * {ref: metrics, method: …}}); what stands in tables is read when somebody scrapes, at most every
 * ten seconds.
 */
public final class Metrics {
  private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);
  private static final long READ_EVERY_NANOS = 10_000_000_000L;
  private static final String PREFIX = "tracker.sync.";

  private final MeterRegistry registry;
  private final MultiGauge setAside;
  private final MultiGauge running;
  private final MultiGauge lag;
  private final MultiGauge backlog;
  private long readAt;
  private boolean read;

  /** One a process: its meters are registered here. */
  public Metrics(MeterRegistry registry) {
    this.registry = registry;
    setAside = gauge("set.aside.open", "Records set aside and not stored yet");
    running = gauge("operations.open", "Operations by status, ended ones left out");
    lag = gauge("connection.lag.seconds", "Since the end of the last operation that Completed");
    backlog = gauge("deliveries.open", "Records not delivered to a sink yet");
  }

  private MultiGauge gauge(String name, String description) {
    return MultiGauge.builder(PREFIX + name).description(description).register(registry);
  }

  /**
   * Counts records of a page.
   *
   * @param outcome created, updated, skipped, failed, ignored …: a word, never outside text
   * @param count zero does nothing
   */
  public void records(String tracker, String outcome, long count) {
    if (count > 0) {
      counter("records", "Records by what became of them", "tracker", tracker, "outcome", outcome)
          .increment(count);
    }
  }

  /**
   * Counts a page and its records, once they are committed. Variables: tracker, created, updated,
   * skipped, failed.
   */
  public void stored(Exchange exchange) {
    String tracker = exchange.getVariable("tracker", String.class);
    page(tracker);
    for (String outcome : List.of("created", "updated", "skipped", "failed")) {
      records(tracker, outcome, exchange.getVariable(outcome, 0L, Long.class));
    }
  }

  /** Counts a page read, mapped and committed. */
  public void page(String tracker) {
    counter("pages", "Pages committed", "tracker", tracker).increment();
  }

  /**
   * Counts an operation that changed its status.
   *
   * @param status Pending, InProgress, Completed, Failed
   */
  public void operation(String tracker, String status) {
    counter("operations", "Operations by status reached", "tracker", tracker, "status", status)
        .increment();
  }

  /**
   * Counts a wait.
   *
   * @param reason a word such as rate-limit
   */
  public void waited(String tracker, String reason) {
    counter("waits", "Times an operation had to wait", "tracker", tracker, "reason", reason)
        .increment();
  }

  /** Counts a record set aside at a stage: map, check, write, deliver. */
  public void setAside(String tracker, String stage) {
    counter("set.aside", "Records set aside", "tracker", tracker, "stage", stage).increment();
  }

  /** Counts an answer of the API by operation and status. */
  public void answered(String operation, int status) {
    counter(
            "http.answers",
            "Answers of the API",
            "operation",
            operation,
            "status",
            Integer.toString(status))
        .increment();
  }

  private Counter counter(String name, String description, String... tags) {
    return Counter.builder(PREFIX + name).description(description).tags(tags).register(registry);
  }

  /** Reads the tables; on failure the last values stay and the log says so. */
  public synchronized void read(DataSource database) {
    long now = System.nanoTime();
    if (read && now - readAt < READ_EVERY_NANOS) {
      return;
    }
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(5);
      fill(
          statement,
          setAside,
          "select c.name as connection, count(s.id) as n from connections c left join"
              + " set_aside_records s on s.connection_id = c.id and s.resolved_at is null"
              + " where c.removed_at is null group by c.name");
      fill(
          statement,
          running,
          "select w.status, count(o.id) as n from (values ('Pending'), ('InProgress')) w (status)"
              + " left join operations o on o.status = w.status group by w.status");
      fill(
          statement,
          lag,
          "select name as connection, extract(epoch from now() - coalesce(last_sync_at,"
              + " created_at)) as n from connections where removed_at is null");
      fill(
          statement,
          backlog,
          "select sink, count(*) as n from deliveries where state <> 'delivered' group by sink");
      readAt = now;
      read = true;
    } catch (SQLException e) {
      LOG.warn("metrics: the tables cannot be read, the last values stay: {}", e.getMessage());
    }
  }

  private static void fill(Statement statement, MultiGauge gauge, String query)
      throws SQLException {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(query)) {
      String tag = result.getMetaData().getColumnLabel(1);
      while (result.next()) {
        rows.add(MultiGauge.Row.of(Tags.of(tag, result.getString(1)), result.getDouble("n")));
      }
    }
    gauge.register(rows, true);
  }
}

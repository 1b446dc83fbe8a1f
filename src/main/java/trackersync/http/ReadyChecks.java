package trackersync.http;

import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.quartz.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must work before the process is called ready: its own port, the database, Quartz. */
final class ReadyChecks {
  private static final Logger LOG = LoggerFactory.getLogger(ReadyChecks.class);
  private static final long WAIT_SECONDS = 3;

  private ReadyChecks() {}

  static List<HealthCheck> of(OwnPort port, Supplier<CamelContext> camel) {
    return List.of(
        new Check("own-port", () -> port.answers() ? null : "no answer at " + port.address()),
        new Check("database", () -> database(camel.get())),
        new Check("quartz", () -> quartz(camel.get())));
  }

  private static String database(CamelContext camel) throws Exception {
    DataSource source = camel.getRegistry().lookupByNameAndType("dataSource", DataSource.class);
    if (source == null) {
      return "there is none";
    }
    try (Connection connection = source.getConnection()) {
      return connection.isValid((int) WAIT_SECONDS) ? null : "the connection is dead";
    }
  }

  private static String quartz(CamelContext camel) throws Exception {
    QuartzComponent quartz = (QuartzComponent) camel.hasComponent("quartz");
    Scheduler scheduler = quartz == null ? null : quartz.getScheduler();
    if (scheduler == null) {
      return "there is no scheduler";
    }
    return scheduler.isStarted() && !scheduler.isInStandbyMode() && !scheduler.isShutdown()
        ? null
        : "the scheduler does not run";
  }

  /** Null when well, else what is wrong; a look that hangs is not repeated until it comes back. */
  private static final class Check extends AbstractHealthCheck {
    private final Callable<String> look;
    private final ExecutorService thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread daemon = new Thread(task, "ready-" + getId());
              daemon.setDaemon(true);
              return daemon;
            });
    private Future<String> running;

    Check(String id, Callable<String> look) {
      super("tracker-sync", id);
      this.look = look;
    }

    @Override
    public boolean isLiveness() {
      return false;
    }

    @Override
    protected synchronized void doCall(
        HealthCheckResultBuilder builder, Map<String, Object> options) {
      String wrong;
      try {
        if (running == null || running.isDone()) {
          running = thread.submit(look);
        }
        wrong = running.get(WAIT_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        wrong = "no answer within " + WAIT_SECONDS + " s";
      } catch (ExecutionException e) {
        LOG.warn("ready: {} cannot be looked at", getId(), e.getCause());
        wrong = "out of reach";
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        wrong = "interrupted";
      }
      if (wrong == null) {
        builder.up();
      } else {
        builder.message(getId() + ": " + wrong).down();
      }
    }
  }
}

package trackersync.operation;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/**
 * Sends a wake-up when a wait is over, so that a short one does not take until the next sweep; bean
 * {@code wakeUps}. Only a hint: a lost one is made good by the sweep.
 */
public final class WakeUps implements AutoCloseable {
  private final CamelContext camel;
  private final String queue;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          r -> {
            Thread t = new Thread(r, "wake-ups");
            t.setDaemon(true);
            return t;
          });
  private ProducerTemplate template;

  public WakeUps(CamelContext camel, String queue) {
    this.camel = camel;
    this.queue = queue;
  }

  /** In {@code waitMs}; waits longer than a minute are left to the sweep. */
  public void later(Exchange exchange) {
    long wait = exchange.getVariable("waitMs", Long.class);
    if (wait <= 60_000) {
      timer.schedule(this::now, wait + 5, TimeUnit.MILLISECONDS);
    }
  }

  /** At once. */
  public void now() {
    if (camel.isStarted()) {
      template().sendBody(queue, "");
    }
  }

  private synchronized ProducerTemplate template() {
    if (template == null) {
      template = camel.createProducerTemplate();
    }
    return template;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}

package trackersync.operation;

import java.time.Duration;
import org.apache.camel.Exchange;
import trackersync.settings.Settings;

/** How long a claim holds, by the database's clock; bean {@code lease}. */
public final class Lease {
  private final String node;
  private final Duration lease;
  private final Duration pageDeadline;

  public Lease(Settings settings, String node) {
    this.node = node;
    this.lease = settings.duration("operations.lease");
    // one answer read ahead, one page written: past this a worker counts as stuck
    this.pageDeadline = settings.duration("fetch.deadline").multipliedBy(2).plusSeconds(30);
  }

  /** Sets variables node, leaseMs, pageDeadlineMs, stopping. */
  public void describe(Exchange exchange) {
    exchange.setVariable("stopping", exchange.getContext().isStopping());
    exchange.setVariable("node", node);
    exchange.setVariable("leaseMs", lease.toMillis());
    exchange.setVariable("pageDeadlineMs", pageDeadline.toMillis());
  }
}

package trackersync.operation;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import trackersync.settings.Settings;

/** How long a claim holds, by the database's clock; bean {@code lease}. */
public final class Lease {
  private static final String CLAIM = "trackerSyncClaim";

  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private final String node;
  private final Duration lease;
  private final Duration pageDeadline;

  public Lease(Settings settings, String node) {
    this.node = node;
    this.lease = settings.duration("operations.lease");
    // one answer read ahead, one page written: past this a worker counts as stuck
    this.pageDeadline = settings.duration("fetch.deadline").multipliedBy(2).plusSeconds(30);
  }

  /** Body: the row of claim-operation.sql. From now on the lease is renewed. */
  public void hold(Exchange exchange) {
    Map<?, ?> row = exchange.getMessage().getBody(Map.class);
    String claim = row.get("operation") + "/" + row.get("fence");
    exchange.setProperty(CLAIM, claim);
    held.add(claim);
  }

  /** The run is over, however it ended: what its row says about the lease is the last word. */
  public void letGo(Exchange exchange) {
    held.remove(exchange.getProperty(CLAIM, String.class));
  }

  /**
   * Sets variables node, leaseMs, pageDeadlineMs, stopping, and held: claims as OPERATION/FENCE.
   */
  public void describe(Exchange exchange) {
    exchange.setVariable("held", String.join(",", held));
    exchange.setVariable("stopping", exchange.getContext().isStopping());
    exchange.setVariable("node", node);
    exchange.setVariable("leaseMs", lease.toMillis());
    exchange.setVariable("pageDeadlineMs", pageDeadline.toMillis());
  }
}

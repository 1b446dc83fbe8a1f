package trackersync.operation;

import java.util.Map;
import org.apache.camel.Exchange;

/** Lets a page transaction go on only while this worker holds the operation; bean {@code fence}. */
public final class Fence {
  /**
   * Body: the row of check-fence.sql, or null when another fencing token is in force.
   *
   * @throws FenceLost when the lease was taken over
   * @throws Cancelled when somebody asked for the end, or whoever asked for the operation lost the
   *     role that let him
   */
  public void hold(Exchange exchange) {
    Map<?, ?> row = exchange.getMessage().getBody(Map.class);
    if (row == null) {
      throw new FenceLost(exchange.getVariable("operation", String.class));
    }
    if (row.get("cancelled_by") != null) {
      throw new Cancelled((String) row.get("cancelled_by"));
    }
    if (Boolean.TRUE.equals(row.get("withdrawn"))) {
      throw new Cancelled(
          "tracker-sync: " + row.get("requested_by") + " may not sync this project any more");
    }
  }
}

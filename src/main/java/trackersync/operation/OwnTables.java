package trackersync.operation;

import org.apache.camel.Exchange;

/** Tables that one tracker has beside the issues; bean {@code ownTables}. */
public final class OwnTables {
  /** Whether the tracker's folder has the route {@code <tracker>-<hook>}, running or not. */
  public boolean listens(Exchange exchange) {
    String tracker = exchange.getVariable("tracker", String.class);
    String hook = exchange.getVariable("hook", String.class);
    return exchange.getContext().getRoute(tracker + "-" + hook) != null;
  }
}

package trackersync.http;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;

/** Which message headers each route began with. */
final class SeenHeaders implements CamelConfiguration {
  private static final Map<String, Set<String>> SEEN = new ConcurrentHashMap<>();

  static void clear() {
    SEEN.clear();
  }

  static Set<String> of(String route) {
    return SEEN.getOrDefault(route, Set.of());
  }

  static Set<String> routes() {
    return Set.copyOf(SEEN.keySet());
  }

  @Override
  public void configure(CamelContext context) {
    context.addRoutePolicyFactory(
        (camel, routeId, definition) ->
            new RoutePolicySupport() {
              @Override
              public void onExchangeBegin(Route route, Exchange exchange) {
                SEEN.computeIfAbsent(
                        exchange.getFromRouteId().equals(routeId) ? "from " + routeId : routeId,
                        id -> ConcurrentHashMap.newKeySet())
                    .addAll(new TreeSet<>(exchange.getMessage().getHeaders().keySet()));
              }
            });
  }
}

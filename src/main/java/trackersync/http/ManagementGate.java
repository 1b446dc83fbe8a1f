package trackersync.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;

/**
 * In front of the management port: health for probes, metrics for the scraper, nothing else. No
 * query is taken, as Camel's health page would show stack traces for one.
 */
final class ManagementGate {
  static final String HEALTH = "/observe/health";
  static final String METRICS = "/observe/metrics";
  private static final Set<String> OPEN = Set.of(HEALTH, HEALTH + "/live", HEALTH + "/ready");

  private final Optional<byte[]> scrapeToken;
  private final Runnable readMetrics;

  /**
   * @param scrapeToken empty: metrics are for everybody who reaches the port
   * @param readMetrics brings what stands in tables up to date; may block
   */
  ManagementGate(Optional<String> scrapeToken, Runnable readMetrics) {
    this.scrapeToken = scrapeToken.map(it -> it.getBytes(StandardCharsets.UTF_8));
    this.readMetrics = readMetrics;
  }

  void install(Router router) {
    router
        .route()
        .order(-1000)
        .handler(this::enter)
        .failureHandler(ctx -> Problem.send(ctx, Math.max(500, ctx.statusCode()), null));
    router.route().order(Integer.MAX_VALUE).handler(ctx -> Problem.send(ctx, 404, null));
  }

  private void enter(RoutingContext ctx) {
    ctx.response()
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    String path = ctx.normalizedPath();
    boolean metrics = path.equals(METRICS);
    if (!metrics && !OPEN.contains(path)
        || ctx.request().query() != null
        || !ctx.request().method().equals(HttpMethod.GET)) {
      Problem.send(ctx, 404, null);
    } else if (!metrics) {
      ctx.next();
    } else if (mayScrape(ctx)) {
      ctx.request().pause();
      ctx.vertx()
          .executeBlocking(
              () -> {
                readMetrics.run();
                return null;
              },
              false)
          .onComplete(
              read -> {
                ctx.request().resume();
                ctx.next();
              });
    } else {
      ctx.response().putHeader("WWW-Authenticate", "Bearer");
      Problem.send(ctx, 401, null);
    }
  }

  private boolean mayScrape(RoutingContext ctx) {
    if (scrapeToken.isEmpty()) {
      return true;
    }
    String header = ctx.request().getHeader(HttpHeaders.AUTHORIZATION);
    return header != null
        && header.regionMatches(true, 0, "Bearer ", 0, 7)
        && MessageDigest.isEqual(
            scrapeToken.get(), header.substring(7).trim().getBytes(StandardCharsets.UTF_8));
  }
}

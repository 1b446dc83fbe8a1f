package trackersync.http;

import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trackersync.metrics.Metrics;

/**
 * In front of everything on the API port: nothing passes that is neither an operation of the
 * contract nor a page of {@link Assets}, and no operation without the token and role it declares.
 * Installed on Camel's router by order, before its routes.
 */
final class Gate {
  /** Answers 204 to who knows this process's own word, so that it can find its own port. */
  static final String PROBE_HEADER = "X-Tracker-Sync-Probe";

  static final String OPERATION = "operation";
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
  private static final String CONTENT_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none';"
          + " form-action 'self'; frame-ancestors 'none'";
  private static final Map<String, String> HEADERS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Content-Security-Policy", CONTENT_POLICY);

  private final Contract contract;
  private final Tokens tokens;
  private final Assets assets;
  private final Metrics metrics;
  private final RateLimit strangers;
  private final RateLimit callers;
  private final String probeWord;
  private final long bodyMax;
  private volatile boolean open;

  /**
   * @param perMinute calls a minute, for each token's subject and for each address without one
   * @param bodyMax bytes
   */
  Gate(
      Contract contract,
      Tokens tokens,
      Assets assets,
      Metrics metrics,
      int perMinute,
      long bodyMax,
      String probeWord) {
    this.contract = contract;
    this.tokens = tokens;
    this.assets = assets;
    this.metrics = metrics;
    this.strangers = new RateLimit(perMinute, System::nanoTime);
    this.callers = new RateLimit(perMinute, System::nanoTime);
    this.bodyMax = bodyMax;
    this.probeWord = probeWord;
  }

  void install(Router router) {
    router.route().order(-1000).handler(this::enter).failureHandler(Gate::failed);
    router.route().order(-900).handler(this::look);
    // whatever no route answered; also what keeps the gate closed should Camel's order change
    router.route().order(Integer.MAX_VALUE).handler(ctx -> Problem.send(ctx, 404, null));
  }

  /** Until now every call gets 503: the routes were not all there. */
  void open() {
    open = true;
  }

  private void enter(RoutingContext ctx) {
    HttpServerResponse response = ctx.response();
    ctx.addHeadersEndHandler(
        ending -> {
          HEADERS.forEach(response::putHeader);
          if (!response.headers().contains(HttpHeaders.CACHE_CONTROL)) {
            response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
          }
          if (response.getStatusCode() == 204) {
            response.headers().remove(HttpHeaders.CONTENT_TYPE);
          }
        });
    ctx.addEndHandler(
        ended -> {
          Contract.Operation operation = ctx.get(OPERATION);
          metrics.answered(operation == null ? "none" : operation.id(), response.getStatusCode());
        });
    if (!open) {
      response.putHeader(HttpHeaders.RETRY_AFTER, "1");
      Problem.send(ctx, 503, "starting");
    } else if (probeWord.equals(ctx.request().getHeader(PROBE_HEADER))) {
      response.setStatusCode(204).end();
    } else {
      ctx.next();
    }
  }

  private static void failed(RoutingContext ctx) {
    int status = ctx.statusCode() < 400 ? 500 : ctx.statusCode();
    if (ctx.failure() instanceof HttpClosedException) {
      LOG.debug("http: the caller left before the end of the request");
    } else if (ctx.failure() != null && status >= 500) {
      LOG.error("http: {} failed", ctx.request().method(), ctx.failure());
    }
    Problem.send(ctx, status, null);
  }

  private void look(RoutingContext ctx) {
    HttpServerRequest request = ctx.request();
    String method = request.method().name();
    Optional<Assets.Asset> asset = assets.find(ctx.normalizedPath());
    if (asset.isPresent()) {
      if (!isLimited(ctx, strangers, address(ctx))) {
        sendAsset(ctx, asset.get());
      }
      return;
    }
    Contract.Match match = contract.match(method, ctx.normalizedPath());
    if (match instanceof Contract.Match.Unknown) {
      if (!isLimited(ctx, strangers, address(ctx))) {
        Problem.send(ctx, 404, null);
      }
    } else if (match instanceof Contract.Match.OtherMethod other && other.open()) {
      sendAllow(ctx, other);
    } else if (match instanceof Contract.Match.Found found
        && found.operation().needed().isEmpty()) {
      ctx.put(OPERATION, found.operation());
      if (!isLimited(ctx, strangers, address(ctx))) {
        pass(ctx, found.operation());
      }
    } else {
      authenticate(ctx, match);
    }
  }

  /** Signatures and key sets may take time: off the event loop, with the body held back. */
  private void authenticate(RoutingContext ctx, Contract.Match match) {
    String header = ctx.request().getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      refuseStranger(ctx, "Bearer");
      return;
    }
    boolean loopback = Keys.isLoopback(ctx.request().remoteAddress().hostAddress());
    ctx.request().pause();
    ctx.vertx()
        .executeBlocking(() -> tokens.verify(header.substring(7).trim(), loopback), false)
        .onSuccess(caller -> authorize(ctx, match, caller))
        .onFailure(
            reason -> {
              LOG.debug("http: token refused: {}", reason.getMessage());
              refuseStranger(ctx, "Bearer error=\"invalid_token\"");
            });
  }

  private void refuseStranger(RoutingContext ctx, String challenge) {
    if (!isLimited(ctx, strangers, address(ctx))) {
      ctx.response().putHeader("WWW-Authenticate", challenge);
      Problem.send(ctx, 401, null);
    }
  }

  private void authorize(RoutingContext ctx, Contract.Match match, Caller caller) {
    if (isLimited(ctx, callers, caller.subject())) {
      return;
    }
    if (match instanceof Contract.Match.OtherMethod other) {
      sendAllow(ctx, other);
      return;
    }
    Contract.Operation operation = ((Contract.Match.Found) match).operation();
    ctx.put(OPERATION, operation);
    Role needed = operation.needed().orElseThrow();
    if (!caller.may(needed)) {
      Problem.send(ctx, 403, operation.id() + " needs the role " + needed.word());
      return;
    }
    ctx.setUser(User.create(caller.principal()));
    pass(ctx, operation);
  }

  /** On to Camel, unless there is a body Camel should not even read. */
  private void pass(RoutingContext ctx, Contract.Operation operation) {
    HttpServerRequest request = ctx.request();
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    boolean body =
        request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null
            || (length != null && !length.equals("0"));
    if (!body) {
      ctx.next();
    } else if (length != null && (length.length() > 18 || Long.parseLong(length) > bodyMax)) {
      ctx.response().putHeader(HttpHeaders.CONNECTION, "close");
      Problem.send(ctx, 413, "at most " + bodyMax + " bytes");
    } else if (operation.body() == null) {
      Problem.send(ctx, 400, operation.id() + " takes no body");
    } else if (!isJson(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
      Problem.send(ctx, 415, operation.id() + " takes application/json");
    } else {
      ctx.next();
    }
  }

  /** Forms are left out on purpose: Camel would take their fields for message headers. */
  private static boolean isJson(String contentType) {
    if (contentType == null) {
      return false;
    }
    String type = contentType.toLowerCase(Locale.ROOT).replace(" ", "").replace("\"", "");
    return type.equals("application/json") || type.equals("application/json;charset=utf-8");
  }

  private static void sendAllow(RoutingContext ctx, Contract.Match.OtherMethod other) {
    ctx.response().putHeader(HttpHeaders.ALLOW, String.join(", ", other.allow()));
    Problem.send(ctx, 405, null);
  }

  private static void sendAsset(RoutingContext ctx, Assets.Asset asset) {
    HttpMethod method = ctx.request().method();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      ctx.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
      Problem.send(ctx, 405, null);
      return;
    }
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, asset.type())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .putHeader(HttpHeaders.ETAG, asset.etag());
    if (asset.etag().equals(ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
      ctx.response().setStatusCode(304).end();
    } else if (method.equals(HttpMethod.HEAD)) {
      ctx.response()
          .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(asset.content().length()))
          .end();
    } else {
      ctx.end(asset.content());
    }
  }

  private static boolean isLimited(RoutingContext ctx, RateLimit limit, String key) {
    Duration wait = limit.take(key);
    if (wait.isZero()) {
      return false;
    }
    ctx.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(wait.toSeconds()));
    Problem.send(ctx, 429, "more calls than http.rate-per-minute allows");
    return true;
  }

  private static String address(RoutingContext ctx) {
    return ctx.request().remoteAddress().hostAddress();
  }
}

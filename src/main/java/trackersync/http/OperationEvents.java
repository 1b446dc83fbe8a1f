package trackersync.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Live progress as server-sent events. Camel can only answer with whole bodies, so this stands on
 * the router, behind the gate. However many watch an operation, its row is read once a tick; a
 * client that reads slowly gets the newest state, not a queue.
 */
final class OperationEvents {
  /** Operations of the contract that are event streams; each has a route that finds the row. */
  static final Set<String> IDS = Set.of("watch-operation", "watch-repository-sync");

  static final int CLIENTS_MAX = 200;

  private static final Logger LOG = LoggerFactory.getLogger(OperationEvents.class);
  private static final long TICK_MS = 250;
  private static final Duration STREAM_MAX = Duration.ofHours(1);

  /** Throws {@link ApiException} for who may not watch. */
  interface Guard {
    void check(Contract.Operation operation, Map<String, String> parameters, Caller caller);
  }

  /**
   * What is watched.
   *
   * @param route finds the row
   * @param parameters of the path
   */
  private record Subject(String route, Map<String, String> parameters) {}

  /** An operation as it stands. */
  private record State(String json, boolean over) {}

  private static final class Client {
    private final HttpServerResponse response;
    private final long since = System.nanoTime();
    private String sent;
    private long wroteAt = since;

    Client(HttpServerResponse response) {
      this.response = response;
    }
  }

  private final class Watch {
    private final Subject subject;
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private final long timer;
    private boolean looking;

    Watch(Subject subject) {
      this.subject = subject;
      this.timer = vertx.setPeriodic(TICK_MS, tick -> look());
    }

    private synchronized void look() {
      if (looking) {
        return;
      }
      looking = true;
      vertx
          .executeBlocking(() -> state(subject), false)
          .onComplete(
              seen -> {
                synchronized (this) {
                  looking = false;
                }
                if (seen.failed()) {
                  LOG.warn("{} cannot be watched: {}", subject, seen.cause().toString());
                }
                clients.forEach(client -> send(client, seen.succeeded() ? seen.result() : null));
              });
    }
  }

  private final Vertx vertx;
  private final BiFunction<String, Map<String, String>, Map<String, Object>> find;
  private final Guard guard;
  private final long beatNanos;
  private final Map<Subject, Watch> watches = new ConcurrentHashMap<>();
  private final AtomicInteger clients = new AtomicInteger();

  /**
   * @param find the row of an operation by route and parameters of the path, null when there is
   *     none; may block
   * @param guard who may watch; may block
   * @param beat how often a quiet stream gets a comment line
   */
  OperationEvents(
      Vertx vertx,
      BiFunction<String, Map<String, String>, Map<String, Object>> find,
      Guard guard,
      Duration beat) {
    this.vertx = vertx;
    this.find = find;
    this.guard = guard;
    this.beatNanos = beat.toNanos();
  }

  void install(Router router) {
    router.route().order(-500).handler(this::handle);
  }

  /** Streams that are open. */
  int clients() {
    return clients.get();
  }

  private void handle(RoutingContext ctx) {
    Contract.Operation operation = ctx.get(Gate.OPERATION);
    if (operation == null || !IDS.contains(operation.id())) {
      ctx.next();
      return;
    }
    Map<String, String> parameters = new TreeMap<>();
    operation
        .pathParameters(ctx.normalizedPath())
        .forEach((name, value) -> parameters.put(name, value.toLowerCase(Locale.ROOT)));
    Subject subject = new Subject(operation.id(), parameters);
    Caller caller = Caller.of(ctx.user().principal());
    String accept = ctx.request().getHeader(HttpHeaders.ACCEPT);
    if (accept != null && !accept.contains("text/event-stream") && !accept.contains("*/*")) {
      Problem.send(ctx, 406, operation.id() + " answers with text/event-stream");
    } else if (ctx.request().query() != null
        || !parameters.values().stream().allMatch(it -> Access.UUID.matcher(it).matches())) {
      Problem.send(ctx, 400, Problem.NOT_THE_CONTRACT);
    } else if (clients.incrementAndGet() > CLIENTS_MAX) {
      clients.decrementAndGet();
      ctx.response().putHeader(HttpHeaders.RETRY_AFTER, "5");
      Problem.send(ctx, 503, "too many watch; poll the operation instead");
    } else {
      ctx.addEndHandler(ended -> clients.decrementAndGet());
      ctx.request().resume();
      vertx
          .executeBlocking(
              () -> {
                guard.check(operation, parameters, caller);
                return state(subject);
              },
              false)
          .onSuccess(state -> begin(ctx, subject, state))
          .onFailure(failure -> refuse(ctx, failure));
    }
  }

  private static void refuse(RoutingContext ctx, Throwable failure) {
    if (failure instanceof ApiException refusal) {
      Problem.send(ctx, refusal.status(), refusal.getMessage());
    } else {
      ctx.fail(failure);
    }
  }

  private void begin(RoutingContext ctx, Subject subject, State state) {
    if (state == null) {
      Problem.send(ctx, 404, "there is no such resource");
      return;
    }
    HttpServerResponse response = ctx.response();
    if (response.closed()) {
      return;
    }
    response
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .putHeader("X-Accel-Buffering", "no");
    Client client = new Client(response);
    ctx.addEndHandler(ended -> leave(subject, client));
    watches.compute(
        subject,
        (key, watch) -> {
          Watch joined = watch == null ? new Watch(subject) : watch;
          joined.clients.add(client);
          return joined;
        });
    send(client, state);
  }

  private void leave(Subject subject, Client client) {
    watches.computeIfPresent(
        subject,
        (key, watch) -> {
          watch.clients.remove(client);
          if (watch.clients.isEmpty()) {
            vertx.cancelTimer(watch.timer);
            return null;
          }
          return watch;
        });
  }

  private State state(Subject subject) {
    Map<String, Object> row = find.apply(subject.route(), subject.parameters());
    return row == null ? null : new State(Json.text(Json.row(row)), row.get("completedAt") != null);
  }

  private void send(Client client, State state) {
    HttpServerResponse response = client.response;
    synchronized (client) {
      if (response.closed() || response.ended()) {
        return;
      }
      long now = System.nanoTime();
      if (state != null && state.over()) {
        response.end("event: end\ndata: " + state.json() + "\n\n");
      } else if (now - client.since > STREAM_MAX.toNanos()) {
        response.end();
      } else if (response.writeQueueFull()) {
        LOG.debug("a watcher reads slowly, it skips a state");
      } else if (state != null && !state.json().equals(client.sent)) {
        response.write("event: operation\ndata: " + state.json() + "\n\n");
        client.sent = state.json();
        client.wroteAt = now;
      } else if (now - client.wroteAt > beatNanos) {
        response.write(": beat\n\n");
        client.wroteAt = now;
      }
    }
  }
}

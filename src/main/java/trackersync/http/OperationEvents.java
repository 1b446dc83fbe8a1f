package trackersync.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Live progress as server-sent events. Camel can only answer with whole bodies, so this stands on
 * the router, behind the gate. However many watch an operation, its row is read once a tick; a
 * client that reads slowly gets the newest state, not a queue.
 */
final class OperationEvents {
  static final String ID = "watch-operation";
  static final int CLIENTS_MAX = 200;

  private static final Logger LOG = LoggerFactory.getLogger(OperationEvents.class);
  private static final long TICK_MS = 250;
  private static final Duration STREAM_MAX = Duration.ofHours(1);
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

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
    private final String id;
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private final long timer;
    private boolean looking;

    Watch(String id) {
      this.id = id;
      this.timer = vertx.setPeriodic(TICK_MS, tick -> look());
    }

    private synchronized void look() {
      if (looking) {
        return;
      }
      looking = true;
      vertx
          .executeBlocking(() -> state(id), false)
          .onComplete(
              seen -> {
                synchronized (this) {
                  looking = false;
                }
                if (seen.failed()) {
                  LOG.warn("operation {} cannot be watched: {}", id, seen.cause().toString());
                }
                clients.forEach(client -> send(client, seen.succeeded() ? seen.result() : null));
              });
    }
  }

  private final Vertx vertx;
  private final Function<String, Map<String, Object>> find;
  private final long beatNanos;
  private final Map<String, Watch> watches = new ConcurrentHashMap<>();
  private final AtomicInteger clients = new AtomicInteger();

  /**
   * @param find the row of an operation by its id, null when there is none; may block
   * @param beat how often a quiet stream gets a comment line
   */
  OperationEvents(Vertx vertx, Function<String, Map<String, Object>> find, Duration beat) {
    this.vertx = vertx;
    this.find = find;
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
    if (operation == null || !operation.id().equals(ID)) {
      ctx.next();
      return;
    }
    String id = operation.pathParameters(ctx.normalizedPath()).get("id");
    String accept = ctx.request().getHeader(HttpHeaders.ACCEPT);
    if (accept != null && !accept.contains("text/event-stream") && !accept.contains("*/*")) {
      Problem.send(ctx, 406, ID + " answers with text/event-stream");
    } else if (ctx.request().query() != null || !UUID.matcher(id).matches()) {
      Problem.send(ctx, 400, Problem.NOT_THE_CONTRACT);
    } else if (clients.incrementAndGet() > CLIENTS_MAX) {
      clients.decrementAndGet();
      ctx.response().putHeader(HttpHeaders.RETRY_AFTER, "5");
      Problem.send(ctx, 503, "too many watch; poll the operation instead");
    } else {
      ctx.addEndHandler(ended -> clients.decrementAndGet());
      ctx.request().resume();
      vertx
          .executeBlocking(() -> state(id), false)
          .onSuccess(state -> begin(ctx, id.toLowerCase(java.util.Locale.ROOT), state))
          .onFailure(ctx::fail);
    }
  }

  private void begin(RoutingContext ctx, String id, State state) {
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
    ctx.addEndHandler(ended -> leave(id, client));
    watches.compute(
        id,
        (key, watch) -> {
          Watch joined = watch == null ? new Watch(id) : watch;
          joined.clients.add(client);
          return joined;
        });
    send(client, state);
  }

  private void leave(String id, Client client) {
    watches.computeIfPresent(
        id,
        (key, watch) -> {
          watch.clients.remove(client);
          if (watch.clients.isEmpty()) {
            vertx.cancelTimer(watch.timer);
            return null;
          }
          return watch;
        });
  }

  private State state(String id) {
    Map<String, Object> row = find.apply(id);
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

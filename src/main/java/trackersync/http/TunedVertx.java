package trackersync.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.VertxInternal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The Vert.x both ports run on. Camel's HTTP server has no setting for slow clients and long
 * headers; a bean of type Vertx that edits the options of each server it creates supplies them.
 */
final class TunedVertx {
  static final int LINE_MAX = 4_096;
  static final int HEADERS_MAX = 16_384;
  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");
  private static final int WORKERS = 40;

  private TunedVertx() {}

  /**
   * @param idle how long a connection may be silent
   */
  static Vertx create(Duration idle) {
    Vertx real =
        Vertx.vertx(
            new VertxOptions()
                .setWorkerPoolSize(WORKERS)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    return (Vertx)
        Proxy.newProxyInstance(
            TunedVertx.class.getClassLoader(),
            new Class<?>[] {VertxInternal.class},
            (proxy, method, arguments) -> {
              boolean server =
                  method.getName().equals("createHttpServer")
                      && arguments != null
                      && arguments.length == 1
                      && arguments[0] instanceof HttpServerOptions;
              if (server) {
                tune((HttpServerOptions) arguments[0], idle);
              }
              try {
                Object result = method.invoke(real, arguments);
                return server ? guarded((HttpServer) result) : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Before any router: what cannot be parsed, or has a path no router can read. */
  private static HttpServer guarded(HttpServer real) {
    real.invalidRequestHandler(Problem::unreadable);
    return (HttpServer)
        Proxy.newProxyInstance(
            TunedVertx.class.getClassLoader(),
            new Class<?>[] {HttpServer.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("requestHandler") && arguments != null) {
                @SuppressWarnings("unchecked")
                Handler<HttpServerRequest> next = (Handler<HttpServerRequest>) arguments[0];
                return real.requestHandler(request -> pass(request, next));
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void pass(HttpServerRequest request, Handler<HttpServerRequest> next) {
    String path = request.path();
    if (path == null || !path.startsWith("/") || BROKEN_ESCAPE.matcher(path).find()) {
      Problem.unreadable(request);
    } else {
      next.handle(request);
    }
  }

  private static void tune(HttpServerOptions options, Duration idle) {
    options
        .setIdleTimeout((int) idle.toMillis())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setMaxInitialLineLength(LINE_MAX)
        .setMaxHeaderSize(HEADERS_MAX)
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(true);
  }
}

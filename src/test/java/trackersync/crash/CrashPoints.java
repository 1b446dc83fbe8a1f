package trackersync.crash;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;

/**
 * The crash points of a process under test; named by system property {@code
 * tracker-sync.extension}, told what to do by {@link Plan#PROPERTY}. Nothing of it is in the
 * program.
 */
public final class CrashPoints implements CamelConfiguration, InterceptStrategy {
  private static final ThreadLocal<Boolean> REQUEST = ThreadLocal.withInitial(() -> false);
  private static final ThreadLocal<Boolean> COMMIT = ThreadLocal.withInitial(() -> false);
  private static CrashPoints current;

  private final Plan plan = Plan.parse(System.getProperty(Plan.PROPERTY));
  private final AtomicInteger seen = new AtomicInteger();
  private CamelContext camel;

  @Override
  public void configure(CamelContext context) {
    camel = context;
    context.getCamelContextExtension().addInterceptStrategy(this);
    HttpClientConfigurer client =
        context.getRegistry().lookupByNameAndType("sourceClient", HttpClientConfigurer.class);
    context.getRegistry().unbind("sourceClient");
    context
        .getRegistry()
        .bind(
            "sourceClient",
            (HttpClientConfigurer)
                builder -> {
                  client.configureHttpClient(builder);
                  builder.setRequestExecutor(new Requests());
                });
    hold(this);
  }

  private static synchronized void hold(CrashPoints points) {
    current = points;
  }

  /**
   * Called by {@link CommitWatch} when this thread has sent something to the database. After the
   * last statement of a page that is its COMMIT.
   */
  static void sent() {
    if (COMMIT.get()) {
      COMMIT.remove();
      current.die();
    }
  }

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode node, Processor target, Processor next) {
    return plan.point().step.equals(node.getId()) ? new Point(target) : target;
  }

  private final class Point extends DelegateAsyncProcessor {
    Point(Processor target) {
      super(target);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      if (plan.point().before) {
        reached(exchange);
        return super.process(exchange, callback);
      }
      return super.process(
          exchange,
          done -> {
            if (exchange.getException() == null) {
              reached(exchange);
            }
            callback.done(done);
          });
    }
  }

  private void reached(Exchange exchange) {
    if (!concerns(exchange) || seen.incrementAndGet() != plan.occurrence()) {
      return;
    }
    switch (plan.point()) {
      case T4 -> REQUEST.set(true);
      case T10 -> COMMIT.set(true);
      default -> die();
    }
  }

  private boolean concerns(Exchange exchange) {
    Object name = exchange.getVariable("connectionName");
    if (name == null && exchange.getMessage().getBody() instanceof Map<?, ?> row) {
      name = row.get("connection_name");
    }
    return name == null
        ? plan.point() == CrashPoint.T1 || plan.point() == CrashPoint.T2
        : plan.connection().isEmpty() || plan.connection().equals(name);
  }

  private void die() {
    System.err.println("crash point " + plan);
    System.err.flush();
    plan.death().come(() -> camel.isStopping() || camel.isStopped());
  }

  /** Sends as ever; the point stands between the request and the answer. */
  private final class Requests extends HttpRequestExecutor {
    @Override
    public org.apache.hc.core5.http.ClassicHttpResponse execute(
        org.apache.hc.core5.http.ClassicHttpRequest request,
        HttpClientConnection connection,
        org.apache.hc.core5.http.io.HttpResponseInformationCallback callback,
        org.apache.hc.core5.http.protocol.HttpContext context)
        throws java.io.IOException, HttpException {
      boolean armed = REQUEST.get();
      REQUEST.remove();
      return super.execute(request, armed ? watched(connection) : connection, callback, context);
    }

    private HttpClientConnection watched(HttpClientConnection connection) {
      return (HttpClientConnection)
          Proxy.newProxyInstance(
              CrashPoints.class.getClassLoader(),
              new Class<?>[] {HttpClientConnection.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("receiveResponseHeader")) {
                  die();
                }
                try {
                  return method.invoke(connection, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }
  }
}

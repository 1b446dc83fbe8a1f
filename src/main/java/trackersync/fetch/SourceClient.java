package trackersync.fetch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.apache.hc.core5.util.Timeout;

/**
 * The one HTTP client towards trackers; bean {@code sourceClient} of every {@code http:} endpoint
 * that reads. It bounds what camel-http 4.17 leaves open: the whole answer has a deadline (its
 * timeouts count each read anew, so a drip never fails), a size after decompression, a number of
 * redirects, which stay on the origin and are told to the caller. Nothing is retried in hiding.
 */
public final class SourceClient implements HttpClientConfigurer, AutoCloseable {
  /** Set by the routes, never sent: the tracker's name, for messages. */
  public static final String TRACKER = "X-Tracker-Sync-Tracker";

  /** Set on an answer that came after a permanent redirect (301, 308): the new address. */
  public static final String MOVED = "X-Tracker-Sync-Moved";

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 307, 308);

  /**
   * @param connect until the connection stands
   * @param read between two pieces of an answer
   * @param deadline for the whole answer, redirects included
   * @param bodyMax bytes of an answer, after decompression
   * @param redirectsMax hops of one request
   */
  public record Limits(
      Duration connect, Duration read, Duration deadline, long bodyMax, int redirectsMax) {}

  private final Limits limits;
  private final int connectionsMax;
  private final DnsResolver names;
  private final ScheduledExecutorService watchdog = watchdog();
  private final Set<Cancellable> calls = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  /**
   * @param names what a host's name means, and whether it may be called
   */
  public SourceClient(Limits limits, int connectionsMax, DnsResolver names) {
    this.limits = limits;
    this.connectionsMax = connectionsMax;
    this.names = names;
  }

  /**
   * An alarm that was switched off is dropped at once: it would keep its whole answer in memory.
   */
  private static ScheduledExecutorService watchdog() {
    ScheduledThreadPoolExecutor watchdog =
        new ScheduledThreadPoolExecutor(
            1,
            r -> {
              Thread t = new Thread(r, "source-deadline");
              t.setDaemon(true);
              return t;
            });
    watchdog.setRemoveOnCancelPolicy(true);
    return watchdog;
  }

  /** Breaks off the calls under way and lets no new one begin: this process is being stopped. */
  public void end() {
    ended = true;
    calls.forEach(Cancellable::cancel);
  }

  @Override
  public void close() {
    watchdog.shutdownNow();
  }

  @Override
  public void configureHttpClient(HttpClientBuilder builder) {
    builder
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableAuthCaching()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(names)
                .setMaxConnPerRoute(connectionsMax)
                .setMaxConnTotal(connectionsMax * 2)
                .setConnectionFactory(
                    ManagedHttpClientConnectionFactory.builder()
                        .http1Config(
                            Http1Config.custom()
                                .setMaxLineLength(64 * 1024)
                                .setMaxHeaderCount(200)
                                .build())
                        .build())
                .setDefaultConnectionConfig(
                    ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(limits.connect()))
                        .setSocketTimeout(Timeout.of(limits.read()))
                        .setValidateAfterInactivity(Timeout.ofSeconds(2))
                        .build())
                .build())
        .setConnectionManagerShared(false)
        .addExecInterceptorFirst("tracker-sync-limits", this::exchange);
  }

  private ClassicHttpResponse exchange(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    Header name = request.getFirstHeader(TRACKER);
    String tracker = name == null ? "source" : name.getValue();
    request.removeHeaders(TRACKER);
    AtomicBoolean late = new AtomicBoolean();
    Cancellable call = () -> scope.execRuntime instanceof Cancellable running && running.cancel();
    calls.add(call);
    Future<?> alarm =
        watchdog.schedule(
            () -> {
              late.set(true);
              call.cancel();
            },
            limits.deadline().toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      if (ended) {
        throw new IOException("tracker-sync is stopping");
      }
      return follow(tracker, request, scope, chain);
    } catch (IOException | HttpException | RuntimeException e) {
      // nobody further out frees a connection whose answer is not handed on
      scope.execRuntime.discardEndpoint();
      if (late.get() && !(e instanceof SourceException)) {
        throw new SourceException.Unavailable(
            tracker
                + ": no complete answer within "
                + limits.deadline().toSeconds()
                + " s from "
                + Addresses.shown(request.getPath())
                + ".",
            "The source is slow: it is tried again; raise fetch.deadline if this stays.",
            null);
      }
      throw e;
    } finally {
      alarm.cancel(false);
      calls.remove(call);
    }
  }

  private ClassicHttpResponse follow(
      String tracker, ClassicHttpRequest first, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    ClassicHttpRequest request = first;
    String moved = null;
    boolean permanent = true;
    for (int hops = 0; ; hops++) {
      ClassicHttpResponse response = chain.proceed(request, scope);
      response.removeHeaders(MOVED);
      Header location = response.getFirstHeader("Location");
      if (!REDIRECTS.contains(response.getCode()) || location == null) {
        readWhole(tracker, request, response, scope);
        if (moved != null) {
          response.setHeader(MOVED, moved);
        }
        return response;
      }
      URI target = Addresses.sameOrigin(tracker, location.getValue(), uri(request));
      discard(response, scope);
      if (hops >= limits.redirectsMax()) {
        throw new SourceException.Refused(
            tracker + ": more than " + limits.redirectsMax() + " redirects in a row.",
            "Look where "
                + Addresses.shown(first.getPath())
                + " leads, and set connection.<id>.url to the final place.",
            false);
      }
      permanent &= response.getCode() == 301 || response.getCode() == 308;
      moved = permanent ? target.toString() : moved;
      request = ClassicRequestBuilder.copy(request).setUri(target).build();
    }
  }

  /** The answer in memory, so that deadline and size hold for its last byte too. */
  private void readWhole(
      String tracker,
      ClassicHttpRequest request,
      ClassicHttpResponse response,
      ExecChain.Scope scope)
      throws IOException {
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return;
    }
    long length = entity.getContentLength();
    ByteArrayOutputStream body =
        new ByteArrayOutputStream(
            (int) Math.min(Math.max(length, 8_192), Math.min(limits.bodyMax(), 1 << 20)));
    try (InputStream in = entity.getContent()) {
      byte[] buffer = new byte[32 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (body.size() + n > limits.bodyMax()) {
          scope.execRuntime.discardEndpoint();
          throw new SourceException.Refused(
              tracker
                  + ": the answer from "
                  + Addresses.shown(request.getPath())
                  + " is larger than "
                  + limits.bodyMax()
                  + " bytes.",
              "Lower tracker." + tracker + ".page-size, or raise fetch.body-max.",
              false);
        }
        body.write(buffer, 0, n);
      }
    } catch (IOException e) {
      scope.execRuntime.discardEndpoint();
      throw e;
    }
    String type = entity.getContentType();
    response.setEntity(
        new ByteArrayEntity(
            body.toByteArray(), type == null ? null : ContentType.parseLenient(type)));
  }

  private static void discard(ClassicHttpResponse response, ExecChain.Scope scope)
      throws IOException {
    scope.execRuntime.discardEndpoint();
    response.close();
    scope.execRuntime.acquireEndpoint("redirect", scope.route, null, scope.clientContext);
  }

  private static URI uri(ClassicHttpRequest request) {
    try {
      return request.getUri();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a request without a readable address", e);
    }
  }
}

package trackersync.http;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.StartupListener;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.main.Main;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trackersync.metrics.Metrics;
import trackersync.settings.Settings;

/**
 * Puts the HTTP side into a Camel Main: the API port with its gate, the management port with its
 * own. Also loads nothing by itself: the routes of {@code routes/api} come with the others.
 *
 * <pre>
 * HttpKernel http = HttpKernel.configure(main, settings);   // before main.start()
 * main.start();
 * http.awaitListening(Duration.ofSeconds(20));
 * …
 * main.stop();
 * http.close();
 * </pre>
 */
public final class HttpKernel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpKernel.class);
  private static final Duration BEAT = Duration.ofSeconds(15);
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Settings settings;
  private final Vertx vertx;
  private final int httpPort;
  private final int managementPort;
  private final Gate gate;
  private final ManagementGate managementGate;
  private final OwnPort ownPort;
  private final Duration beat;
  private final Access access = new Access();
  private final ApiFailures failures = new ApiFailures();
  private OperationEvents events;
  private CamelContext camel;
  private volatile boolean installed;

  private HttpKernel(Main main, Settings settings) {
    this.settings = settings;
    Keys keys = Keys.open(settings);
    Contract contract = Contract.load();
    Duration idle = settings.duration("http.idle-timeout");
    String host = settings.get("http.host");
    String managementHost = settings.get("management.host");
    httpPort = port(settings.integer("http.port"), host);
    managementPort = port(settings.integer("management.port"), managementHost);
    if (httpPort == managementPort) {
      throw new IllegalStateException(
          "http.port and management.port are both " + httpPort + ". Give each its own.");
    }
    String probeWord = UUID.randomUUID().toString();
    ownPort = new OwnPort(host, httpPort, probeWord);
    beat = idle.dividedBy(2).compareTo(BEAT) < 0 ? idle.dividedBy(2) : BEAT;
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Metrics metrics = new Metrics(registry);
    gate =
        new Gate(
            contract,
            keys.tokens(Keys.cliToken(settings)),
            new Assets(),
            metrics,
            settings.integer("http.rate-per-minute"),
            settings.bytes("http.body-max"),
            probeWord);
    managementGate =
        new ManagementGate(
            settings.find("management.scrape-token"),
            () -> metrics.read(camel.getRegistry().findSingleByType(DataSource.class)));
    vertx = TunedVertx.create(idle);
    beans(main, contract, registry, metrics);
    properties(main, host, managementHost);
    main.configure().addConfiguration(new Installer());
    if (keys.isDevelopment()) {
      LOG.warn("auth.mode=dev: whoever can read {} is an admin", settings.data());
    }
  }

  /**
   * Sets up both ports. The registry must come to hold {@code dataSource} and {@code secrets}.
   *
   * @param main not started yet
   * @throws IllegalStateException when a setting does not do; the message names it and the cure
   */
  public static HttpKernel configure(Main main, Settings settings) {
    return new HttpKernel(main, settings);
  }

  private void beans(
      Main main, Contract contract, PrometheusMeterRegistry registry, Metrics metrics) {
    // with two servers Camel cannot tell which one the routes belong to, unless one bean says so
    VertxPlatformHttpServerConfiguration own = new VertxPlatformHttpServerConfiguration();
    own.setBindPort(httpPort);
    main.bind("mainHttpServerConfig", own);
    main.bind("vertx", vertx);
    main.bind("safeHeaders", new SafeHeaders());
    main.bind("apiRequest", new ApiRequest(contract, access));
    main.bind("apiFailures", failures);
    main.bind("problem", new Problem());
    main.bind("pages", new Pages());
    main.bind("answers", new Answers());
    main.bind("syncStart", new SyncStart());
    main.bind("webhooks", new Webhooks(settings));
    main.bind("connectionRules", new ConnectionRules(settings));
    main.bind("issueRules", new IssueRules());
    main.bind("keyRotation", new KeyRotation());
    main.bind(
        "answerWait",
        new AnswerWait(
            settings.duration("sync.answer-wait-max"), settings.integer("sync.answer-threshold")));
    main.bind("metricsRegistry", registry);
    main.bind("metrics", metrics);
    ReadyChecks.of(ownPort, () -> camel)
        .forEach(check -> main.bind("ready-" + check.getId(), check));
  }

  private void properties(Main main, String host, String managementHost) {
    Map.ofEntries(
            Map.entry("camel.server.enabled", "true"),
            Map.entry("camel.server.host", host),
            Map.entry("camel.server.port", Integer.toString(httpPort)),
            Map.entry("camel.server.path", "/"),
            Map.entry("camel.server.max-body-size", Long.toString(settings.bytes("http.body-max"))),
            Map.entry("camel.server.file-upload-enabled", "false"),
            Map.entry("camel.server.static-enabled", "false"),
            Map.entry("camel.component.platform-http.header-filter-strategy", "#bean:safeHeaders"),
            Map.entry(
                "camel.component.rest-openapi.rest-openapi-processor-strategy",
                "#bean:apiFailures"),
            Map.entry("camel.management.enabled", "true"),
            Map.entry("camel.management.host", managementHost),
            Map.entry("camel.management.port", Integer.toString(managementPort)),
            Map.entry("camel.management.path", "/"),
            Map.entry("camel.management.health-check-enabled", "true"),
            Map.entry("camel.management.health-path", ManagementGate.HEALTH),
            Map.entry("camel.management.metrics-enabled", "true"),
            Map.entry("camel.management.info-enabled", "false"),
            Map.entry("camel.management.jolokia-enabled", "false"),
            Map.entry("camel.management.dev-console-enabled", "false"),
            Map.entry("camel.management.upload-enabled", "false"),
            Map.entry("camel.management.download-enabled", "false"),
            Map.entry("camel.management.send-enabled", "false"),
            Map.entry("camel.main.dev-console-enabled", "false"),
            Map.entry("camel.metrics.enabled", "true"),
            Map.entry("camel.metrics.path", ManagementGate.METRICS),
            Map.entry("camel.metrics.binders", "jvm-memory,jvm-thread,jvm-gc,processor"),
            Map.entry("camel.health.enabled", "true"))
        .forEach(main::addOverrideProperty);
  }

  private static int port(int configured, String host) {
    // Camel would put both servers on one port if both were 0
    return configured == 0 ? OwnPort.free(host) : configured;
  }

  /**
   * Waits until the API port answers and it is this process that does.
   *
   * @throws IllegalStateException when it does not in time: another program holds the port
   */
  public void awaitListening(Duration wait) {
    long until = System.nanoTime() + wait.toNanos();
    while (!ownPort.answers()) {
      if (System.nanoTime() > until) {
        throw new IllegalStateException(
            "port "
                + httpPort
                + " of "
                + settings.get("http.host")
                + " is not ours: another program holds it, or the address is not of this machine."
                + " Set http.port (0 takes any free one) or http.host.");
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  public int httpPort() {
    return httpPort;
  }

  public int managementPort() {
    return managementPort;
  }

  /** Progress streams that are open. */
  public int watchers() {
    return events == null ? 0 : events.clients();
  }

  /** Ends what Camel leaves running: the event loops. After {@code main.stop()}. */
  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /**
   * Hooks into the start. RoutesStarting is the only moment with a router and without routes, but
   * Camel swallows what its listeners throw: hence the second look when the context has started,
   * which stops the start when the gate is not in.
   */
  private final class Installer implements CamelConfiguration {
    @Override
    public void configure(CamelContext context) {
      camel = context;
      failures.setCamelContext(context);
      context
          .getManagementStrategy()
          .addEventNotifier(
              new EventNotifierSupport() {
                @Override
                public void notify(CamelEvent event) {
                  if (event instanceof CamelEvent.CamelContextRoutesStartingEvent) {
                    install(context);
                  }
                }
              });
      try {
        context.addStartupListener(
            new StartupListener() {
              @Override
              public void onCamelContextStarted(CamelContext started, boolean before) {
                if (!installed) {
                  throw new IllegalStateException(
                      "the HTTP gate is not installed: see the error above");
                }
              }

              @Override
              public void onCamelContextFullyStarted(CamelContext started, boolean before) {
                gate.open();
              }
            });
      } catch (Exception e) {
        throw new IllegalStateException("the HTTP gate cannot watch the start", e);
      }
    }
  }

  private void install(CamelContext context) {
    try {
      ProducerTemplate producer = context.createProducerTemplate();
      events =
          new OperationEvents(
              vertx,
              (route, parameters) -> row(producer.requestBody("direct:" + route, parameters)),
              (operation, parameters, caller) ->
                  access.check(context, operation, parameters, caller),
              beat);
      Router api = router(context, httpPort);
      gate.install(api);
      events.install(api);
      managementGate.install(router(context, managementPort));
      installed = true;
    } catch (RuntimeException e) {
      LOG.error("the HTTP gate cannot be installed", e);
      throw e;
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> row(Object body) {
    return (Map<String, Object>) body;
  }

  private static Router router(CamelContext context, int port) {
    VertxPlatformHttpRouter router =
        VertxPlatformHttpRouter.lookup(
            context, VertxPlatformHttpRouter.getRouterNameFromPort(port));
    if (router == null) {
      throw new IllegalStateException("Camel has no HTTP server on port " + port);
    }
    return router;
  }
}

package trackersync;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.PluginHelper;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import trackersync.embedded.EmbeddedDatabase;
import trackersync.fetch.Paging;
import trackersync.fetch.PublicAddresses;
import trackersync.fetch.Quota;
import trackersync.fetch.SourceAnswers;
import trackersync.fetch.SourceClient;
import trackersync.http.HttpKernel;
import trackersync.map.IssueSchema;
import trackersync.map.Mapping;
import trackersync.operation.Claim;
import trackersync.operation.ConnectionTest;
import trackersync.operation.Connections;
import trackersync.operation.Counts;
import trackersync.operation.Deliveries;
import trackersync.operation.Fence;
import trackersync.operation.Lease;
import trackersync.operation.OwnTables;
import trackersync.operation.PagesAhead;
import trackersync.operation.Pauses;
import trackersync.operation.Replay;
import trackersync.operation.Report;
import trackersync.operation.Schedules;
import trackersync.operation.WakeUps;
import trackersync.secret.Secrets;
import trackersync.settings.Settings;

/**
 * The running program: database, engine and HTTP behind one handle. Started once a process; {@link
 * #close()} finishes the page at hand, gives leases back and stops what was started.
 */
public final class App implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("trackersync");
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Settings settings;
  private Main main;
  private HttpKernel http;
  private HikariDataSource dataSource;

  private App(Settings settings) {
    this.settings = settings;
  }

  /**
   * @throws IllegalStateException when a part cannot start; what had started is stopped again
   */
  public static App start(Settings settings) {
    App app = new App(settings);
    try {
      app.boot();
      return app;
    } catch (Exception e) {
      app.close();
      throw e instanceof RuntimeException known
          ? known
          : new IllegalStateException("tracker-sync did not start: " + e.getMessage(), e);
    }
  }

  private void boot() throws Exception {
    Clock clock = Clock.systemUTC();
    Secrets secrets = secrets();
    dataSource = open();
    Flyway.configure().dataSource(dataSource).load().migrate();
    JdbcTemplate jdbc = new JdbcTemplate(dataSource);
    new Connections(jdbc).declare(settings);

    main = new Main();
    main.configure().setName("tracker-sync");
    main.configure().setShutdownTimeout(15);
    main.configure().setStreamCachingEnabled(false);
    main.configure().setAutoConfigurationEnvironmentVariablesEnabled(false);
    main.configure().setAutoConfigurationSystemPropertiesEnabled(false);
    main.configure().setStartupSummaryLevel(org.apache.camel.StartupSummaryLevel.Off);
    main.setInitialProperties(properties());
    http = HttpKernel.configure(main, settings);
    parts.push(http);
    extend(main);

    String node = main.getInitialProperties().getProperty("node.id");
    Quota quota = new Quota(jdbc, clock);
    SourceClient client =
        new SourceClient(
            new SourceClient.Limits(
                settings.duration("fetch.connect-timeout"),
                settings.duration("fetch.read-timeout"),
                settings.duration("fetch.deadline"),
                settings.bytes("fetch.body-max"),
                settings.integer("fetch.redirects-max")),
            settings.integer("operations.parallel-max") * 2,
            new PublicAddresses(trustedHosts(settings)));
    parts.push(client);
    SpringTransactionPolicy transaction = new SpringTransactionPolicy();
    transaction.setTransactionManager(new DataSourceTransactionManager(dataSource));
    transaction.setPropagationBehaviorName("PROPAGATION_REQUIRED");
    main.bind("dataSource", dataSource);
    main.bind("settings", settings);
    main.bind("secrets", secrets);
    main.bind("pageTransaction", transaction);
    main.bind("sourceClient", client);
    main.bind("paging", new Paging());
    main.bind(
        "sourceAnswers",
        new SourceAnswers(
            quota,
            clock,
            settings.duration("rate-limit.wait-default"),
            settings.integer("pipeline.nesting-max"),
            settings.bytes("fetch.body-max")));
    main.bind(
        "mapping",
        new Mapping(
            Path.of("routes/trackers"),
            new IssueSchema(Path.of("routes/pipeline/issue.schema.json")),
            Mapping.settingsOf(settings)));
    main.bind("claim", new Claim(settings, secrets, quota));
    main.bind("lease", new Lease(settings, node));
    main.bind("fence", new Fence());
    main.bind("counts", new Counts());
    main.bind("pauses", new Pauses(settings, clock, App::die));
    main.bind("report", new Report(settings));
    main.bind("schedules", new Schedules(new java.security.SecureRandom()));
    main.bind("replay", new Replay());
    main.bind("connectionTest", new ConnectionTest());
    main.bind("ownTables", new OwnTables());
    main.bind("deliveries", new Deliveries(jdbc));
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeConfigure(BaseMainSupport support) {
            bindWithContext(support.getCamelContext());
            support
                .getCamelContext()
                .addLifecycleStrategy(
                    new LifecycleStrategySupport() {
                      @Override
                      public void onContextStopping(CamelContext stopping) {
                        client.end();
                      }
                    });
          }

          @Override
          public void afterConfigure(BaseMainSupport support) {
            for (String folder : List.of("pipeline", "shared", "sinks", "api")) {
              files(folder).forEach(file -> load(support.getCamelContext(), file));
            }
          }
        });
    main.start();
    parts.push(main::stop);
    loadTrackers();
    http.awaitListening(Duration.ofSeconds(20));
    // the routes that take up work come last
    for (Route route : camel().getRoutes()) {
      camel().getRouteController().startRoute(route.getRouteId());
    }
  }

  /**
   * A {@link org.apache.camel.CamelConfiguration} on the class path, for tests; never a setting.
   */
  private static void extend(Main main) {
    String extension = System.getProperty("tracker-sync.extension");
    if (extension != null) {
      LOG.warn("extension {} takes part (system property tracker-sync.extension)", extension);
      main.configure().setConfigurationClasses(extension);
    }
  }

  private void bindWithContext(CamelContext camel) {
    int parallel = settings.integer("operations.parallel-max");
    ExecutorService readers =
        Executors.newFixedThreadPool(
            parallel,
            r -> {
              Thread t = new Thread(r, "pages-ahead");
              t.setDaemon(true);
              return t;
            });
    parts.push(readers::shutdownNow);
    camel.getRegistry().bind("pagesAhead", new PagesAhead(camel, readers, settings));
    WakeUps wakeUps =
        new WakeUps(camel, main.getInitialProperties().getProperty("queue.operations"));
    parts.push(wakeUps);
    camel.getRegistry().bind("wakeUps", wakeUps);
  }

  private Secrets secrets() {
    if (settings.find("encryption.key").isPresent()) {
      return Secrets.of(settings.get("encryption.key"));
    }
    if (!settings.find("auth.mode").orElse("").equals("dev")) {
      throw new IllegalStateException(
          "no encryption.key: stored tokens need one. Make one with './tracker-sync token"
              + " --encryption-key', or set auth.mode=dev to try things out on this machine.");
    }
    return Secrets.inFile(settings.data().resolve("keys").resolve("encryption.json"));
  }

  private HikariDataSource open() {
    HikariConfig config = new HikariConfig();
    if (settings.find("database.url").isPresent()) {
      config.setJdbcUrl(settings.get("database.url"));
      settings.find("database.user").ifPresent(config::setUsername);
      settings.find("database.password").ifPresent(config::setPassword);
    } else {
      EmbeddedDatabase embedded = EmbeddedDatabase.start(settings.data());
      parts.push(embedded);
      config.setJdbcUrl(embedded.url());
      config.setUsername(embedded.user());
      config.setPassword(embedded.password());
    }
    config.setMaximumPoolSize(settings.integer("database.pool-max"));
    config.setPoolName("database");
    config.setConnectionTimeout(10_000);
    config.setInitializationFailTimeout(30_000);
    config.addDataSourceProperty("ApplicationName", "tracker-sync");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("socketTimeout", "120");
    config.addDataSourceProperty(
        "options",
        "-c statement_timeout=60s -c lock_timeout=20s"
            // a worker held up inside a page gives the operation free when its lease ends
            + " -c idle_in_transaction_session_timeout="
            + settings.duration("operations.lease").toMillis());
    HikariDataSource opened = new HikariDataSource(config);
    parts.push(opened);
    return opened;
  }

  private Properties properties() {
    Properties all = new Properties();
    all.putAll(settings.all());
    all.setProperty(
        "node.id",
        settings.find("node.id").orElseGet(() -> hostName() + "-" + ProcessHandle.current().pid()));
    all.setProperty("app.version", version());
    all.setProperty(
        "operations.lease-renewal",
        Long.toString(settings.duration("operations.lease").toMillis() / 3));
    all.setProperty(
        "schedule.tick-millis",
        Long.toString(settings.duration("schedule.tick-interval").toMillis()));
    all.setProperty(
        "operations.keep-millis", Long.toString(settings.duration("operations.keep").toMillis()));
    all.setProperty(
        "webhooks.silence-millis",
        Long.toString(settings.duration("webhooks.silence-max").toMillis()));
    // a wake-up is a hint: nobody waits for its end, and one too many may be dropped
    String queue = settings.get("queue.operations");
    boolean seda = queue.startsWith("seda:");
    String wakeUps =
        seda && !queue.contains("?")
            ? queue + "?size=1000&discardWhenFull=true&waitForTaskToComplete=Never"
            : queue;
    all.setProperty("queue.operations", wakeUps);
    all.setProperty(
        "queue.operations-in",
        seda
            ? wakeUps
                // a consumer sees that it should stop when its poll ends
                + (wakeUps.contains("pollTimeout=") ? "" : "&pollTimeout=250")
                + "&concurrentConsumers="
                + settings.integer("operations.parallel-max")
            : wakeUps);
    return all;
  }

  private void loadTrackers() {
    for (Path folder : folders("trackers")) {
      List<String> before = routeIds();
      try (Stream<Path> files = Files.list(folder)) {
        List<Path> routes = files.filter(App::isRoute).sorted().toList();
        routes.forEach(file -> load(camel(), file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (RuntimeException e) {
        LOG.error("{}: not loaded, the other trackers run. {}", folder.getFileName(), rootWords(e));
        routeIds().stream().filter(id -> !before.contains(id)).forEach(this::remove);
      }
    }
  }

  /** In development all; else what the operator wrote down himself. */
  private static Predicate<String> trustedHosts(Settings settings) {
    if (settings.get("auth.mode").equals("dev")) {
      return host -> true;
    }
    Set<String> hosts = new HashSet<>();
    Stream<String> connections =
        settings.connections().stream()
            .flatMap(c -> Stream.of(c.url(), c.other().getOrDefault("api-url", "")));
    Stream<String> trackers =
        settings.all().entrySet().stream()
            .filter(entry -> entry.getKey().matches("tracker\\.[^.]+\\.url"))
            .map(Map.Entry::getValue);
    settings.find("fetch.private-hosts").stream()
        .flatMap(list -> Stream.of(list.split("\\s*,\\s*")))
        .forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
    Stream.concat(connections, trackers)
        .map(URI::create)
        .map(URI::getHost)
        .filter(Objects::nonNull)
        .forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
    return host -> hosts.contains(host.toLowerCase(Locale.ROOT));
  }

  private void remove(String routeId) {
    try {
      camel().getRouteController().stopRoute(routeId);
      camel().removeRoute(routeId);
    } catch (Exception e) {
      LOG.warn("route {} of a tracker that was not loaded could not be removed", routeId, e);
    }
  }

  private List<String> routeIds() {
    return camel().getRoutes().stream().map(Route::getRouteId).toList();
  }

  private static void load(CamelContext camel, Path file) {
    try {
      PluginHelper.getRoutesLoader(camel)
          .loadRoutes(PluginHelper.getResourceLoader(camel).resolveResource("file:" + file));
    } catch (Exception e) {
      throw new IllegalStateException(file + ": " + rootWords(e), e);
    }
  }

  private static String rootWords(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  private static List<Path> files(String folder) {
    List<Path> found = new ArrayList<>();
    Path root = Path.of("routes", folder);
    if (Files.isDirectory(root)) {
      try (Stream<Path> all = Files.walk(root)) {
        all.filter(App::isRoute).sorted().forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }

  private static List<Path> folders(String folder) {
    try (Stream<Path> all = Files.list(Path.of("routes", folder))) {
      return all.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read routes/" + folder, e);
    }
  }

  private static void die() {
    LOG.error("an Error was thrown, this process cannot be trusted any more: it ends");
    Runtime.getRuntime().halt(70);
  }

  private static boolean isRoute(Path file) {
    return file.toString().endsWith(".camel.yaml");
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static String version() {
    String version = App.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  public int httpPort() {
    return http.httpPort();
  }

  public int managementPort() {
    return http.managementPort();
  }

  public CamelContext camel() {
    return main.getCamelContext();
  }

  public DataSource dataSource() {
    return dataSource;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        LOG.warn("a part did not stop cleanly", e);
      }
    }
  }
}

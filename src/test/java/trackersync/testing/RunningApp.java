package trackersync.testing;

import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import trackersync.App;
import trackersync.settings.Settings;

/** The real program in this JVM, on a database of its own. */
public final class RunningApp implements AutoCloseable {
  private final App app;
  private final JdbcTemplate jdbc;
  private final ProducerTemplate template;

  private RunningApp(App app) {
    this.app = app;
    this.jdbc = new JdbcTemplate(app.dataSource());
    this.template = app.camel().createProducerTemplate();
  }

  /** Settings that make waits short, for tests that cross them. */
  public static Map<String, String> quick() {
    Map<String, String> s = new HashMap<>();
    s.put("auth.mode", "dev");
    s.put("http.port", "0");
    s.put("management.port", "0");
    s.put("retry.delay", "20ms");
    s.put("retry.delay-max", "50ms");
    s.put("rate-limit.wait-default", "50ms");
    s.put("operations.sweep-interval", "1s");
    s.put("tracker.github.streams", "issues");
    return s;
  }

  public static RunningApp start(Map<String, String> more) {
    try {
      Map<String, String> s = quick();
      s.put("data.dir", Files.createTempDirectory("tracker-sync-data").toString());
      s.putAll(more);
      s.computeIfAbsent("database.url", k -> TestDatabase.ready());
      return new RunningApp(App.start(Settings.load(Path.of("").toAbsolutePath(), Map.of(), s)));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  public App app() {
    return app;
  }

  public JdbcTemplate jdbc() {
    return jdbc;
  }

  /** Settings of a GitHub connection that reads from {@code api}. */
  public static Map<String, String> github(String name, String api) {
    return new HashMap<>(
        Map.of(
            "connection." + name + ".tracker",
            "github",
            "connection." + name + ".url",
            "https://github.com/acme/" + name,
            "connection." + name + ".api-url",
            api,
            "connection." + name + ".token",
            "canary-token-" + name));
  }

  /** Makes a GitHub connection that reads {@code acme/NAME} from {@code api}; answers its id. */
  public String connect(String name, java.net.URI api) {
    return connect(name, api, "canary-token-" + name);
  }

  public String connect(String name, java.net.URI api, String token) {
    return connect("github", name, "https://github.com/acme/" + name, api, token);
  }

  /**
   * Makes a connection of any tracker; answers its id.
   *
   * @param url as in a browser
   * @param token null: anonymous
   */
  public String connect(String tracker, String name, String url, java.net.URI api, String token) {
    String id =
        jdbc.queryForObject(
            "insert into connections (name, tracker, url, settings) values"
                + " (?, ?, ?, jsonb_build_object('api-url', ?)) returning id::text",
            String.class,
            name,
            tracker,
            url,
            api.toString());
    if (token != null) {
      byte[] sealed =
          app.camel()
              .getRegistry()
              .lookupByNameAndType("secrets", trackersync.secret.Secrets.class)
              .encrypt(java.util.UUID.fromString(id), token);
      jdbc.update("update connections set token_encrypted = ? where id = ?::uuid", sealed, id);
    }
    return id;
  }

  public String connectionId(String name) {
    return jdbc.queryForObject(
        "select id::text from connections where name = ?", String.class, name);
  }

  /** Starts a sync; answers {id, status, outcome}. */
  public Map<String, Object> begin(String name, boolean includeClosed) {
    return begin(name, includeClosed, null);
  }

  public Map<String, Object> begin(String name, boolean includeClosed, String idempotencyKey) {
    return begin(name, includeClosed, false, idempotencyKey);
  }

  /** Starts a sync that reads all again. */
  public Map<String, Object> beginFromStart(String name) {
    return begin(name, true, true, null);
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> begin(
      String name, boolean includeClosed, boolean fromStart, String idempotencyKey) {
    String id = connectionId(name);
    return (Map<String, Object>)
        template
            .send(
                "direct:operation-start",
                e -> {
                  e.setVariable("connectionId", id);
                  e.setVariable("trigger", "manual");
                  e.setVariable("requestedBy", "mara");
                  e.setVariable("syncType", "Full");
                  e.setVariable("includeClosed", includeClosed);
                  e.setVariable("fromStart", fromStart);
                  e.setVariable("idempotencyKey", idempotencyKey);
                })
            .getMessage()
            .getBody(Map.class);
  }

  @SuppressWarnings("unchecked")
  public Map<String, Object> cancel(String operation) {
    return (Map<String, Object>)
        template
            .send(
                "direct:operation-cancel",
                e -> {
                  e.setVariable("operationId", operation);
                  e.setVariable("cancelledBy", "mara");
                })
            .getMessage()
            .getBody(Map.class);
  }

  /** Syncs and waits for the end; answers the operation's row. */
  public Map<String, Object> sync(String name, boolean includeClosed) {
    return ended(begin(name, includeClosed).get("id").toString());
  }

  public Map<String, Object> ended(String operation) {
    await()
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> List.of("Completed", "Failed").contains(operation(operation).get("status")));
    return operation(operation);
  }

  /** The row, with created, updated, skipped, failed and pull_requests as numbers. */
  public Map<String, Object> operation(String id) {
    return jdbc.queryForMap(
        "select *, (results ->> 'created')::int as created, (results ->> 'updated')::int as updated,"
            + " (results ->> 'skipped')::int as skipped, (results ->> 'failed')::int as failed,"
            + " coalesce((results -> 'ignored' ->> 'pullRequests')::int, 0) as pull_requests,"
            + " (progress ->> 'percent')::int as percent"
            + " from operations where id = ?::uuid",
        id);
  }

  public long count(String sql, Object... args) {
    Long n = jdbc.queryForObject(sql, Long.class, args);
    return n == null ? 0 : n;
  }

  @Override
  public void close() {
    app.close();
  }
}

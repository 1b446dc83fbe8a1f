package trackersync.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import trackersync.testing.RunningApp;
import trackersync.testing.TestDatabase;
import trackersync.toy.ToyGithub;
import trackersync.toy.ToyGithubOptions;
import trackersync.toy.ToyRepository;

/** A toy GitHub, a database with its auditor, and programs that come and go. */
final class World implements AutoCloseable {
  static final int PAGE = 20;
  private static final AtomicInteger NUMBER = new AtomicInteger();

  final ToyGithub toy;
  final JdbcTemplate jdbc;
  final Auditor auditor;
  private final String name;
  private final String database;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final Map<String, String> settings = new HashMap<>();
  private Path home = Path.of("").toAbsolutePath();
  private int children;
  private int edits;

  World(int issues) {
    this(issues, Duration.ZERO, TestDatabase.ready());
  }

  /**
   * @param issues of every repository, one in ten a pull request
   */
  World(int issues, Duration latency, String database) {
    this.database = database;
    // tests run in two processes
    name = "w" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
    toy =
        ToyGithub.start(
            ToyGithubOptions.builder()
                .issues(issues)
                .pullRequests(0.1)
                .latency(latency)
                .anonymousRateLimit(0)
                .clock(clock())
                .build());
    Flyway.configure().dataSource(database, null, null).load().migrate();
    jdbc =
        new JdbcTemplate(
            new DriverManagerDataSource(parameter(database, "ApplicationName=" + Auditor.PEOPLE)));
    auditor = new Auditor(database, toy.baseUrl());
    auditor.watch();
    settings.putAll(RunningApp.quick());
    settings.put("tracker.github.page-size", Integer.toString(PAGE));
    settings.put("operations.sweep-interval", "200ms");
    settings.put("operations.lease", "2s");
    settings.put("database.pool-max", "8");
  }

  World with(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /** Programs started from now on run in this home. */
  World home(Path copy) {
    home = copy;
    return this;
  }

  /** The toy's clock: it stands still until {@link #pass}. */
  private Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return now.get();
      }
    };
  }

  void pass(Duration time) {
    now.updateAndGet(at -> at.plus(time));
  }

  /** A connection that reads {@code acme/NAME}, anonymously; answers its id. */
  String connect(String connection) {
    return jdbc.queryForObject(
        "insert into connections (name, tracker, url, settings) values (?, 'github',"
            + " 'https://github.com/acme/' || ?, jsonb_build_object('api-url', ?::text))"
            + " returning id::text",
        String.class,
        connection,
        connection,
        toy.baseUrl().toString());
  }

  /**
   * Changes issues at the source: {@code count} of them spread over all, a minute apart, each later
   * than anything seen before; then the auditor learns of it.
   */
  void edit(String connection, int count) {
    ToyRepository repository = toy.repository("acme/" + connection);
    int highest = repository.highestNumber();
    edits++;
    for (int i = 0; i < count; i++) {
      pass(Duration.ofMinutes(1));
      int number = 1 + (int) ((long) i * highest / count + edits) % highest;
      repository.retitle(number, "edit " + edits + " of " + number, now.get());
    }
    pass(Duration.ofMinutes(1));
    auditor.learn();
  }

  /** What people add to rows, and what must outlive every sync; rows already marked stay so. */
  void peopleAdd(String connection) {
    jdbc.execute(
        "create table if not exists audit_people"
            + " (id uuid primary key, record_key text not null, fields jsonb not null)");
    jdbc.update(
        "insert into audit_people select i.id, i.record_key,"
            + " jsonb_build_object('team', 'blue ' || i.number, 'estimate', i.number)"
            + " from issues i join connections c on c.id = i.connection_id"
            + " where c.name = ? and i.number % 3 = 0 on conflict do nothing",
        connection);
    jdbc.update(
        "update issues i set custom_fields = i.custom_fields || p.fields"
            + " from audit_people p where p.id = i.id and not i.custom_fields @> p.fields");
  }

  ChildProgram program() {
    return program(null);
  }

  ChildProgram program(Plan plan) {
    return program(plan, database);
  }

  /**
   * @param url the database's, through a proxy perhaps
   */
  ChildProgram program(Plan plan, String url) {
    String node = name + "-" + ++children + (plan == null ? "" : "-" + plan.point());
    Map<String, String> all = new HashMap<>(settings);
    all.put("node.id", node);
    all.put("data.dir", home.resolve("target/crash/data-" + node).toString());
    all.put(
        "database.url",
        parameter(
            url, "ApplicationName=" + node + "&socketFactory=" + CommitWatch.class.getName()));
    return ChildProgram.start(node, home, plan, all);
  }

  /** How many operations the connection has had. */
  int syncs(String connection) {
    Integer n =
        jdbc.queryForObject(
            "select count(*)::int from operations o join connections c on c.id = o.connection_id"
                + " where c.name = ?",
            Integer.class,
            connection);
    return n == null ? 0 : n;
  }

  /** Whether the connection's last operation has committed its last page. */
  boolean readWhole(String connection) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            "select cardinality(o.streams_done) > 0 from operations o join connections c on"
                + " c.id = o.connection_id where c.name = ? order by o.created_at desc limit 1",
            Boolean.class,
            connection));
  }

  Map<String, Object> last(String connection) {
    return jdbc.queryForMap(
        "select o.* from operations o join connections c on c.id = o.connection_id"
            + " where c.name = ? order by o.created_at desc limit 1",
        connection);
  }

  int pages(String connection) {
    List<Integer> pages =
        jdbc.queryForList(
            "select o.pages_count from operations o join connections c on c.id = o.connection_id"
                + " where c.name = ? order by o.created_at desc limit 1",
            Integer.class,
            connection);
    return pages.isEmpty() ? 0 : pages.get(0);
  }

  /** The program in this JVM. */
  RunningApp here() {
    return here(database);
  }

  RunningApp here(String url) {
    String node = name + "-here";
    Map<String, String> all = new HashMap<>(settings);
    all.put("node.id", node);
    all.put("database.url", parameter(url, "ApplicationName=" + node));
    return RunningApp.start(all);
  }

  private static String parameter(String url, String more) {
    return url + (url.contains("?") ? "&" : "?") + more;
  }

  /** From which change on the next operation of this connection reads; null: from the first. */
  Instant readsFrom(String connection) {
    Instant high =
        jdbc.query(
            "select k.high_water_at from cursors k join connections c on c.id = k.connection_id"
                + " where c.name = ? and k.filter = 'all'",
            row ->
                row.next() && row.getObject(1) != null
                    ? row.getObject(1, OffsetDateTime.class).toInstant()
                    : null,
            connection);
    return high == null ? null : high.minus(Duration.ofMinutes(5));
  }

  /**
   * Tells the auditor what the connection's last operation must count, by the source itself.
   *
   * @param from as {@link #readsFrom} said before it began
   */
  void expect(String connection, Instant from) {
    URI records = URI.create(toy.baseUrl() + "/repos/acme/" + connection);
    long seen =
        SourceTruth.read(records).stream()
            .filter(i -> !i.pullRequest() && (from == null || !i.updatedAt().isBefore(from)))
            .count();
    auditor.expect(last(connection).get("id").toString(), (int) seen);
  }

  /**
   * The source goes on after a death. What an operation counts is fixed with its last page: before
   * the death, or after these changes.
   *
   * @param first swept for the first time when the process died
   * @param changed swept before, and read from {@code changedFrom} on
   * @param changedBefore syncs of {@code changed} that had ended before
   */
  void changeAfterDeath(String first, String changed, Instant changedFrom, int changedBefore) {
    for (boolean whole : new boolean[] {true, false}) {
      expectRead(changed, changedFrom, whole, changedBefore);
      expectRead(first, null, whole, 0);
      if (whole) {
        edit(first, 30);
        edit(changed, 30);
      }
    }
  }

  private void expectRead(String connection, Instant from, boolean whole, int before) {
    // a trigger that died unheard has no operation of its own
    if (syncs(connection) > before && readWhole(connection) == whole) {
      expect(connection, from);
    }
  }

  /** Lets all come to rest, syncs each once more, and asks the auditor. */
  void endsWell(ChildProgram program, String... connections) {
    settled();
    for (String each : connections) {
      program.start(each);
      program.await("started");
    }
    settled();
    assertThat(auditor.atRest()).isEmpty();
  }

  void settled() {
    settled(jdbc);
  }

  /** Waits until no operation is under way or waiting. */
  static void settled(JdbcTemplate jdbc) {
    await()
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                jdbc.queryForObject(
                        "select count(*) from operations where status in ('Pending', 'InProgress')",
                        Integer.class)
                    == 0);
  }

  /** A home of its own with a copy of routes/, to be spoilt. */
  static Path copyOfHome(Path into) {
    Path home = Path.of("").toAbsolutePath();
    try (var files = Files.walk(home.resolve("routes"))) {
      for (Path file : files.toList()) {
        Path to = into.resolve(home.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to);
        }
      }
      Files.copy(home.resolve("application.properties"), into.resolve("application.properties"));
      return into;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    toy.close();
  }
}

package trackersync.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trackersync.testing.RunningApp;
import trackersync.toy.Fault;
import trackersync.toy.Seen;
import trackersync.toy.ToyBugsby;
import trackersync.toy.ToyBugsbyOptions;

/** Bugsby → PostgreSQL through the real routes, against the toy; each test has its release. */
class BugsbySyncTest {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static ToyBugsby toy;
  private static RunningApp app;

  @BeforeAll
  static void start() {
    toy = ToyBugsby.start(ToyBugsbyOptions.builder().issues(457).repository("tiny", 30).build());
    app =
        RunningApp.start(
            Map.of(
                "fetch.deadline",
                "2s",
                "fetch.read-timeout",
                "1s",
                "schedule.tick-interval",
                "200ms",
                "tracker.bugsby.url",
                toy.baseUrl().toString(),
                "tracker.bugsby.token",
                "canary-token"));
  }

  @AfterAll
  static void stop() {
    app.close();
    toy.close();
  }

  /** A release of its own, connected; its name is the connection's as well. */
  private static String connected() {
    String release = "ooty-" + NAMES.incrementAndGet();
    connect(release);
    return release;
  }

  private static void connect(String release) {
    app.jdbc()
        .update(
            "insert into connections (name, tracker, url, settings, include_closed) values"
                + " (?, 'bugsby', ?, jsonb_build_object('release', ?), true)",
            release,
            toy.baseUrl() + "/releases/" + release,
            release);
  }

  private static Map<String, Object> sync(String release) {
    Map<String, Object> op = app.sync(release, true);
    assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
    return op;
  }

  private static Map<String, Object> syncOnly(String release, String status) {
    String id =
        app.app()
            .camel()
            .createProducerTemplate()
            .send(
                "direct:operation-start",
                e -> {
                  e.setVariable("connectionId", app.connectionId(release));
                  e.setVariable("trigger", "manual");
                  e.setVariable("requestedBy", "mara");
                  e.setVariable("syncType", "Full");
                  e.setVariable("includeClosed", true);
                  e.setVariable("sourceFilter", status);
                })
            .getMessage()
            .getBody(Map.class)
            .get("id")
            .toString();
    return app.ended(id);
  }

  private static Map<String, Object> syncOne(String release, String bugId) {
    return app.ended(
        app.jdbc()
            .queryForObject(
                "insert into operations (connection_id, scope, trigger, requested_by,"
                    + " include_closed, record_stream, record_ref)"
                    + " values (?::uuid, 'record', 'manual', 'mara', true, 'issues', ?)"
                    + " returning id::text",
                String.class,
                app.connectionId(release),
                bugId));
  }

  private static long count(String release, String where) {
    return app.count(
        "select count(*) from issues where connection_id = ?::uuid and " + where,
        app.connectionId(release));
  }

  private static String key(String release, int number) {
    return "bugsby:" + toy.bugId(release, number);
  }

  private static List<Seen> asked(String release) {
    return toy.requests().stream()
        .filter(r -> (r.query() + "&").contains("release=" + release + "&"))
        .toList();
  }

  private static String results(Map<String, Object> op) {
    return op.get("results").toString();
  }

  @Test
  @DisplayName("BUGSBY-9 BUGSBY-13 all pages of a release land once; a second run writes nothing")
  void allPagesLandOnce() {
    String release = connected();
    Map<String, Object> op = sync(release);
    assertThat(op.get("created")).isEqualTo(457);
    assertThat(count(release, "true")).isEqualTo(457);
    assertThat(
            count(
                release,
                "custom_fields ->> 'externalId' = 'bugsby:"
                    + toy.baseUrl()
                    + "/releases/"
                    + release
                    + ":' || number and custom_fields #>> '{bugsby,bugsbyId}' = number::text"
                    + " and custom_fields #>> '{bugsby,release}' = '"
                    + release
                    + "'"))
        .isEqualTo(457);
    assertThat(asked(release))
        .hasSize(5)
        .allMatch(r -> r.query().startsWith("release=" + release + "&limit=100"))
        .allMatch(r -> r.headers().get("authorization").startsWith("Bearer sha256:"));
    Map<String, Object> again = sync(release);
    assertThat(again.get("skipped")).isEqualTo(457);
    assertThat(again.get("updated")).isEqualTo(0);
    assertThat(again.get("mode")).isEqualTo("full");
  }

  @Test
  @DisplayName("BUGSBY-10 a release of one page is read whole each time, not answered from before")
  void onePageIsReadWholeEachTime() {
    connect("tiny");
    assertThat(sync("tiny").get("created")).isEqualTo(30);
    assertThat(sync("tiny").get("skipped")).isEqualTo(30);
    toy.release("tiny").delete(30);
    assertThat(sync("tiny").get("skipped")).isEqualTo(29);
    assertThat(count("tiny", "gone_since is not null")).isEqualTo(1);
    assertThat(asked("tiny")).noneMatch(r -> r.headers().containsKey("if-none-match"));
  }

  @Test
  @DisplayName("BUGSBY-22 a release is read again when its schedule says so")
  void scheduledReleaseIsReadAgain() {
    String release = connected();
    app.jdbc()
        .update(
            "update connections set schedule = '1h', next_run_at = now() where name = ?", release);
    await()
        .until(
            () ->
                app.count(
                        "select count(*) from operations where connection_id = ?::uuid"
                            + " and trigger = 'schedule' and status = 'Completed'",
                        app.connectionId(release))
                    == 1);
    assertThat(count(release, "true")).as("closed ones too").isEqualTo(457);
  }

  @Test
  @DisplayName("BUGSBY-1 a connection's test asks for one bug of the release")
  void connectionTestAsksForOneBug() {
    String release = connected();
    Map<?, ?> answer =
        app.app()
            .camel()
            .createProducerTemplate()
            .send(
                "direct:connection-test",
                e -> e.setVariable("connectionId", app.connectionId(release)))
            .getMessage()
            .getBody(Map.class);
    assertThat(answer.get("ok")).as("%s", answer).isEqualTo(true);
    assertThat(asked(release))
        .extracting(Seen::query)
        .containsExactly("release=" + release + "&limit=1");
  }

  @Test
  @DisplayName("BUGSBY-16 a new title, another assignee, a closed bug and new bugs arrive")
  void changesArrive() {
    String release = connected();
    sync(release);
    Instant now = Instant.now();
    toy.release(release).retitle(7, "Another title", now);
    toy.assign(release, 8, "New.Dev@acme.example", now);
    toy.setState(release, 9, "RESOLVED", now);
    toy.release(release).add(3, now);
    Map<String, Object> op = sync(release);
    assertThat(op.get("updated")).isEqualTo(3);
    assertThat(op.get("created")).isEqualTo(3);
    assertThat(op.get("skipped")).isEqualTo(454);
    assertThat(count(release, "record_key = '" + key(release, 7) + "' and title = 'Another title'"))
        .isEqualTo(1);
    assertThat(
            count(
                release,
                "record_key = '" + key(release, 8) + "' and assignees = '{New.Dev@acme.example}'"))
        .isEqualTo(1);
    assertThat(
            count(
                release,
                "record_key = '"
                    + key(release, 9)
                    + "' and status = 'closed' and source_status = 'RESOLVED'"))
        .isEqualTo(1);
  }

  @Test
  @DisplayName("BUGSBY-15 a bug that a complete sweep did not meet is marked, never deleted")
  void whatIsGoneIsMarked() {
    String release = connected();
    assertThat(results(sync(release))).doesNotContain("gone");
    toy.release(release).delete(12);
    toy.release(release).delete(300);
    Map<String, Object> op = sync(release);
    assertThat(results(op)).contains("\"gone\": 2");
    assertThat(count(release, "true")).isEqualTo(457);
    assertThat(
            count(
                release,
                "gone_since is not null and record_key in ('%s', '%s')"
                    .formatted(key(release, 12), key(release, 300))))
        .isEqualTo(2);
    assertThat(count(release, "gone_since is null")).isEqualTo(455);
    assertThat(results(sync(release))).as("it is marked once").doesNotContain("gone");
  }

  @Test
  @DisplayName("BUGSBY-15 a bug that comes back is no longer gone")
  void whatComesBackIsNoLongerGone() {
    try (ToyBugsby own = ToyBugsby.start(ToyBugsbyOptions.builder().issues(30).build())) {
      app.connect("bugsby", "back", own.baseUrl() + "/releases/back", own.baseUrl(), "t");
      app.jdbc()
          .update(
              "update connections set settings = settings || '{\"release\": \"back\"}'"
                  + " where name = 'back'");
      sync("back");
      own.release("back").delete(3);
      sync("back");
      assertThat(count("back", "gone_since is not null")).isEqualTo(1);
      own.reset();
      Map<String, Object> op = sync("back");
      assertThat(op.get("updated")).isEqualTo(1);
      assertThat(count("back", "gone_since is null")).isEqualTo(30);
    }
  }

  @Test
  @DisplayName("BUGSBY-9 BUGSBY-15 a run over one status asks the source for it and marks nothing")
  void filteredRunMarksNothing() {
    String release = connected();
    sync(release);
    toy.release(release).delete(12);
    toy.clearRequests();
    Map<String, Object> op = syncOnly(release, "ASSIGNED");
    assertThat(op.get("status")).isEqualTo("Completed");
    assertThat((Integer) op.get("skipped"))
        .isEqualTo(
            (int)
                count(
                    release,
                    "source_status = 'ASSIGNED' and record_key <> '" + key(release, 12) + "'"))
        .isPositive();
    assertThat(asked(release)).isNotEmpty().allMatch(r -> r.query().contains("&status=ASSIGNED"));
    assertThat(count(release, "gone_since is not null")).isZero();
    assertThat(syncOnly(release, "a status & more").get("status")).isEqualTo("Completed");
    assertThat(asked(release)).anyMatch(r -> r.query().endsWith("&status=a%20status%20%26%20more"));
  }

  @Test
  @DisplayName("BUGSBY-15 a sweep that ends early, or meets nothing, marks nothing and says so")
  void incompleteSweepMarksNothing() {
    String release = connected();
    sync(release);
    toy.faults().add(Fault.parse("next-link:to=none").repository(release).at(2));
    Map<String, Object> early = sync(release);
    assertThat(results(early))
        .contains("257 stored records may be gone, none is marked: the sweep met 200 of 457");
    toy.faults()
        .add(
            Fault.of(Fault.Kind.STATUS)
                .repository(release)
                .with("status", 200)
                .with("body", "{\"bugs\":[],\"next_page_token\":null,\"total\":0}"));
    assertThat(results(sync(release))).contains("the sweep met none at all");
    assertThat(count(release, "gone_since is not null")).isZero();
  }

  @Test
  @DisplayName("BUGSBY-17 a bad bug is set aside under its id, the others land, and it is not gone")
  void badBugIsSetAside() {
    String release = connected();
    toy.faults().add(Fault.parse("record:bad=no-title,index=7").repository(release));
    Map<String, Object> op = sync(release);
    assertThat(op.get("created")).isEqualTo(456);
    assertThat(op.get("failed")).isEqualTo(1);
    String bad =
        app.jdbc()
            .queryForObject(
                "select record_key from set_aside_records where connection_id = ?::uuid",
                String.class,
                app.connectionId(release));
    assertThat(bad).isEqualTo(key(release, 8));
    assertThat(sync(release).get("created")).isEqualTo(1);
    toy.faults().add(Fault.parse("record:bad=no-title,index=7").repository(release));
    Map<String, Object> again = sync(release);
    assertThat(again.get("failed")).isEqualTo(1);
    assertThat(results(again)).doesNotContain("gone");
    toy.faults().add(Fault.parse("record:bad=null-id,index=7").repository(release));
    assertThat(results(sync(release))).contains("the sweep met one without a readable key");
    assertThat(count(release, "gone_since is not null")).isZero();
  }

  @Test
  @DisplayName(
      "BUGSBY-4 an unknown word is stored as it came, told in the results, and stops nothing")
  void unknownWordIsKeptAndTold() {
    String release = connected();
    toy.set(release, 5, "severity", "sev9", Instant.now());
    toy.set(release, 6, "bug_type", "Épique", Instant.now());
    Map<String, Object> op = sync(release);
    assertThat(op.get("created")).isEqualTo(457);
    assertThat(op.get("failed")).isEqualTo(0);
    assertThat(results(op))
        .contains("severity is \\\"sev9\\\", none that is known", key(release, 5), "Épique");
    assertThat(count(release, "custom_fields #>> '{bugsby,severity}' = 'sev9'")).isEqualTo(1);
    assertThat(count(release, "type = 'Task' and custom_fields #>> '{bugsby,bugType}' = 'Épique'"))
        .isEqualTo(1);
  }

  @Test
  @DisplayName("BUGSBY-11 one bug is read alone, and one that is not there fails nothing")
  void oneBugIsReadAlone() {
    String release = connected();
    sync(release);
    toy.release(release).retitle(20, "Read alone", Instant.now());
    toy.release(release).retitle(21, "Not read", Instant.now());
    toy.clearRequests();
    Map<String, Object> op = syncOne(release, toy.bugId(release, 20));
    assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
    assertThat(op.get("updated")).isEqualTo(1);
    assertThat(count(release, "title in ('Read alone', 'Not read')")).isEqualTo(1);
    assertThat(toy.requests())
        .anyMatch(r -> r.path().equals("/api/v1/bugs/" + toy.bugId(release, 20)));
    Map<String, Object> absent = syncOne(release, "999");
    assertThat(absent.get("status")).isEqualTo("Completed");
    assertThat(results(absent)).contains("unavailable").contains("404");
    toy.release(release).delete(22);
    syncOne(release, toy.bugId(release, 22));
    assertThat(count(release, "gone_since is not null")).as("one answer is no sweep").isZero();
  }

  @Test
  @DisplayName(
      "BUGSBY-11 BUGSBY-15 a bug that was read alone beside the sweep is not taken for gone")
  void bugReadBesideTheSweepIsNotGone() {
    String release = connected();
    sync(release);
    toy.release(release).retitle(1, "Changed", Instant.now());
    toy.faults().add(Fault.parse("too-many:retry-after=1").repository(release).page(2));
    String id = app.begin(release, true).get("id").toString();
    await().until(() -> app.operation(id).get("waiting_reason") != null);
    // what a refresh of the single bug leaves behind
    app.jdbc()
        .update(
            "update issues set operation_id = gen_random_uuid(), synced_at = now()"
                + " where record_key = ?",
            key(release, 1));
    assertThat(app.ended(id).get("status")).isEqualTo("Completed");
    assertThat(count(release, "gone_since is not null")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server-error:status=500",
        "html:as=json",
        "object",
        "truncated:byte=middle",
        "empty",
        "reset:byte=middle",
        "too-many:retry-after=1",
        "too-many:retry-after=absent"
      })
  @DisplayName("BUGSBY-1 a page that fails or is limited once is read again, the others are not")
  void pageThatFailsOnceIsReadAgain(String fault) {
    String release = connected();
    toy.faults().add(Fault.parse(fault).repository(release).at(3));
    sync(release);
    assertThat(count(release, "true")).isEqualTo(457);
    assertThat(asked(release)).hasSize(6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"unauthorized|token rejected", "not-found|no such", "forbidden|forbidden"})
  @DisplayName("BUGSBY-1 a refusal fails at once with the cure, and every row stays as it was")
  void refusalFailsAtOnce(String line) {
    String[] parts = line.split("\\|");
    String release = connected();
    sync(release);
    toy.faults().add(Fault.parse(parts[0]).repository(release));
    Map<String, Object> op = app.sync(release, true);
    assertThat(op.get("status")).isEqualTo("Failed");
    assertThat((String) op.get("error")).startsWith("bugsby: ").contains(parts[1]);
    assertThat((String) op.get("cure")).isNotBlank();
    assertThat(count(release, "gone_since is null")).isEqualTo(457);
  }

  @Test
  @DisplayName("BUGSBY-1 page tokens that lead in a circle end the run, and mark nothing")
  void circleOfTokensEndsTheRun() {
    String release = connected();
    toy.faults().add(Fault.parse("next-link:to=self").repository(release).times(0));
    Map<String, Object> op = app.sync(release, true);
    toy.faults().clear();
    assertThat(op.get("status")).isEqualTo("Failed");
    assertThat((String) op.get("error")).contains("in a circle");
  }

  @Test
  @DisplayName("BUGSBY-5 a connection without a release asks nothing and says what is missing")
  void connectionWithoutARelease() {
    app.jdbc()
        .update(
            "insert into connections (name, tracker, url) values ('nameless', 'bugsby', ?)",
            toy.baseUrl() + "/releases/nameless");
    Map<String, Object> op = app.sync("nameless", true);
    assertThat(op.get("status")).isEqualTo("Failed");
    assertThat((String) op.get("error")).contains("nameless names no release");
    assertThat((String) op.get("cure")).contains("connection.nameless.release");
  }

  @Test
  @DisplayName("BUGSBY-1 CORE-14 the token of the settings goes to tracker.bugsby.url alone")
  void tokenGoesToItsAddressAlone() {
    try (ToyBugsby other = ToyBugsby.start(ToyBugsbyOptions.builder().issues(3).build())) {
      app.connect("bugsby", "other", toy.baseUrl() + "/releases/other", other.baseUrl(), null);
      app.jdbc()
          .update(
              "update connections set settings = settings || '{\"release\": \"other\"}'"
                  + " where name = 'other'");
      sync("other");
      assertThat(other.requests())
          .isNotEmpty()
          .noneMatch(r -> r.headers().containsKey("authorization"));
    }
  }

  @Test
  @DisplayName("BUGSBY-1 another API is followed by settings alone: paths, names, paging, token")
  void anotherApiIsFollowedBySettings() throws IOException {
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String base = "http://127.0.0.1:" + server.getAddress().getPort();
    server.createContext(
        "/",
        call -> {
          String query = call.getRequestURI().getRawQuery();
          asked.add(
              call.getRequestURI().getPath()
                  + (query == null ? "" : "?" + query)
                  + " "
                  + call.getRequestHeaders().getFirst("X-Api-Key"));
          byte[] answer = otherAnswer(base, call.getRequestURI()).getBytes(StandardCharsets.UTF_8);
          call.getResponseHeaders().set("Content-Type", "application/json");
          call.sendResponseHeaders(200, answer.length);
          try (OutputStream out = call.getResponseBody()) {
            out.write(answer);
          }
        });
    server.start();
    Map<String, String> other =
        Map.ofEntries(
            Map.entry("tracker.bugsby.url", base + "/rest"),
            Map.entry("tracker.bugsby.token", "canary-key"),
            Map.entry("tracker.bugsby.list-path", "/defects"),
            Map.entry("tracker.bugsby.bug-path", "/defect"),
            Map.entry("tracker.bugsby.release-parameter", "train"),
            Map.entry("tracker.bugsby.status-parameter", "state"),
            Map.entry("tracker.bugsby.size-parameter", "rows"),
            Map.entry("tracker.bugsby.page-size", "2"),
            Map.entry("tracker.bugsby.paging", "address"),
            Map.entry("tracker.bugsby.list-field", "/data/items"),
            Map.entry("tracker.bugsby.next-field", "/links/next"),
            Map.entry("tracker.bugsby.total-field", "/data/count"),
            Map.entry("tracker.bugsby.auth-header", "X-Api-Key"),
            Map.entry("tracker.bugsby.auth-scheme", "none"),
            Map.entry("connection.main.tracker", "bugsby"),
            Map.entry("connection.main.url", base + "/rest/releases/main"),
            Map.entry("connection.main.release", "main"));
    try (RunningApp adapted = RunningApp.start(other)) {
      Map<String, Object> op = adapted.sync("main", true);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      assertThat(op.get("created")).isEqualTo(3);
      assertThat(asked)
          .containsExactly(
              "/rest/defects?train=main&rows=2 canary-key", "/rest/defects?from=3 canary-key");
    } finally {
      server.stop(0);
    }
  }

  private static String otherAnswer(String base, URI asked) {
    boolean second = "from=3".equals(asked.getRawQuery());
    String items = second ? otherBug(3) : otherBug(1) + "," + otherBug(2);
    String next = second ? "null" : "\"" + base + "/rest/defects?from=3\"";
    return "{\"data\":{\"items\":[" + items + "],\"count\":3},\"links\":{\"next\":" + next + "}}";
  }

  private static String otherBug(int id) {
    return "{\"bug_id\":\"%d\",\"title\":\"Bug %d\",\"status\":\"NEW\"}".formatted(id, id);
  }
}

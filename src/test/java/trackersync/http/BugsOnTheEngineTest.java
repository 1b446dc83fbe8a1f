package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import trackersync.settings.Settings;
import trackersync.testing.RunningApp;
import trackersync.toy.Fault;
import trackersync.toy.ToyBugsby;
import trackersync.toy.ToyBugsbyOptions;

/** Bugsby over HTTP and the real engine, as the manager and the developers see it. */
class BugsOnTheEngineTest {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final String PEOPLE =
      "select string_agg(concat_ws('/', bugsby_id, status, release_note, release_note_by, version,"
          + " changed_at, changed_by), ' ' order by bugsby_id) from bugs where release = ?";
  private static ToyBugsby toy;
  private static RunningApp app;

  @BeforeAll
  static void start() {
    toy = ToyBugsby.start(ToyBugsbyOptions.builder().issues(30).build());
    app = app(toy, Map.of());
  }

  private static RunningApp app(ToyBugsby of, Map<String, String> more) {
    Map<String, String> settings = new java.util.HashMap<>();
    settings.put("tracker.bugsby.url", of.baseUrl().toString());
    settings.put("tracker.bugsby.token", "canary-bugsby");
    settings.put("bugsby.passthrough.enabled", "true");
    settings.put("sync.answer-wait-max", "30s");
    settings.put("schedule.tick-interval", "100ms");
    settings.put("http.rate-per-minute", "1000000");
    settings.putAll(more);
    return RunningApp.start(settings);
  }

  @AfterAll
  static void stop() {
    app.close();
    toy.close();
  }

  @AfterEach
  void noFaults() {
    toy.faults().clear();
  }

  /** A release nobody has heard of, with 30 bugs. */
  private static String release() {
    return "wifi-" + NAMES.incrementAndGet();
  }

  @Test
  @DisplayName("BUGSBY-10 BUGSBY-13 the example of 150 bugs gives its numbers")
  void exampleGivesItsNumbers() {
    String release = release();
    counts(sync(release), 30, 30, 0, 0, 0);
    for (int n = 1; n <= 30; n++) {
      toy.release(release).retitle(n, "Changed " + n, Instant.now());
    }
    toy.release(release).add(120, Instant.now());
    counts(sync(release), 150, 120, 30, 0, 0);
    counts(sync(release), 150, 0, 0, 150, 0);
    JsonNode status = status(release);
    assertThat(status.get("total_bugs").asInt()).isEqualTo(150);
    assertThat(status.get("synced_bugs").asInt()).isEqualTo(150);
    assertThat(status.get("pending_bugs").asInt()).isZero();
    assertThat(status.get("failed_bugs").asInt()).isZero();
    assertThat(status.at("/last_sync/unchanged_bugs").asInt()).isEqualTo(150);
  }

  @Test
  @DisplayName("BUGSBY-23 BUGSBY-14 BUGSBY-16 the manager's week: the six steps of the reference")
  void theManagersWeek() {
    String release = release();
    for (int n = 1; n <= 30; n++) {
      toy.setState(release, n, n <= 20 ? "ASSIGNED" : "NEW", Instant.now());
    }
    toy.assign(release, 3, "Dev@Acme.example", Instant.now());
    toy.set(release, 3, "severity", "sev1", Instant.now());

    // 1 the manager syncs what is assigned
    counts(
        manager()
            .post("/bugsby/sync", "{\"release\":\"" + release + "\",\"status\":\"ASSIGNED\"}")
            .is(200)
            .json(),
        20,
        20,
        0,
        0,
        0);
    // 2 and looks
    assertThat(status(release).get("synced_bugs").asInt()).isEqualTo(20);
    // 3 a developer lists what is his
    String dev = user("dev@acme.example");
    JsonNode mine =
        as("viewer").get("/bugs?release=" + release + "&assigned_to=" + dev).is(200).json();
    assertThat(mine.get("items")).hasSize(1);
    JsonNode bug = mine.get("items").get(0);
    assertThat(bug.get("bugsby_id").asText()).isEqualTo(toy.bugId(release, 3));
    assertThat(bug.get("status").asText()).isEqualTo("pending");
    assertThat(bug.get("severity").asText()).isEqualTo("sev1");
    assertThat(bug.get("assignee_email").asText()).isEqualTo("Dev@Acme.example");
    String path = "/bugs/" + bug.get("id").asText();
    // 4 a note is drafted
    JsonNode drafted = as("member").post(path + "/release-note/draft", null).is(200).json();
    assertThat(drafted.get("status").asText()).isEqualTo("ai_generated");
    // 5 and approved, without a word to Bugsby
    long asked = toy.requestCount();
    JsonNode approved =
        as("member").send("PUT", path, "{\"status\":\"dev_approved\"}").is(200).json();
    as("viewer").get(path).is(200);
    as("viewer").get("/bugs?release=" + release).is(200);
    assertThat(toy.requestCount()).isEqualTo(asked);
    // 6 a week later: changes come, decisions stay
    Instant later = Instant.now().plusSeconds(1);
    toy.release(release).retitle(3, "Another title", later);
    toy.assign(release, 3, "other@acme.example", later);
    toy.release(release).add(5, later);
    String before = people(release);
    counts(sync(release), 35, 15, 1, 19, 0);
    assertThat(people(release)).contains(before.split(" ")).contains("dev_approved");
    JsonNode after = as("viewer").get(path).is(200).json();
    assertThat(after.get("title").asText()).isEqualTo("Another title");
    assertThat(after.get("assigned_to").asText()).isEqualTo(user("other@acme.example"));
    for (String kept : List.of("status", "release_note", "release_note_by", "changed_at")) {
      assertThat(after.get(kept)).as(kept).isEqualTo(approved.get(kept));
    }
    as("manager").send("PUT", path, "{\"status\":\"mgr_approved\"}").is(200);
    assertThat(as("viewer").get("/bugsby/release-notes?release=" + release).is(200).body())
        .contains("(" + toy.bugId(release, 3) + ")");
  }

  @Test
  @DisplayName(
      "BUGSBY-6 BUGSBY-20 an assignee is one user, whoever writes his e-mail how, and when")
  void peopleAreMadeOnce() throws Exception {
    List<String> releases = new ArrayList<>();
    for (int r = 0; r < 4; r++) {
      String release = release();
      releases.add(release);
      for (int n = 1; n <= 30; n++) {
        String email = "new" + n % 7 + "-" + releases.get(0) + "@acme.example";
        toy.assign(release, n, (n + r) % 2 == 0 ? email : email.toUpperCase(), Instant.now());
      }
    }
    toy.assign(releases.get(0), 1, null, Instant.now());
    toy.assign(releases.get(0), 2, "not an e-mail", Instant.now());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<JsonNode>> syncs = new ArrayList<>();
      for (String release : releases) {
        syncs.add(threads.submit(() -> sync(release)));
      }
      for (Future<JsonNode> one : syncs) {
        assertThat(one.get().get("failed_bugs").asInt()).isZero();
      }
    } finally {
      threads.shutdownNow();
    }
    String made = "new%-" + releases.get(0) + "@acme.example";
    assertThat(app.count("select count(*) from users where lower(email) like ?", made))
        .isEqualTo(7);
    assertThat(
            app.count(
                "select count(*) from bugs b left join users u on u.id = b.assigned_to"
                    + " where b.release = any(?) and b.assignee_email is not null"
                    + " and lower(u.email) is distinct from lower(b.assignee_email)",
                (Object) releases.toArray(String[]::new)))
        .isEqualTo(1);
    JsonNode odd = bug(releases.get(0), 2);
    assertThat(odd.get("assignee_email").asText()).isEqualTo("not an e-mail");
    assertThat(odd.get("assigned_to").isNull()).isTrue();
  }

  @Test
  @DisplayName(
      "BUGSBY-1 while Bugsby is down bugs are read and changed; a sync says so, changes none")
  void bugsbyIsDown() {
    try (ToyBugsby own = ToyBugsby.start(ToyBugsbyOptions.builder().issues(30).build());
        RunningApp other = app(own, Map.of())) {
      ApiClient manager = client(other, "manager", "manager@example.org");
      manager.post("/bugsby/sync", "{\"release\":\"down\"}").is(200);
      own.close();
      String rows = "select string_agg(b::text, ' ' order by id) from bugs b";
      String before = other.jdbc().queryForObject(rows, String.class);
      JsonNode refused = manager.post("/bugsby/sync", "{\"release\":\"down\"}").problem(502);
      assertThat(refused.get("detail").asText()).startsWith("bugsby: no answer from");
      assertThat(refused.get("cure").asText()).isNotBlank();
      String id =
          manager.get("/bugs?release=down").is(200).json().at("/items/0/bugsby_id").asText();
      manager.post("/bugsby/sync/" + id, null).problem(502);
      manager.post("/bugsby/sync/123456", null).problem(502);
      manager.get("/bugsby-api/bugs?release=down").problem(502);
      assertThat(other.jdbc().queryForObject(rows, String.class)).isEqualTo(before);

      JsonNode bugs = manager.get("/bugs?release=down&limit=200").is(200).json().get("items");
      assertThat(bugs).hasSize(30);
      String path = "/bugs/" + bugs.get(0).get("id").asText();
      manager.get(path).is(200);
      manager.send("PUT", path, "{\"status\":\"dev_approved\"}").is(200);
      manager.post(path + "/release-note/draft", null).problem(409);
      JsonNode status = manager.get("/bugsby/status?release=down").is(200).json();
      assertThat(status.get("total_bugs").asInt()).isEqualTo(30);
      assertThat(status.get("pending_bugs").asInt()).isEqualTo(30);
      assertThat(status.at("/last_sync/status").asText()).isEqualTo("Failed");
      assertThat(status.at("/last_sync/error").asText()).startsWith("bugsby: no answer from");
    }
  }

  @Test
  @DisplayName("BUGSBY-8 BUGSBY-12 a sweep that fails half-way leaves the rest pending")
  void halfASweepLeavesTheRestPending() {
    String release = release();
    toy.release(release).add(220, Instant.now());
    counts(sync(release), 250, 250, 0, 0, 0);
    toy.faults().add(Fault.of(Fault.Kind.SERVER_ERROR).repository(release).at(2).times(0));
    JsonNode refused =
        manager().post("/bugsby/sync", "{\"release\":\"" + release + "\"}").problem(502);
    assertThat(refused.get("operation").asText()).isNotBlank();
    JsonNode status = status(release);
    assertThat(status.get("synced_bugs").asInt()).isEqualTo(100);
    assertThat(status.get("pending_bugs").asInt()).isEqualTo(150);
    assertThat(status.get("total_bugs").asInt()).isEqualTo(250);
    Set<String> shown = new TreeSet<>();
    as("viewer")
        .get("/bugs?limit=200&release=" + release)
        .json()
        .get("items")
        .forEach(bug -> shown.add(bug.get("sync_status").asText()));
    assertThat(shown).containsExactly("pending", "synced");
    toy.faults().clear();
    sync(release);
    assertThat(status(release).get("pending_bugs").asInt()).isZero();
  }

  @Test
  @DisplayName("BUGSBY-17 BUGSBY-3 a bug that cannot be read is counted and named; the others land")
  void badBugIsCounted() {
    String release = release();
    toy.faults().add(Fault.parse("record:bad=no-title,index=7").repository(release));
    counts(sync(release), 30, 29, 0, 0, 1);
    JsonNode status = status(release);
    assertThat(status.get("total_bugs").asInt()).isEqualTo(30);
    assertThat(status.get("failed_bugs").asInt()).isEqualTo(1);
    assertThat(status.get("synced_bugs").asInt()).isEqualTo(29);
    JsonNode bad = bug(release, 8);
    assertThat(bad.get("sync_status").asText()).isEqualTo("failed");
    assertThat(bad.get("sync_error").asText()).contains("title");
    assertThat(bad.get("release").asText()).isEqualTo(release);
    assertThat(bad.get("status").asText()).isEqualTo("pending");
    for (String empty :
        List.of("title", "description", "severity", "updated_at", "last_synced_at")) {
      assertThat(bad.get(empty).isNull()).as(empty).isTrue();
    }
    toy.faults().clear();
    // one good answer, and it is a bug like the others; one bad one, and it keeps what it had
    counts(sync(release), 30, 1, 0, 29, 0);
    assertThat(bug(release, 8).get("sync_status").asText()).isEqualTo("synced");
    toy.faults().add(Fault.parse("record:bad=no-title,index=7").repository(release));
    counts(sync(release), 30, 0, 0, 29, 1);
    JsonNode kept = bug(release, 8);
    assertThat(kept.get("sync_status").asText()).isEqualTo("failed");
    assertThat(kept.get("title").isNull()).isFalse();
    assertThat(kept.get("last_synced_at").isNull()).isFalse();
  }

  @Test
  @DisplayName("BUGSBY-4 BUGSBY-5 values nobody knows, and long ones, are kept as they came")
  void oddValuesAreKept() {
    String release = release();
    String lengthy = "x".repeat(9_000) + "ü🐞";
    toy.set(release, 1, "severity", "sev9", Instant.now());
    toy.set(release, 2, "component", lengthy, Instant.now());
    toy.set(release, 3, "priority", null, Instant.now());
    toy.release(release).retitle(4, "T" + lengthy, Instant.now());
    toy.set(release, 5, "assignee_email", "a".repeat(5_000) + "@acme.example", Instant.now());
    counts(sync(release), 30, 30, 0, 0, 0);
    assertThat(bug(release, 1).get("severity").asText()).isEqualTo("sev9");
    assertThat(bug(release, 2).get("component").asText()).isEqualTo(lengthy);
    assertThat(bug(release, 3).get("priority").isNull()).isTrue();
    assertThat(bug(release, 4).get("title").asText()).isEqualTo("T" + lengthy);
    assertThat(bug(release, 5).get("assigned_to").isNull()).isTrue();
    assertThat(status(release).at("/last_sync/errors").toString()).contains("sev9");
    assertThat(as("viewer").get("/bugs?severity=sev9").json().get("items")).hasSize(1);
  }

  @Test
  @DisplayName(
      "BUGSBY-13 an older revision of a bug is refused, the same time with other words is not")
  void olderRevisionIsRefused() {
    String release = release();
    Instant at = Instant.now();
    toy.release(release).retitle(5, "As it is", at);
    toy.release(release).retitle(6, "As it is", at);
    sync(release);
    toy.release(release).retitle(5, "As it was", at.minusSeconds(3_600));
    toy.release(release).retitle(6, "In the same second", at);
    counts(sync(release), 30, 0, 1, 29, 0);
    assertThat(bug(release, 5).get("title").asText()).isEqualTo("As it is");
    assertThat(bug(release, 6).get("title").asText()).isEqualTo("In the same second");
  }

  @Test
  @DisplayName("BUGSBY-15 what is gone at Bugsby is said so, and nothing is deleted")
  void goneBugsStay() {
    String release = release();
    sync(release);
    String path = "/bugs/" + bug(release, 12).get("id").asText();
    as("member").send("PUT", path, "{\"status\":\"dev_approved\"}").is(200);
    toy.release(release).delete(12);
    counts(sync(release), 29, 0, 0, 29, 0);
    JsonNode gone = as("viewer").get(path).is(200).json();
    assertThat(gone.get("gone_since").isNull()).isFalse();
    assertThat(gone.get("status").asText()).isEqualTo("dev_approved");
    JsonNode status = status(release);
    assertThat(status.get("total_bugs").asInt()).isEqualTo(30);
    assertThat(status.get("gone_bugs").asInt()).isEqualTo(1);
    assertThat(status.get("pending_bugs").asInt()).isZero();
  }

  @Test
  @DisplayName(
      "BUGSBY-14 BUGSBY-16 a bug that moves to another release is one bug, as people left it")
  void movedBugStaysOne() {
    String from = release();
    String to = release();
    sync(from);
    sync(to);
    String id = toy.bugId(from, 12);
    String path = "/bugs/" + bug(from, 12).get("id").asText();
    as("member").send("PUT", path, "{\"status\":\"dev_approved\"}").is(200);
    int there = toy.move(from, 12, to, Instant.now());
    assertThat(toy.bugId(to, there)).isEqualTo(id);

    // whichever release is read first
    counts(sync(to), 31, 1, 0, 30, 0);
    counts(sync(from), 29, 0, 0, 29, 0);
    JsonNode moved = as("viewer").get(path).is(200).json();
    assertThat(moved.get("bugsby_id").asText()).isEqualTo(id);
    assertThat(moved.get("release").asText()).isEqualTo(to);
    assertThat(moved.get("status").asText()).isEqualTo("dev_approved");
    assertThat(moved.get("gone_since").isNull()).isTrue();
    assertThat(moved.get("sync_status").asText()).isEqualTo("synced");
    assertThat(status(from).get("total_bugs").asInt()).isEqualTo(29);
    assertThat(status(to).get("total_bugs").asInt()).isEqualTo(31);
    toy.move(to, there, from, Instant.now());
    sync(from);
    assertThat(as("viewer").get(path).is(200).json().get("release").asText()).isEqualTo(from);
  }

  @Test
  @DisplayName("BUGSBY-2 what is copied joins with people and issues, in plain SQL")
  void copiedBugsJoin() {
    String release = release();
    String worker = "joins-" + release + "@acme.example";
    for (int n = 1; n <= 30; n++) {
      toy.assign(release, n, n <= 12 ? worker : null, Instant.now());
      toy.set(release, n, "severity", n % 3 == 0 ? "sev1" : "sev2", Instant.now());
    }
    sync(release);
    assertThat(
            app.jdbc()
                .queryForMap(
                    "select u.email, count(*) as bugs, count(*) filter (where b.severity = 'sev1')"
                        + " as urgent, bool_and(i.raw ->> 'bug_id' = b.bugsby_id) as raw"
                        + " from bugs b join users u on u.id = b.assigned_to"
                        + " join issues i on i.id = b.issue_id"
                        + " where b.release = ? group by u.email",
                    release))
        .containsEntry("email", worker)
        .containsEntry("bugs", 12L)
        .containsEntry("urgent", 4L)
        .containsEntry("raw", true);
  }

  @Test
  @DisplayName("BUGSBY-9 an Idempotency-Key stands for one request: the same status too")
  void keyOfAnotherStatusIsRefused() {
    String release = release();
    String body = "{\"release\":\"" + release + "\",\"status\":\"%s\"}";
    ApiClient manager = manager().with("Idempotency-Key", "key-of-" + release);
    JsonNode first = manager.post("/bugsby/sync", body.formatted("NEW")).is(200).json();
    assertThat(manager.post("/bugsby/sync", body.formatted("NEW")).is(200).json()).isEqualTo(first);
    JsonNode other = manager.post("/bugsby/sync", body.formatted("ASSIGNED")).problem(409);
    assertThat(other.get("operation")).isEqualTo(first.get("operation"));
  }

  @Test
  @DisplayName("BUGSBY-11 one bug is read again, known or not, of a tracked release or not")
  void oneBugIsRead() {
    String release = release();
    sync(release);
    toy.release(release).retitle(9, "Read alone", Instant.now());
    toy.release(release).retitle(10, "Not read", Instant.now());
    String id = toy.bugId(release, 9);
    JsonNode answer = manager().post("/bugsby/sync/" + id, null).is(200).json();
    List<String> fields = new ArrayList<>();
    answer.fieldNames().forEachRemaining(fields::add);
    assertThat(fields).containsExactly("id", "bugsby_id", "title", "status", "sync_status");
    assertThat(answer.get("bugsby_id").asText()).isEqualTo(id);
    assertThat(answer.get("title").asText()).isEqualTo("Read alone");
    assertThat(answer.get("status").asText()).isEqualTo("pending");
    assertThat(answer.get("sync_status").asText()).isEqualTo("synced");
    assertThat(as("viewer").get("/bugs/" + answer.get("id").asText()).is(200).json().get("title"))
        .isEqualTo(answer.get("title"));
    assertThat(bug(release, 10).get("title").asText()).isNotEqualTo("Not read");

    // of a release nobody tracks: Bugsby is asked where it is, and no schedule begins
    String other = release();
    String far = toy.bugId(other, 4);
    manager().post("/bugsby/sync/" + far, null).is(200);
    JsonNode status = status(other);
    assertThat(status.get("total_bugs").asInt()).isEqualTo(1);
    assertThat(status.get("schedule").isNull()).isTrue();
    String third = toy.bugId(other, 5);
    manager().post("/bugsby/sync/" + third, "{\"release\":\"" + other + "\"}").is(200);
    counts(sync(other), 30, 28, 0, 2, 0);
    assertThat(status(other).get("schedule").asText()).isEqualTo("0 0 3 * * ?");

    manager().post("/bugsby/sync/999999999999", null).problem(404);
    toy.release(release).delete(11);
    manager().post("/bugsby/sync/" + toy.bugId(release, 11), null).problem(404);
    bug(release, 11);
    for (String role : List.of("viewer", "member")) {
      as(role).post("/bugsby/sync/" + id, null).problem(403);
    }
  }

  @Test
  @DisplayName("BUGSBY-11 BUGSBY-9 one bug is read while its release is being synced")
  void oneBugBesideASync() {
    try (ToyBugsby own =
            ToyBugsby.start(
                ToyBugsbyOptions.builder().issues(900).latency(Duration.ofMillis(400)).build());
        RunningApp other = app(own, Map.of("sync.answer-wait-max", "0s"))) {
      ApiClient manager = client(other, "manager", "manager@example.org");
      ApiClient.Answer started = manager.post("/bugsby/sync", "{\"release\":\"slow\"}").is(202);
      String operation = started.json().get("operation").asText();
      assertThat(started.header("location")).isEqualTo("/api/operations/" + operation);
      await()
          .until(
              () ->
                  other.count("select pages_count from operations where id = ?::uuid", operation)
                      > 0);
      String id = own.bugId("slow", 899);
      ApiClient.Answer one = manager.post("/bugsby/sync/" + id, null).is(202);
      assertThat(other.ended(one.json().get("operation").asText()).get("status"))
          .isEqualTo("Completed");
      // a second sync of the release is told which one is in the way
      JsonNode busy = manager.post("/bugsby/sync", "{\"release\":\"slow\"}").json();
      if (busy.has("cure")) {
        assertThat(busy.get("operation").asText()).isEqualTo(operation);
      }
      Map<String, Object> ended = other.ended(operation);
      assertThat(ended.get("status")).isEqualTo("Completed");
      assertThat((Integer) ended.get("created") + (Integer) ended.get("skipped")).isEqualTo(900);
      JsonNode status = manager.get("/bugsby/status?release=slow").is(200).json();
      assertThat(status.get("total_bugs").asInt()).isEqualTo(900);
      assertThat(status.at("/last_sync/total_fetched").asInt()).isEqualTo(900);
    }
  }

  @Test
  @DisplayName("BUGSBY-19 a direct query shows what Bugsby has, page by page, and stores nothing")
  void directQueryStoresNothing() {
    String release = release();
    toy.release(release).add(90, Instant.now());
    toy.setState(release, 1, "ASSIGNED", Instant.now());
    String counts =
        "select (select count(*) from bugs) || '/' || (select count(*) from issues) || '/' ||"
            + " (select count(*) from connections) || '/' || (select count(*) from users)";
    String before = app.jdbc().queryForObject(counts, String.class);
    ApiClient nobody = new ApiClient(base(app), null);
    JsonNode page = nobody.get("/bugsby-api/bugs?release=" + release).is(200).json();
    assertThat(page.get("bugs")).hasSize(100);
    assertThat(page.at("/bugs/0/bug_id").asText()).isEqualTo(toy.bugId(release, 1));
    JsonNode rest =
        nobody
            .get(
                "/bugsby-api/bugs?release="
                    + release
                    + "&cursor="
                    + page.get("nextCursor").asText())
            .is(200)
            .json();
    assertThat(rest.get("bugs")).hasSize(20);
    assertThat(rest.get("nextCursor").isNull()).isTrue();
    nobody
        .get("/bugsby-api/bugs?status=ASSIGNED&release=" + release)
        .is(200)
        .json()
        .get("bugs")
        .forEach(bug -> assertThat(bug.get("status").asText()).isEqualTo("ASSIGNED"));
    String id = toy.bugId(release, 3);
    assertThat(nobody.get("/bugsby-api/bugs/" + id).is(200).json().get("bug_id").asText())
        .isEqualTo(id);
    nobody.get("/bugsby-api/bugs/999999999999").problem(404);
    // a cursor leads to no other host
    String away =
        java.util.Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("http://127.0.0.2:1/api/v1/bugs".getBytes());
    assertThat(nobody.get("/bugsby-api/bugs?release=a&cursor=" + away).status()).isEqualTo(502);
    assertThat(app.jdbc().queryForObject(counts, String.class)).isEqualTo(before);
    assertThat(page.toString()).doesNotContain("canary-bugsby");
  }

  @Test
  @DisplayName("BUGSBY-22 a tracked release is read again by its schedule, and decisions stay")
  void scheduleReadsAgain() {
    String release = release();
    sync(release);
    String path = "/bugs/" + bug(release, 2).get("id").asText();
    as("member").send("PUT", path, "{\"status\":\"dev_approved\"}").is(200);
    toy.release(release).retitle(2, "By schedule", Instant.now());
    manager()
        .send("PUT", "/bugsby/releases", "{\"release\":\"" + release + "\",\"schedule\":\"1s\"}")
        .is(200);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                as("viewer").get(path).is(200).json().get("title").asText().equals("By schedule"));
    assertThat(as("viewer").get(path).json().get("status").asText()).isEqualTo("dev_approved");
    manager()
        .send("PUT", "/bugsby/releases", "{\"release\":\"" + release + "\",\"schedule\":null}")
        .is(200);
    assertThat(
            app.count(
                "select count(*) from operations o join connections c on c.id = o.connection_id"
                    + " where c.settings ->> 'release' = ? and o.trigger = 'schedule'"
                    + " and o.include_closed",
                release))
        .isPositive();
  }

  @Test
  @DisplayName("BUGSBY-18 BUGSBY-9 who asked is on the operation; closed bugs come as well")
  void everythingComesAndIsSigned() {
    String release = release();
    toy.setState(release, 1, "CLOSED", Instant.now());
    JsonNode answer = sync(release);
    assertThat(bug(release, 1).get("source_status").asText()).isEqualTo("CLOSED");
    assertThat(
            manager()
                .get("/api/operations/" + answer.get("operation").asText())
                .is(200)
                .json()
                .get("requestedBy")
                .asText())
        .isEqualTo("manager@example.org");
  }

  private static JsonNode sync(String release) {
    return manager().post("/bugsby/sync", "{\"release\":\"" + release + "\"}").is(200).json();
  }

  private static void counts(
      JsonNode answer, int total, int created, int updated, int unchanged, int failed) {
    assertThat(
            List.of(
                answer.get("total_fetched").asInt(),
                answer.get("new_bugs").asInt(),
                answer.get("updated_bugs").asInt(),
                answer.get("unchanged_bugs").asInt(),
                answer.get("failed_bugs").asInt()))
        .as("%s", answer)
        .containsExactly(total, created, updated, unchanged, failed);
  }

  private static JsonNode status(String release) {
    return manager().get("/bugsby/status?release=" + release).is(200).json();
  }

  private static JsonNode bug(String release, int number) {
    JsonNode found = as("viewer").get("/bugs?q=" + toy.bugId(release, number)).is(200).json();
    assertThat(found.get("items")).hasSize(1);
    return found.get("items").get(0);
  }

  private static String user(String email) {
    return app.jdbc()
        .queryForObject("select id::text from users where lower(email) = ?", String.class, email);
  }

  private static String people(String release) {
    return app.jdbc().queryForObject(PEOPLE, String.class, release);
  }

  private static ApiClient manager() {
    return as("manager");
  }

  private static ApiClient as(String role) {
    return client(app, role, role + "@example.org");
  }

  static String base(RunningApp of) {
    return "http://127.0.0.1:" + of.app().httpPort();
  }

  static ApiClient client(RunningApp of, String role, String email) {
    Settings settings =
        of.app().camel().getRegistry().lookupByNameAndType("settings", Settings.class);
    return new ApiClient(
        base(of), Keys.open(settings).mint(email, List.of(role), Duration.ofMinutes(10)));
  }
}

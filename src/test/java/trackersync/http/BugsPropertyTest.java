package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import trackersync.testing.RunningApp;
import trackersync.toy.ToyBugsby;
import trackersync.toy.ToyBugsbyOptions;

/**
 * Any interleaving of syncs, edits at Bugsby and people's decisions: what people decided is never
 * changed by a sync, and after a last sync every bug is as Bugsby has it.
 */
class BugsPropertyTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final int BUGS = 12;
  private static final List<String> FIELDS =
      List.of(
          "title",
          "description",
          "severity",
          "priority",
          "bug_type",
          "release",
          "component",
          "assignee_email");
  private static ToyBugsby toy;
  private static RunningApp app;

  /** One step; number and word mean what its kind makes of them. */
  record Step(Kind kind, int number, int word) {}

  enum Kind {
    SYNC,
    SYNC_BESIDE,
    SYNC_FILTERED,
    SYNC_ONE,
    RETITLE,
    ASSIGN,
    SEVERITY,
    DESCRIPTION,
    STATE,
    DELETE,
    ADD,
    DECIDE,
    NOTE,
    DRAFT
  }

  @BeforeContainer
  static void start() {
    toy = ToyBugsby.start(ToyBugsbyOptions.builder().issues(BUGS).build());
    app =
        RunningApp.start(
            Map.of(
                "tracker.bugsby.url", toy.baseUrl().toString(),
                "tracker.bugsby.page-size", "5",
                "sync.answer-wait-max", "30s",
                "http.rate-per-minute", "1000000"));
  }

  @AfterContainer
  static void stop() {
    app.close();
    toy.close();
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step> step =
        Combinators.combine(
                Arbitraries.of(Kind.class),
                Arbitraries.integers().between(1, BUGS),
                Arbitraries.integers().between(0, 5))
            .as(Step::new);
    return step.list().ofMinSize(4).ofMaxSize(14);
  }

  @Label("BUGSBY-14 BUGSBY-16 any interleaving keeps people's fields and ends equal to the source")
  @Property(tries = 15, shrinking = ShrinkingMode.OFF)
  void anyInterleaving(@ForAll("steps") List<Step> steps) {
    String release = "any-" + NAMES.incrementAndGet();
    // what people have decided, by Bugsby's id: status and note
    Map<String, List<String>> decided = new HashMap<>();
    List<String> beside = new ArrayList<>();
    for (Step step : steps) {
      take(release, step, decided, beside);
      assertThat(people(release, decided)).as("after %s of %s", step, steps).isEqualTo(decided);
    }
    beside.forEach(BugsPropertyTest::over);
    sync(release, null);
    assertThat(people(release, decided)).as("%s", steps).isEqualTo(decided);
    Map<String, Map<String, String>> source = source(release);
    Map<String, Map<String, String>> stored = stored(release);
    for (Map.Entry<String, Map<String, String>> bug : source.entrySet()) {
      assertThat(stored.get(bug.getKey())).as("%s", steps).isEqualTo(bug.getValue());
    }
    // never deleted: what Bugsby lists no more is here, and says so
    stored.keySet().removeAll(source.keySet());
    for (String id : stored.keySet()) {
      assertThat(
              app.count(
                  "select count(*) from bugs b join issues i on i.id = b.issue_id"
                      + " where b.bugsby_id = ? and i.gone_since is not null",
                  id))
          .as("%s is gone: %s", id, steps)
          .isEqualTo(1);
    }
    assertThat(app.count("select count(email) - count(distinct lower(email)) from users")).isZero();
  }

  private static void take(
      String release, Step step, Map<String, List<String>> decided, List<String> beside) {
    int n = step.number();
    String word = "w" + step.word();
    Instant now = Instant.now();
    switch (step.kind()) {
      case SYNC -> {
        beside.forEach(BugsPropertyTest::over);
        beside.clear();
        sync(release, null);
      }
      case SYNC_FILTERED -> {
        beside.forEach(BugsPropertyTest::over);
        beside.clear();
        sync(release, "ASSIGNED");
      }
      case SYNC_BESIDE -> begin(release, beside);
      case SYNC_ONE ->
          BugsOnTheEngineTest.client(app, "manager", "manager@example.org")
              .post("/bugsby/sync/" + toy.bugId(release, n), "{\"release\":\"" + release + "\"}");
      case RETITLE -> toy.release(release).retitle(n, "Title " + word, now);
      case ASSIGN ->
          toy.assign(
              release,
              n,
              step.word() == 0
                  ? null
                  : (step.word() % 2 == 0 ? "Dev" : "dev") + "@" + word + ".example",
              now);
      case SEVERITY ->
          toy.set(release, n, "severity", step.word() == 5 ? "odd" : "sev" + step.word(), now);
      case DESCRIPTION -> toy.set(release, n, "description", "Words " + word, now);
      case STATE -> toy.setState(release, n, step.word() % 2 == 0 ? "ASSIGNED" : "CLOSED", now);
      case DELETE -> toy.release(release).delete(n);
      case ADD -> toy.release(release).add(1, now);
      case DECIDE, NOTE, DRAFT -> decide(release, step, decided);
    }
  }

  private static void decide(String release, Step step, Map<String, List<String>> decided) {
    ApiClient manager = BugsOnTheEngineTest.client(app, "manager", "manager@example.org");
    String id = toy.bugId(release, step.number());
    JsonNode known = manager.get("/bugs?q=" + id).is(200).json().get("items");
    if (known.isEmpty()) {
      return;
    }
    String path = "/bugs/" + known.get(0).get("id").asText();
    List<String> statuses = List.of("pending", "ai_generated", "dev_approved", "mgr_approved");
    ApiClient.Answer answer =
        switch (step.kind()) {
          case DECIDE ->
              manager.send("PUT", path, "{\"status\":\"" + statuses.get(step.word() % 4) + "\"}");
          case NOTE -> manager.send("PUT", path, "{\"release_note\":\"Note " + step.word() + "\"}");
          default -> manager.post(path + "/release-note/draft", null);
        };
    if (answer.status() == 200) {
      decided.put(id, ours(answer.json()));
    } else {
      assertThat(answer.status()).as(answer.body()).isEqualTo(409);
    }
  }

  private static List<String> ours(JsonNode bug) {
    return List.of(
        bug.get("status").asText(),
        bug.get("release_note").asText(),
        bug.get("release_note_by").asText(),
        bug.get("changed_at").asText());
  }

  /**
   * What is stored of those somebody decided about; nobody else's row may differ from a new one.
   */
  private static Map<String, List<String>> people(
      String release, Map<String, List<String>> decided) {
    Map<String, List<String>> people = new HashMap<>();
    ApiClient viewer = BugsOnTheEngineTest.client(app, "viewer", "viewer@example.org");
    for (JsonNode bug :
        viewer.get("/bugs?limit=200&release=" + release).is(200).json().get("items")) {
      String id = bug.get("bugsby_id").asText();
      if (decided.containsKey(id)) {
        people.put(id, ours(bug));
      } else {
        assertThat(bug.get("status").asText()).isEqualTo("pending");
        assertThat(bug.get("release_note").isNull()).isTrue();
        assertThat(bug.get("changed_at").isNull()).isTrue();
      }
    }
    return people;
  }

  private static void sync(String release, String status) {
    String filter = status == null ? "" : ",\"status\":\"" + status + "\"";
    BugsOnTheEngineTest.client(app, "manager", "manager@example.org")
        .post("/bugsby/sync", "{\"release\":\"" + release + "\"" + filter + "}")
        .is(200);
  }

  /** Starts a sync and does not wait for it; not before the release is tracked. */
  private static void begin(String release, List<String> beside) {
    List<String> connection =
        app.jdbc()
            .queryForList(
                "select name from connections where settings ->> 'release' = ?",
                String.class,
                release);
    if (!connection.isEmpty()) {
      Object id = app.begin(connection.get(0), true).get("id");
      if (id != null) {
        beside.add(id.toString());
      }
    }
  }

  private static void over(String operation) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                app.count(
                        "select count(*) from operations where id = ?::uuid"
                            + " and completed_at is null",
                        operation)
                    == 0);
  }

  /** What Bugsby itself says, field by field. */
  private static Map<String, Map<String, String>> source(String release) {
    Map<String, Map<String, String>> bugs = new TreeMap<>();
    String next = "";
    while (next != null) {
      JsonNode page =
          get(
              toy.baseUrl()
                  + "/api/v1/bugs?limit=100&release="
                  + release
                  + (next.isEmpty() ? "" : "&page_token=" + next));
      for (JsonNode bug : page.get("bugs")) {
        Map<String, String> fields = fields(bug);
        fields.put("source_status", bug.get("status").asText());
        bugs.put(bug.get("bug_id").asText(), fields);
      }
      next = page.path("next_page_token").isTextual() ? page.get("next_page_token").asText() : null;
    }
    return bugs;
  }

  private static Map<String, Map<String, String>> stored(String release) {
    Map<String, Map<String, String>> bugs = new TreeMap<>();
    ApiClient viewer = BugsOnTheEngineTest.client(app, "viewer", "viewer@example.org");
    for (JsonNode bug :
        viewer.get("/bugs?limit=200&release=" + release).is(200).json().get("items")) {
      Map<String, String> fields = fields(bug);
      fields.put("source_status", bug.get("source_status").asText());
      bugs.put(bug.get("bugsby_id").asText(), fields);
    }
    return bugs;
  }

  private static Map<String, String> fields(JsonNode bug) {
    Map<String, String> fields = new TreeMap<>();
    for (String name : FIELDS) {
      fields.put(name, bug.path(name).isNull() ? null : bug.path(name).asText());
    }
    fields.put("updated_at", Instant.parse(bug.get("updated_at").asText()).toString());
    return fields;
  }

  private static JsonNode get(String address) {
    try {
      return JSON.readTree(
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(address)).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

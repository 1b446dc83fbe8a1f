package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is ours of a bug: read, listed, decided, by whom. */
class BugsApiTest {
  private static final AtomicInteger NUMBERS = new AtomicInteger(1_000);
  private static final Map<String, Set<String>> MEMBER =
      Map.of(
          "pending", Set.of("ai_generated", "dev_approved"),
          "ai_generated", Set.of("dev_approved", "pending"),
          "dev_approved", Set.of("pending", "ai_generated"),
          "mgr_approved", Set.of());
  private static final Map<String, Set<String>> MANAGER =
      Map.of(
          "pending", Set.of(),
          "ai_generated", Set.of(),
          "dev_approved", Set.of("mgr_approved"),
          "mgr_approved", Set.of("dev_approved"));

  private final ApiServer server = ApiServer.shared();
  private final ApiClient viewer = server.as("viewer");
  private final ApiClient member = server.as("member");
  private final ApiClient manager = server.as("manager");

  /** A release with a connection of its own. */
  static String release() {
    String release = "release-" + NUMBERS.incrementAndGet();
    ApiServer.sql()
        .update(
            "insert into connections (name, tracker, url, settings, include_closed) values"
                + " (?, 'bugsby', ?, jsonb_build_object('release', ?), true)",
            release,
            "https://bugsby.example.org/releases/" + release,
            release);
    return release;
  }

  /** A bug as a sync would store it; answers its id. */
  static String bug(String release, String more, Object... values) {
    int n = NUMBERS.incrementAndGet();
    String id =
        ApiServer.sql()
            .queryForObject(
                "insert into bugs (bugsby_id, release, connection_id, sync_status, title,"
                    + " description, severity, priority, bug_type, component, created_at,"
                    + " updated_at, last_synced_at)"
                    + " select ?, ?, id, 'synced', ?, 'Words about it', 'sev2', 'P1', 'BUG',"
                    + " 'gnutls', now(), now(), now() from connections"
                    + " where settings ->> 'release' = ? returning id::text",
                String.class,
                "" + n,
                release,
                "Bug " + n,
                release);
    if (!more.isEmpty()) {
      List<Object> all = new ArrayList<>(Arrays.asList(values));
      all.add(id);
      ApiServer.sql().update("update bugs set " + more + " where id = ?::uuid", all.toArray());
    }
    return id;
  }

  @ParameterizedTest
  @ValueSource(strings = {"pending", "ai_generated", "dev_approved", "mgr_approved"})
  @DisplayName("BUGSBY-7 BUGSBY-21 each step from each status, for a member and for a manager")
  void stepsAreTheDeclaredOnes(String before) {
    String release = release();
    for (String after : MEMBER.keySet()) {
      for (ApiClient client : List.of(member, manager)) {
        String id = bug(release, "status = ?", before);
        ApiClient.Answer answer = put(client, id, "{\"status\":\"" + after + "\"}");
        boolean same = before.equals(after);
        boolean forMember = MEMBER.get(before).contains(after);
        boolean forManager = MANAGER.get(before).contains(after);
        int expected =
            same || forMember || (forManager && client == manager) ? 200 : forManager ? 403 : 409;
        assertThat(answer.status())
            .as("%s → %s %s %s", before, after, client == manager, answer.body())
            .isEqualTo(expected);
        assertThat(viewer.get("/bugs/" + id).is(200).json().get("status").asText())
            .isEqualTo(expected == 200 ? after : before);
      }
    }
  }

  @Test
  @DisplayName("BUGSBY-21 BUGSBY-7 a new bug is pending; only status and release_note are writable")
  void onlyOursIsWritable() {
    String id = bug(release(), "");
    JsonNode before = viewer.get("/bugs/" + id).is(200).json();
    assertThat(before.get("status").asText()).isEqualTo("pending");
    for (String field :
        List.of(
            "title",
            "description",
            "severity",
            "priority",
            "bug_type",
            "release",
            "component",
            "assigned_to",
            "bugsby_id",
            "sync_status",
            "last_synced_at",
            "id",
            "version",
            "release_note_by",
            "changed_by",
            "gone_since",
            "nothing")) {
      assertThat(
              put(member, id, "{\"status\":\"dev_approved\",\"" + field + "\":\"x\"}")
                  .problem(400)
                  .toString())
          .contains(field);
    }
    for (String body :
        List.of(
            "{}",
            "[]",
            "{\"status\":null}",
            "{\"status\":\"done\"}",
            "{\"status\":5}",
            "{\"release_note\":\"\"}",
            "{\"release_note\":\"" + "x".repeat(20_001) + "\"}",
            "{\"release_note\":\"a\\u0000b\"}",
            "{\"status\":\"pending\",\"status\":\"dev_approved\"}")) {
      put(member, id, body).problem(400);
    }
    assertThat(viewer.get("/bugs/" + id).is(200).json()).isEqualTo(before);
    put(viewer, id, "{\"status\":\"dev_approved\"}").problem(403);
    put(member, UUID.randomUUID().toString(), "{\"wrong\":1}").problem(404);
    JsonNode after = put(member, id, "{\"status\":\"dev_approved\"}").is(200).json();
    List<String> changed = new ArrayList<>();
    after
        .properties()
        .forEach(
            field -> {
              if (!field.getValue().equals(before.get(field.getKey()))) {
                changed.add(field.getKey());
              }
            });
    assertThat(changed).containsExactlyInAnyOrder("status", "changed_at", "changed_by");
  }

  @Test
  @DisplayName("BUGSBY-21 If-Match is asked for by nobody; sent and stale it is 412")
  void ifMatchIsOptional() {
    String id = bug(release(), "");
    String first = viewer.get("/bugs/" + id).header("etag");
    ApiClient.Answer changed =
        put(member.with("If-Match", first), id, "{\"release_note\":\"Fixed it.\"}").is(200);
    assertThat(changed.header("etag")).isNotEqualTo(first);
    assertThat(
            put(member.with("If-Match", first), id, "{\"status\":\"dev_approved\"}")
                .problem(412)
                .get("cure")
                .asText())
        .contains("ETag");
    for (String stale : List.of("\"nonsense\"", "\"v99\"", "W/" + changed.header("etag"))) {
      put(member.with("If-Match", stale), id, "{\"status\":\"dev_approved\"}").problem(412);
    }
    String both = first + ", " + changed.header("etag");
    put(member.with("If-Match", both), id, "{\"status\":\"ai_generated\"}").is(200);
    put(member.with("If-Match", "*"), id, "{\"status\":\"pending\"}").is(200);
    put(member, id, "{\"status\":\"dev_approved\"}").is(200);
    // a sync leaves the tag alone
    String tag = viewer.get("/bugs/" + id).header("etag");
    ApiServer.sql()
        .update("update bugs set title = 'Other', updated_at = now() where id = ?::uuid", id);
    assertThat(viewer.get("/bugs/" + id).header("etag")).isEqualTo(tag);
  }

  @Test
  @DisplayName("BUGSBY-21 of many changes with one ETag a single one is done")
  void oneOfManyWins() throws Exception {
    String id = bug(release(), "");
    String etag = viewer.get("/bugs/" + id).header("etag");
    ExecutorService threads = Executors.newFixedThreadPool(12);
    try {
      List<Callable<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        String note = "{\"release_note\":\"Note " + i + "\"}";
        calls.add(() -> put(member.with("If-Match", etag), id, note).status());
      }
      List<Integer> answers = new ArrayList<>();
      for (var answer : threads.invokeAll(calls)) {
        answers.add(answer.get());
      }
      assertThat(answers.stream().filter(it -> it == 200)).hasSize(1);
      assertThat(answers.stream().filter(it -> it == 412)).hasSize(23);
    } finally {
      threads.shutdownNow();
    }
    assertThat(history(id)).hasSize(1);
  }

  @Test
  @DisplayName("BUGSBY-21 every change is in the audit trail, with what was and who")
  void changesAreAudited() {
    String id = bug(release(), "");
    put(member, id, "{\"release_note\":\"One\",\"status\":\"dev_approved\"}").is(200);
    put(manager, id, "{\"status\":\"mgr_approved\"}").is(200);
    put(manager, id, "{\"status\":\"mgr_approved\"}").is(200);
    JsonNode history = history(id);
    assertThat(history).hasSize(2);
    assertThat(history.get(0).get("actor").asText()).isEqualTo("manager@example.org");
    assertThat(history.get(0).get("status_before").asText()).isEqualTo("dev_approved");
    assertThat(history.get(0).get("status_after").asText()).isEqualTo("mgr_approved");
    assertThat(history.get(1).get("note_before").isNull()).isTrue();
    assertThat(history.get(1).get("note_after").asText()).isEqualTo("One");
    assertThat(history.get(1).get("actor").asText()).isEqualTo("member@example.org");
  }

  @Test
  @DisplayName("BUGSBY-21 an approved note changes only with a step back")
  void approvedNoteStays() {
    String id = bug(release(), "status = 'mgr_approved', release_note = 'Approved'");
    put(manager, id, "{\"release_note\":\"Other\"}").problem(409);
    put(manager, id, "{\"release_note\":null}").problem(409);
    put(manager, id, "{\"release_note\":\"Approved\"}").is(200);
    JsonNode back =
        put(manager, id, "{\"status\":\"dev_approved\",\"release_note\":\"Other\"}").is(200).json();
    assertThat(back.get("release_note").asText()).isEqualTo("Other");
    assertThat(back.get("release_note_by").asText()).isEqualTo("people");
    JsonNode gone = put(member, id, "{\"release_note\":null}").is(200).json();
    assertThat(gone.get("release_note").isNull()).isTrue();
    assertThat(gone.get("release_note_by").isNull()).isTrue();
  }

  @Test
  @DisplayName("BUGSBY-20 everybody with a role lists bugs, by every filter")
  void bugsAreFiltered() {
    String release = release();
    String user =
        ApiServer.sql()
            .queryForObject(
                "insert into users (email, name) values (?, 'x') returning id::text",
                String.class,
                release + "@example.org");
    String mine = bug(release, "assigned_to = ?::uuid, severity = 'sev1'", user);
    String other = bug(release, "title = 'Crash in TLS handshake', priority = 'P0'");
    String note = bug(release, "status = 'dev_approved', bug_type = 'TASK', component = 'wifi'");
    String elsewhere = bug(release(), "");
    for (ApiClient client : List.of(viewer, member, manager, server.as("admin"))) {
      assertThat(ids(client, "?release=" + release)).containsExactlyInAnyOrder(mine, other, note);
    }
    server.nobody().get("/bugs?release=" + release).problem(401);
    assertThat(ids(viewer, "?release=" + release + "&assigned_to=" + user)).containsExactly(mine);
    assertThat(ids(viewer, "?assigned_to=" + user)).containsExactly(mine);
    assertThat(ids(viewer, "?release=" + release + "&severity=sev1")).containsExactly(mine);
    assertThat(ids(viewer, "?release=" + release + "&priority=P0")).containsExactly(other);
    assertThat(ids(viewer, "?release=" + release + "&status=dev_approved")).containsExactly(note);
    assertThat(ids(viewer, "?release=" + release + "&bug_type=TASK")).containsExactly(note);
    assertThat(ids(viewer, "?release=" + release + "&component=wifi")).containsExactly(note);
    assertThat(ids(viewer, "?release=" + release + "&q=tls%20HAND")).containsExactly(other);
    assertThat(ids(viewer, "?release=" + release + "&q=words%20about")).hasSize(3);
    assertThat(ids(viewer, "?release=" + release + "&q=%25")).isEmpty();
    String number = viewer.get("/bugs/" + elsewhere).json().get("bugsby_id").asText();
    assertThat(ids(viewer, "?q=" + number)).containsExactly(elsewhere);
    assertThat(ids(viewer, "?release=no-such")).isEmpty();
    for (String query :
        List.of(
            "?status=done",
            "?assigned_to=me",
            "?sort=description",
            "?limit=0",
            "?limit=201",
            "?cursor=x",
            "?unknown=1",
            "?release=",
            "?release=a&release=b")) {
      viewer.get("/bugs" + query).problem(400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "updated_at",
        "created_at",
        "bugsby_id",
        "title",
        "severity",
        "priority",
        "status"
      })
  @DisplayName("BUGSBY-20 each declared sort gives every bug once, page by page, both ways")
  void pagesAreWhole(String sort) {
    String release = release();
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      all.add(
          bug(
              release,
              "title = ?, severity = ?, priority = ?, status = ?,"
                  + " updated_at = case when ? then null else now() - ? * interval '1 day' end",
              "Title \"" + i % 4 + "'; — ü",
              i % 3 == 0 ? null : "sev" + i % 3,
              "P" + i % 2,
              i % 2 == 0 ? "pending" : "ai_generated",
              i == 7,
              i % 5));
    }
    for (String way : List.of("", "-")) {
      List<String> seen = new ArrayList<>();
      List<String> keys = new ArrayList<>();
      String cursor = null;
      do {
        JsonNode page =
            viewer
                .get(
                    "/bugs?limit=3&release="
                        + release
                        + "&sort="
                        + way
                        + sort
                        + (cursor == null ? "" : "&cursor=" + cursor))
                .is(200)
                .json();
        page.get("items")
            .forEach(
                bug -> {
                  seen.add(bug.get("id").asText());
                  keys.add(bug.get(sort).isNull() ? "" : key(sort, bug.get(sort).asText()));
                });
        cursor = page.get("nextCursor").isNull() ? null : page.get("nextCursor").asText();
      } while (cursor != null);
      assertThat(seen).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(all);
      List<String> sorted = keys.stream().sorted().toList();
      if (way.equals("-")) {
        List<String> reversed = new ArrayList<>(sorted);
        java.util.Collections.reverse(reversed);
        sorted = reversed;
      }
      assertThat(keys).isEqualTo(sorted);
    }
  }

  @Test
  @DisplayName("BUGSBY-20 a cursor of another sort, or a made-up one, is refused")
  void madeUpCursorsAreRefused() {
    String release = release();
    for (int i = 0; i < 3; i++) {
      bug(release, "");
    }
    String cursor =
        viewer.get("/bugs?limit=1&sort=title&release=" + release).json().get("nextCursor").asText();
    viewer.get("/bugs?limit=1&sort=severity&cursor=" + cursor).problem(400);
    for (String key : List.of("\"x\\u0000\"", "5", "null", "\"" + "x".repeat(500) + "\"")) {
      String made =
          java.util.Base64.getUrlEncoder()
              .encodeToString(("[\"title\"," + key + ",\"" + UUID.randomUUID() + "\"]").getBytes());
      viewer.get("/bugs?sort=title&cursor=" + made).problem(400);
    }
    String time =
        java.util.Base64.getUrlEncoder()
            .encodeToString(("[\"updated_at\",\"x\",\"" + UUID.randomUUID() + "\"]").getBytes());
    viewer.get("/bugs?sort=updated_at&cursor=" + time).problem(400);
  }

  @Test
  @DisplayName("BUGSBY-12 BUGSBY-8 a release of 150 bugs: 145 synced, 3 pending, 2 failed")
  void statusCounts() {
    String release = release();
    manager.get("/bugsby/status?release=" + release).is(200);
    for (int i = 0; i < 150; i++) {
      bug(release, i < 2 ? "sync_status = 'failed', sync_error = 'title is missing'" : "");
    }
    ApiServer.sql()
        .update(
            "insert into operations (connection_id, trigger, requested_by, status, started_at)"
                + " select id, 'manual', 'x', 'InProgress', now() - interval '1 minute'"
                + " from connections where name = ?",
            release);
    ApiServer.sql()
        .update(
            "update bugs set last_attempt_at = now() - interval '1 hour' where id in (select id from"
                + " bugs where release = ? and sync_status = 'synced' order by id limit 3)",
            release);
    JsonNode status = manager.get("/bugsby/status?release=" + release).is(200).json();
    assertThat(status.get("release").asText()).isEqualTo(release);
    assertThat(status.get("total_bugs").asInt()).isEqualTo(150);
    assertThat(status.get("synced_bugs").asInt()).isEqualTo(145);
    assertThat(status.get("pending_bugs").asInt()).isEqualTo(3);
    assertThat(status.get("failed_bugs").asInt()).isEqualTo(2);
    assertThat(status.get("last_synced_at").asText()).endsWith("Z");
    assertThat(status.get("last_sync").get("status").asText()).isEqualTo("InProgress");
    Set<String> states = new HashSet<>();
    manager
        .get("/bugs?limit=200&release=" + release)
        .json()
        .get("items")
        .forEach(bug -> states.add(bug.get("sync_status").asText()));
    assertThat(states).containsExactlyInAnyOrder("synced", "pending", "failed");
    // over and done: what it did not come by is what it should be
    ApiServer.sql()
        .update(
            "update operations set status = 'Completed', completed_at = now() where connection_id ="
                + " (select id from connections where name = ?)",
            release);
    status = manager.get("/bugsby/status?release=" + release).is(200).json();
    assertThat(status.get("pending_bugs").asInt()).isZero();
    assertThat(status.get("synced_bugs").asInt()).isEqualTo(148);
  }

  @ParameterizedTest
  @CsvSource({"InProgress,,3", "Failed,,3", "Failed,ASSIGNED,1", "Completed,,0", "Pending,,0"})
  @DisplayName("BUGSBY-8 pending: not reached by the sweep under way or failed, nor left out by it")
  void pendingIsWhatTheSweepHasNotReached(String status, String filter, int pending) {
    String release = release();
    String old = "last_attempt_at = now() - interval '1 day', source_status = ?";
    bug(release, old, "ASSIGNED");
    bug(release, old, "CLOSED");
    bug(release, old, "NEW");
    bug(release, "source_status = 'ASSIGNED'");
    ApiServer.sql()
        .update(
            "insert into operations (connection_id, trigger, requested_by, status, started_at,"
                + " completed_at, error, source_filter)"
                + " select id, 'manual', 'x', ?, case when ? then now() - interval '1 hour' end,"
                + " case when ? then now() end, 'x', ? from connections where name = ?",
            status,
            !status.equals("Pending"),
            Set.of("Failed", "Completed").contains(status),
            filter,
            release);
    assertThat(
            manager
                .get("/bugsby/status?release=" + release)
                .is(200)
                .json()
                .get("pending_bugs")
                .asInt())
        .isEqualTo(pending);
  }

  @Test
  @DisplayName("BUGSBY-12 a release nobody synced is a 404, not zeros")
  void unknownReleaseIsNotThere() {
    manager.get("/bugsby/status?release=nobody-synced-this").problem(404);
    manager.get("/bugsby/status").problem(400);
    manager.get("/bugsby/status?release=%00").problem(400);
    viewer.get("/bugsby/release-notes?release=nobody-synced-this").problem(404);
  }

  @Test
  @DisplayName("BUGSBY-18 syncing is for managers")
  void syncingIsForManagers() {
    for (ApiClient client : List.of(viewer, member)) {
      client.post("/bugsby/sync", "{\"release\":\"x\"}").problem(403);
      client.post("/bugsby/sync/1", null).problem(403);
      client.get("/bugsby/status?release=x").problem(403);
      client.get("/bugsby/releases").problem(403);
      client
          .send("PUT", "/bugsby/releases", "{\"release\":\"x\",\"schedule\":\"daily\"}")
          .problem(403);
      client.delete("/bugsby/releases?release=x").problem(403);
    }
    server.nobody().post("/bugsby/sync", "{\"release\":\"x\"}").problem(401);
    assertThat(
            ApiServer.sql()
                .queryForObject(
                    "select count(*) from connections where settings ->> 'release' = 'x'",
                    Long.class))
        .isZero();
  }

  @Test
  @DisplayName("BUGSBY-9 a body that is none is refused, and Bugsby without an address is said so")
  void badSyncsAreRefused() {
    for (String body :
        List.of(
            "{}",
            "{\"release\":\"\"}",
            "{\"release\":null}",
            "{\"release\":\" x\"}",
            "{\"release\":\"a\\nb\"}",
            "{\"release\":\"x\",\"state\":\"ASSIGNED\"}",
            "{\"release\":\"x\",\"status\":\"\"}",
            "{\"release\":\"" + "x".repeat(201) + "\"}")) {
      manager.post("/bugsby/sync", body).problem(400);
    }
    manager.post("/bugsby/sync/a%20b", null).problem(400);
    assertThat(
            manager.post("/bugsby/sync", "{\"release\":\"x\"}").problem(503).get("cure").asText())
        .contains("tracker.bugsby.url");
  }

  @Test
  @DisplayName("BUGSBY-22 each release has its schedule and its age; untracked, its bugs stay")
  void releasesHaveSchedules() {
    String release = release();
    String id = bug(release, "");
    JsonNode weekly =
        manager
            .send(
                "PUT",
                "/bugsby/releases",
                "{\"release\":\"" + release + "\",\"schedule\":\"weekly\",\"lag_max\":\"8d\"}")
            .is(200)
            .json();
    assertThat(weekly.get("schedule").asText()).isEqualTo("0 0 3 ? * MON");
    assertThat(weekly.get("lag_max_seconds").asLong()).isEqualTo(8 * 86_400);
    assertThat(weekly.get("fresh").asBoolean()).isTrue();
    ApiServer.sql()
        .update(
            "update connections set last_sync_at = now() - interval '9 days', next_run_at = now()"
                + " where name = ?",
            release);
    JsonNode old = manager.get("/bugsby/status?release=" + release).is(200).json();
    assertThat(old.get("fresh").asBoolean()).isFalse();
    assertThat(old.get("lag_seconds").asLong()).isGreaterThanOrEqualTo(9 * 86_400);
    JsonNode changed =
        manager
            .send(
                "PUT",
                "/bugsby/releases",
                "{\"release\":\"%s\",\"lag_max\":null,\"schedule_zone\":\"Europe/Berlin\"}"
                    .formatted(release))
            .is(200)
            .json();
    assertThat(changed.get("schedule").asText()).isEqualTo("0 0 3 ? * MON");
    assertThat(changed.get("schedule_zone").asText()).isEqualTo("Europe/Berlin");
    assertThat(changed.get("next_run_at").isNull()).isTrue();
    assertThat(changed.get("lag_max_seconds").asLong()).isEqualTo(36 * 3_600);
    for (String more :
        List.of(
            "\"schedule\":\"now and then\"",
            "\"schedule\":\"0 0 3 * *\"",
            "\"schedule_zone\":\"Mars\"",
            "\"lag_max\":\"soon\"",
            "\"lag_max\":\"0s\"")) {
      manager
          .send("PUT", "/bugsby/releases", "{\"release\":\"" + release + "\"," + more + "}")
          .problem(400);
    }
    manager.send("PUT", "/bugsby/releases", "{\"release\":\"" + release + "\"}").problem(400);
    manager
        .send("PUT", "/bugsby/releases", "{\"release\":\"no-such\",\"schedule\":null}")
        .problem(404);
    assertThat(releases()).contains(release);

    manager.delete("/bugsby/releases?release=" + release).is(204);
    assertThat(releases()).doesNotContain(release);
    manager.delete("/bugsby/releases?release=" + release).problem(404);
    viewer.get("/bugs/" + id).is(200);
    JsonNode untracked = manager.get("/bugsby/status?release=" + release).is(200).json();
    assertThat(untracked.get("tracked").asBoolean()).isFalse();
    assertThat(untracked.get("schedule").isNull()).isTrue();
    assertThat(untracked.get("total_bugs").asInt()).isEqualTo(1);
  }

  @Test
  @DisplayName("BUGSBY-22 a release that is being synced is not untracked, nor one of the settings")
  void busyReleaseStaysTracked() {
    String release = release();
    ApiServer.sql()
        .update(
            "insert into operations (connection_id, trigger, requested_by) select id, 'manual', 'x'"
                + " from connections where name = ?",
            release);
    manager.delete("/bugsby/releases?release=" + release).problem(409);
    String declared = release();
    ApiServer.sql()
        .update("update connections set declared_in = 'settings' where name = ?", declared);
    manager.delete("/bugsby/releases?release=" + declared).problem(409);
    manager
        .send(
            "PUT", "/bugsby/releases", "{\"release\":\"" + declared + "\",\"schedule\":\"daily\"}")
        .problem(409);
    assertThat(releases()).contains(release, declared);
  }

  /** As text that sorts as it should: an instant leaves trailing zeros out. */
  private static String key(String sort, String value) {
    if (!sort.endsWith("_at")) {
      return value;
    }
    Instant at = Instant.parse(value);
    return "%012d.%09d".formatted(at.getEpochSecond(), at.getNano());
  }

  private Set<String> releases() {
    return new TreeSet<>(
        manager.get("/bugsby/releases").is(200).json().get("items").findValuesAsText("release"));
  }

  private JsonNode history(String id) {
    return viewer.get("/bugs/" + id + "/history").is(200).json().get("items");
  }

  private static ApiClient.Answer put(ApiClient client, String id, String body) {
    return client.send("PUT", "/bugs/" + id, body);
  }

  private static List<String> ids(ApiClient client, String query) {
    return client.get("/bugs" + query).is(200).json().get("items").findValuesAsText("id");
  }
}

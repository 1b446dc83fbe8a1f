package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trackersync.settings.Settings;
import trackersync.testing.RunningApp;
import trackersync.toy.Fault;
import trackersync.toy.ToyGithub;
import trackersync.toy.ToyGithubOptions;

/** Projects over the real engine and the toy GitHub: keys, matching, linking, who did it. */
class ProjectsOnTheEngineTest {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final String SYSTEM = "00000000-0000-4000-8000-000000000001";
  private static RunningApp app;

  @BeforeAll
  static void start() {
    app =
        RunningApp.start(Map.of("sync.answer-wait-max", "20s", "http.rate-per-minute", "1000000"));
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  @Test
  @DisplayName("ISSUE-5 keys of a project are unique while eight repositories sync into it")
  void keysAreUnique() {
    try (ToyGithub toy =
        ToyGithub.start(ToyGithubOptions.builder().issues(400).rateLimit(0).build())) {
      String project = project("EIGHT");
      List<String> repositories = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        repositories.add(repository(project, toy, name()));
      }
      List<String> operations = new ArrayList<>();
      for (String path : repositories) {
        operations.add(
            admin()
                .post(
                    path + "/sync",
                    "{\"includeClosed\":true,\"confirm\":[\"activeWebhook\",\"includeClosed\"]}")
                .json()
                .get("id")
                .asText());
      }
      long created = 0;
      for (String operation : operations) {
        Map<String, Object> ended = app.ended(operation);
        assertThat(ended.get("status")).as(ended.toString()).isEqualTo("Completed");
        assertThat(ended.get("failed")).isEqualTo(0);
        created += (Integer) ended.get("created");
      }
      assertThat(created).isGreaterThan(2_000);
      assertThat(
              app.count(
                  "select count(distinct key) from issues where project_id = ?::uuid"
                      + " and key ~ '^EIGHT-[1-9][0-9]*$'",
                  project))
          .isEqualTo(created);
      assertThat(
              app.count(
                  "select count(distinct custom_fields ->> 'externalId') from issues"
                      + " where project_id = ?::uuid",
                  project))
          .isEqualTo(created);
      // a second sync gives no numbers away
      long last = app.count("select last_value from issue_numbers_eight");
      sync(repositories.get(0), "\"fromStart\":true,");
      assertThat(app.count("select last_value from issue_numbers_eight")).isEqualTo(last);
    }
  }

  @Test
  @DisplayName("ISSUE-23 of fifty calls at once one starts an operation, the others are told which")
  void oneOfFiftyStarts() throws Exception {
    try (ToyGithub toy =
        ToyGithub.start(
            ToyGithubOptions.builder().issues(300).latency(Duration.ofMillis(700)).build())) {
      String path = repository(project("FIFTY"), toy, name());
      CountDownLatch together = new CountDownLatch(50);
      ExecutorService threads = Executors.newFixedThreadPool(50);
      List<ApiClient.Answer> answers = new ArrayList<>();
      try {
        List<Future<ApiClient.Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          calls.add(
              threads.submit(
                  () -> {
                    together.countDown();
                    together.await();
                    return admin().post(path + "/sync", "{\"confirm\":[\"activeWebhook\"]}");
                  }));
        }
        for (Future<ApiClient.Answer> call : calls) {
          answers.add(call.get());
        }
      } finally {
        threads.shutdownNow();
      }
      List<ApiClient.Answer> started =
          answers.stream().filter(it -> it.status() == 200 || it.status() == 202).toList();
      assertThat(started).hasSize(1);
      String operation = started.get(0).json().get("id").asText();
      assertThat(answers.stream().filter(it -> it.status() == 409)).hasSize(49);
      assertThat(answers.stream().filter(it -> it.status() == 409))
          .allMatch(it -> it.json().get("operation").asText().equals(operation));
      assertThat(app.ended(operation).get("status")).isEqualTo("Completed");
      assertThat(
              app.count("select count(*) from operations where connection_id = ?::uuid", id(path)))
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("B-23 ISSUE-40 an operation ends within a page when its owner loses his role")
  void roleIsWithdrawnWhileItRuns(boolean removed) {
    try (ToyGithub toy =
        ToyGithub.start(
            ToyGithubOptions.builder().issues(900).latency(Duration.ofMillis(300)).build())) {
      String project = project(removed ? "REMOVED" : "DEMOTED");
      String path = repository(project, toy, name());
      String members = "/api/projects/" + project + "/members";
      String mia = "{\"email\":\"mia@example.org\",\"role\":\"%s\"}";
      String user =
          admin()
              .send("PUT", members, mia.formatted("member"))
              .is(200)
              .json()
              .get("userId")
              .asText();
      String operation =
          client("viewer", "mia@example.org")
              .post(path + "/sync", "{\"confirm\":[\"activeWebhook\"]}")
              .is(202)
              .json()
              .get("id")
              .asText();
      await().until(() -> pages(operation) >= 1);
      if (removed) {
        admin().delete(members + "/" + user).is(204);
      } else {
        admin().send("PUT", members, mia.formatted("viewer")).is(200);
      }
      long before = pages(operation);
      Map<String, Object> ended = app.ended(operation);
      assertThat(ended.get("status")).isEqualTo("Failed");
      assertThat((String) ended.get("error"))
          .contains("mia@example.org may not sync this project any more");
      // the page that was being written when the role went
      assertThat(pages(operation)).isLessThanOrEqualTo(before + 1);
    }
  }

  private static long pages(String operation) {
    return app.count("select pages_count from operations where id = ?::uuid", operation);
  }

  @Test
  @DisplayName("ISSUE-19 ISSUE-37 each stage is shown: fetching, matching, creating, updating")
  void stagesAreShown() throws Exception {
    try (ToyGithub toy =
            ToyGithub.start(
                ToyGithubOptions.builder().issues(900).latency(Duration.ofMillis(400)).build());
        Connection held = app.app().dataSource().getConnection()) {
      String path = repository(project("STAGES"), toy, name());
      held.setAutoCommit(false);
      held.createStatement().execute("lock table issues in exclusive mode");
      String operation = begin(path, false);
      await().until(() -> stage(path, operation).equals("matching"));
      assertThat(pages(operation)).isZero();
      held.rollback();
      // a slow page is waited for again and again
      await().until(() -> stage(path, operation).equals("fetching"));
      assertThat(pages(operation)).isPositive();
      assertThat(app.ended(operation).get("percent")).isEqualTo(100);
      assertThat(stage(path, operation)).isEqualTo("creating");
      // one request, one transaction for up to 100 records
      assertThat(pages(operation)).isEqualTo(10);
      String again = begin(path, true);
      app.ended(again);
      assertThat(stage(path, again)).isEqualTo("updating");
    }
  }

  /** Starts a sync without waiting for its answer. */
  @Test
  @DisplayName(
      "ISSUE-46 ISSUE-47 a press of sync is confirmed, told page by page, and ends with counts and"
          + " errors people can read")
  void pressOfSyncIsToldToItsEnd() throws Exception {
    try (ToyGithub toy =
        ToyGithub.start(
            ToyGithubOptions.builder().issues(400).latency(Duration.ofMillis(300)).build())) {
      String name = name();
      String path = repository(project("PRESSED"), toy, name);
      toy.faults().add(Fault.parse("record:bad=no-title,index=7").repository("acme/" + name).at(1));
      JsonNode asked = admin().post(path + "/sync", "{}").is(200).json();
      assertThat(asked.get("requiresConfirmation").asBoolean()).isTrue();
      assertThat(asked.get("reasons").toString()).isEqualTo("[\"activeWebhook\"]");

      CompletableFuture<ApiClient.Answer> pressed =
          CompletableFuture.supplyAsync(
              () ->
                  admin()
                      .post(
                          path + "/sync",
                          "{\"includeClosed\":true,"
                              + "\"confirm\":[\"activeWebhook\",\"includeClosed\"]}"));
      await().until(() -> running(path) != null);
      String events =
          admin()
              .with("Accept", "text/event-stream")
              .get(path + "/sync/" + running(path) + "/events")
              .is(200)
              .body();
      List<JsonNode> told = new ArrayList<>();
      for (String line : events.split("\n")) {
        if (line.startsWith("data: ")) {
          told.add(new ObjectMapper().readTree(line.substring(6)));
        }
      }
      List<Integer> bar = told.stream().map(it -> it.at("/progress/percent").asInt()).toList();
      assertThat(bar).isSorted().endsWith(100).anyMatch(it -> it > 0 && it < 100);
      assertThat(told).anyMatch(it -> it.at("/progress/stage").asText().equals("fetching"));
      JsonNode end = told.get(told.size() - 1);
      assertThat(events).contains("event: end");
      assertThat(end.get("status").asText()).isEqualTo("Completed");
      assertThat(end.at("/results/failed").asInt()).isEqualTo(1);
      assertThat(end.at("/results/created").asInt()).isPositive();
      assertThat(end.at("/results/errors/0/error").asText()).contains("title");
      JsonNode answer = pressed.join().is(202).json();
      assertThat(answer.get("id")).isEqualTo(end.get("id"));
    }
  }

  /** The sync of a repository that has not ended; null: there is none. */
  private static String running(String path) {
    for (JsonNode sync : admin().get(path + "/sync").is(200).json().get("items")) {
      if (sync.get("completedAt").isNull()) {
        return sync.get("id").asText();
      }
    }
    return null;
  }

  private static String begin(String path, boolean fromStart) {
    String name =
        app.jdbc()
            .queryForObject(
                "select name from connections where id = ?::uuid", String.class, id(path));
    return (fromStart ? app.beginFromStart(name) : app.begin(name, true)).get("id").toString();
  }

  private static String stage(String path, String operation) {
    return admin().get(path + "/sync/" + operation).is(200).json().at("/progress/stage").asText();
  }

  @Test
  @DisplayName("ISSUE-14 ISSUE-48 ISSUE-12 a linked issue is the one the sync updates")
  void linkedIssueIsUpdated() {
    try (ToyGithub toy = toy()) {
      String project = project("LINKED");
      String name = name();
      String path = repository(project, toy, name);
      open(toy, name, 7, "What the tracker says");
      JsonNode local =
          create(project, "{\"title\":\"Ours\",\"customFields\":{\"team\":\"checkout\"}}");
      link(project, local, name, 7);
      JsonNode operation = sync(path, "");
      assertThat(operation.get("results").get("updated").asInt()).isEqualTo(1);

      JsonNode after = issue(project, local.get("id").asText());
      assertThat(after.get("title").asText()).isEqualTo("What the tracker says");
      assertThat(after.get("key")).isEqualTo(local.get("key"));
      assertThat(after.get("reporterId")).isEqualTo(local.get("reporterId"));
      assertThat(after.get("customFields").get("team").asText()).isEqualTo("checkout");
      assertThat(after.get("customFields").get("externalSync").get("syncedAt").asText())
          .isNotBlank();
      assertThat(after.get("repositoryId").asText()).isEqualTo(id(path));
      assertThat(after.get("goneSince").isNull()).isTrue();
      assertThat(withNumber(path, 7)).isEqualTo(1);
      assertThat(
              admin()
                  .patch(
                      "/api/projects/" + project + "/issues/" + local.get("key").asText(),
                      "{\"title\":\"Mine again\"}")
                  .problem(409)
                  .get("cure")
                  .asText())
          .contains("unlink");
      admin()
          .patch(
              "/api/projects/" + project + "/issues/" + local.get("key").asText(),
              "{\"storyPoints\":8,\"customFields\":{\"team\":\"basket\"}}")
          .is(200);
      toy.repository("acme/" + name).retitle(7, "Said anew", Instant.now());
      sync(path, "");
      JsonNode again = issue(project, local.get("id").asText());
      assertThat(again.get("title").asText()).isEqualTo("Said anew");
      assertThat(again.get("storyPoints").asInt()).isEqualTo(8);
      assertThat(again.get("customFields").get("team").asText()).isEqualTo("basket");
    }
  }

  @Test
  @DisplayName("ISSUE-48 an issue that is linked after its last change is still updated")
  void linkAfterTheSyncIsUpdated() {
    try (ToyGithub toy = toy()) {
      String project = project("LATER");
      String name = name();
      String path = repository(project, toy, name);
      Instant at = Instant.now().minusSeconds(86_400);
      toy.repository("acme/" + name).retitle(4, "Closed long ago", at);
      toy.repository("acme/" + name).setClosed(4, true, at);
      toy.repository("acme/" + name).touch(1, Instant.now().minusSeconds(10));
      sync(path, "");
      assertThat(withNumber(path, 4)).isZero();
      JsonNode local = create(project, "{\"title\":\"Ours\"}");
      link(project, local, name, 4);
      sync(path, "");
      JsonNode after = issue(project, local.get("id").asText());
      assertThat(after.get("title").asText()).isEqualTo("Closed long ago");
      assertThat(after.get("status").asText()).isEqualTo("closed");
    }
  }

  @Test
  @DisplayName(
      "ISSUE-14 an issue people made is found by title and repository, if it is the only one")
  void titleAndRepositoryMatch() {
    try (ToyGithub toy = toy()) {
      String project = project("TITLES");
      String name = name();
      String path = repository(project, toy, name);
      open(toy, name, 1, "The only one");
      open(toy, name, 2, "Two of ours");
      open(toy, name, 3, "Two of theirs");
      open(toy, name, 4, "Two of theirs");
      open(toy, name, 5, "Linked elsewhere");
      open(toy, name, 6, "Of no repository");
      open(toy, name, 8, "the only one");
      String of = ",\"repositoryId\":\"" + id(path) + "\"}";
      JsonNode only = create(project, "{\"title\":\"The only one\"" + of);
      JsonNode twinA = create(project, "{\"title\":\"Two of ours\"" + of);
      JsonNode twinB = create(project, "{\"title\":\"Two of ours\"" + of);
      JsonNode theirs = create(project, "{\"title\":\"Two of theirs\"" + of);
      JsonNode elsewhere = create(project, "{\"title\":\"Linked elsewhere\"" + of);
      link(project, elsewhere, name, 9_999);
      JsonNode nowhere = create(project, "{\"title\":\"Of no repository\"}");
      JsonNode operation = sync(path, "");

      assertThat(number(project, only)).isEqualTo(1);
      for (JsonNode untouched : List.of(twinA, twinB, theirs, nowhere)) {
        assertThat(issue(project, untouched.get("id").asText()).get("repositoryId").isNull())
            .as(untouched.get("title").asText())
            .isTrue();
      }
      assertThat(
              issue(project, elsewhere.get("id").asText())
                  .get("customFields")
                  .get("externalId")
                  .asText())
          .endsWith(":9999");
      for (int n = 1; n <= 8; n++) {
        if (n != 7) {
          assertThat(withNumber(path, n)).as("number " + n).isEqualTo(1);
        }
      }
      JsonNode results = operation.get("results");
      assertThat(results.get("updated").asInt()).isEqualTo(1);
      assertThat(results.get("failed").asInt()).isZero();
      assertThat(results.get("errors").findValuesAsText("error"))
          .hasSize(3)
          .anyMatch(
              it ->
                  it.contains(twinA.get("key").asText()) && it.contains(twinB.get("key").asText()))
          .anyMatch(it -> it.contains("several") && it.contains(theirs.get("key").asText()));
      assertThat(results.get("errors").findValuesAsText("issueId"))
          .allMatch(it -> it.startsWith("github:"));
      // what was told once is stored now, and not told again
      assertThat(sync(path, "\"fromStart\":true,").get("results").get("errors")).isEmpty();
    }
  }

  @Test
  @DisplayName("ISSUE-14 ISSUE-43 a closed issue nobody asked for is nobody's match by title")
  void closedIssueIsNoMatch() {
    try (ToyGithub toy = toy()) {
      String project = project("CLOSED");
      String name = name();
      String path = repository(project, toy, name);
      Instant at = Instant.now().minusSeconds(600);
      toy.repository("acme/" + name).retitle(2, "Was fixed once", at);
      toy.repository("acme/" + name).setClosed(2, true, at);
      JsonNode local =
          create(project, "{\"title\":\"Was fixed once\",\"repositoryId\":\"" + id(path) + "\"}");
      sync(path, "");
      JsonNode after = issue(project, local.get("id").asText());
      assertThat(after.get("status").asText()).isEqualTo("open");
      assertThat(after.get("repositoryId").isNull()).isTrue();
      sync(path, "\"includeClosed\":true,");
      assertThat(issue(project, local.get("id").asText()).get("status").asText())
          .isEqualTo("closed");
    }
  }

  @Test
  @DisplayName("ISSUE-14 a repository connected again finds the issues it had")
  void repositoryConnectedAgainFindsItsIssues() {
    try (ToyGithub toy = toy()) {
      String project = project("AGAIN");
      String name = name();
      String first = repository(project, toy, name);
      long created = sync(first, "").get("results").get("created").asLong();
      List<String> keys =
          app.jdbc()
              .queryForList(
                  "select key from issues where connection_id = ?::uuid order by key",
                  String.class,
                  id(first));
      admin().delete(first).is(204);
      String second = repository(project, toy, name);
      JsonNode operation = sync(second, "");
      assertThat(operation.get("results").get("created").asLong()).isZero();
      assertThat(operation.get("results").get("updated").asLong()).isEqualTo(created);
      assertThat(
              app.jdbc()
                  .queryForList(
                      "select key from issues where connection_id = ?::uuid order by key",
                      String.class,
                      id(second)))
          .isEqualTo(keys);
    }
  }

  @Test
  @DisplayName("ISSUE-12 a record that took over a number takes over the row, nothing is doubled")
  void externalIdIsUnique() {
    try (ToyGithub toy = toy()) {
      String project = project("NUMBER");
      String path = repository(project, toy, name());
      sync(path, "");
      long before =
          app.count("select count(*) from issues where connection_id = ?::uuid", id(path));
      // as after a repository was deleted and made again: same numbers, other ids
      app.jdbc()
          .update(
              "update issues set record_key = record_key || '0' where connection_id = ?::uuid",
              id(path));
      JsonNode operation = sync(path, "\"fromStart\":true,");
      assertThat(operation.get("results").get("failed").asInt()).isZero();
      assertThat(operation.get("results").get("created").asInt()).isZero();
      assertThat(app.count("select count(*) from issues where connection_id = ?::uuid", id(path)))
          .isEqualTo(before);
    }
  }

  @Test
  @DisplayName("ISSUE-10 the reporter is who triggered first; for a schedule the system user")
  void reporterIsWhoTriggered() {
    try (ToyGithub toy = toy()) {
      String project = project("WHO");
      String name = name();
      String path = repository(project, toy, name);
      admin()
          .send(
              "PUT",
              "/api/projects/" + project + "/members",
              "{\"email\":\"fay@example.org\",\"role\":\"member\"}")
          .is(200);
      ApiClient fay = client("viewer", "fay@example.org");
      String user =
          fay.post(path + "/sync", "{\"confirm\":[\"activeWebhook\"]}")
              .is(200)
              .json()
              .get("userId")
              .asText();
      assertThat(
              app.jdbc()
                  .queryForList(
                      "select distinct reporter_id::text from issues where connection_id = ?::uuid",
                      String.class,
                      id(path)))
          .containsExactly(user);
      toy.repository("acme/" + name).retitle(1, "Changed", Instant.now());
      sync(path, "");
      assertThat(
              app.count(
                  "select count(distinct reporter_id) from issues where connection_id = ?::uuid",
                  id(path)))
          .isEqualTo(1);
      String scheduled = repository(project, toy, name());
      app.jdbc()
          .update(
              "update connections set schedule = '1h', next_run_at = now() where id = ?::uuid",
              id(scheduled));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  app.count(
                          "select count(*) from operations where connection_id = ?::uuid"
                              + " and status = 'Completed'",
                          id(scheduled))
                      > 0);
      assertThat(
              app.jdbc()
                  .queryForList(
                      "select distinct reporter_id::text from issues where connection_id = ?::uuid",
                      String.class,
                      id(scheduled)))
          .containsExactly(SYSTEM);
    }
  }

  @Test
  @DisplayName("ISSUE-6 the assignee is whom the tracker's login belongs to, else nobody")
  void assigneeIsWhoOwnsTheLogin() {
    try (ToyGithub toy = toy()) {
      String project = project("OWNER");
      String name = name();
      String path = repository(project, toy, name);
      sync(path, "");
      String login =
          app.jdbc()
              .queryForObject(
                  "select assignees[1] from issues where connection_id = ?::uuid"
                      + " and cardinality(assignees) > 0 limit 1",
                  String.class,
                  id(path));
      assertThat(
              app.count(
                  "select count(*) from issues where project_id = ?::uuid and assignee_id is not"
                      + " null",
                  project))
          .isZero();
      String user =
          admin()
              .send(
                  "PUT",
                  "/api/external-identities",
                  "{\"tracker\":\"github\",\"login\":\"%s\",\"email\":\"gus@example.org\"}"
                      .formatted(login.toUpperCase(java.util.Locale.ROOT)))
              .is(200)
              .json()
              .get("userId")
              .asText();
      // what is stored follows at once, what is written later too
      assertThat(assigned(path, login, user)).isEqualTo(assigned(path, login, null)).isPositive();
      Integer number =
          app.jdbc()
              .queryForObject(
                  "update issues set assignee_id = null where id = (select id from issues"
                      + " where connection_id = ?::uuid and assignees[1] = ? limit 1)"
                      + " returning number",
                  Integer.class,
                  id(path),
                  login);
      toy.repository("acme/" + name).retitle(number, "Written anew", Instant.now());
      sync(path, "");
      assertThat(assigned(path, login, user)).isEqualTo(assigned(path, login, null));
    }
  }

  /** Issues of this login, and of this user where one is given. */
  private static long assigned(String path, String login, String user) {
    return app.count(
        "select count(*) from issues where connection_id = ?::uuid and assignees[1] = ?"
            + " and (?::uuid is null or assignee_id = ?::uuid)",
        id(path),
        login,
        user,
        user);
  }

  @Test
  @DisplayName(
      "ISSUE-8 ISSUE-9 ISSUE-13 every stored issue has a valid externalId and externalSync")
  void externalIdsAreValid() {
    try (ToyGithub toy = toy()) {
      String project = project("VALID");
      String path = repository(project, toy, name());
      sync(path, "");
      assertThat(
              app.count(
                  "select count(*) from issues where connection_id = ?::uuid and not ("
                      + " custom_fields ->> 'externalId' ~ '^github:https://[^ ]+:[A-Za-z0-9]+$'"
                      + " and length(custom_fields ->> 'externalId') <= 500"
                      + " and custom_fields -> 'externalSync' ->> 'providerType' = 'GitHub'"
                      + " and custom_fields -> 'externalSync' ->> 'repositoryUrl' like 'https://%'"
                      + " and (custom_fields -> 'externalSync' ->> 'issueNumber')::bigint = number"
                      + " and (custom_fields -> 'externalSync' ->> 'syncedAt')::timestamptz"
                      + " <= now())",
                  id(path)))
          .isZero();
      assertThat(app.count("select count(*) from issues where connection_id = ?::uuid", id(path)))
          .isPositive();
    }
  }

  @Test
  @DisplayName(
      "ISSUE-4 ISSUE-21 lastSyncAt is the end of a sync that succeeded, never of a failed one")
  void lastSyncIsTheLastThatSucceeded() {
    try (ToyGithub toy = toy()) {
      String name = name();
      String path = repository(project("LAST"), toy, name);
      String lost = name();
      String gone =
          admin()
              .post(
                  path.substring(0, path.lastIndexOf('/')),
                  ("{\"repositoryUrl\":\"https://github.com/acme/%s\",\"serviceType\":\"GitHub\","
                          + "\"settings\":{\"api-url\":\"http://127.0.0.1:1\"}}")
                      .formatted(lost))
              .is(201)
              .header("location");
      ApiClient.Answer answer = admin().post(gone + "/sync", "{\"confirm\":[\"activeWebhook\"]}");
      app.ended(answer.json().get("id").asText());
      JsonNode failed =
          admin().get(gone + "/sync/" + answer.json().get("id").asText()).is(200).json();
      assertThat(failed.get("status").asText()).isEqualTo("Failed");
      assertThat(failed.get("error").asText()).isNotBlank();
      assertThat(failed.get("completedAt").isNull()).isFalse();
      assertThat(admin().get(gone).is(200).json().get("lastSyncAt").isNull()).isTrue();
      sync(path, "");
      assertThat(admin().get(path).is(200).json().get("lastSyncAt").isNull()).isFalse();
    }
  }

  @Test
  @DisplayName("ISSUE-16 ISSUE-22 the indexes there should be are there")
  void indexesAreThere() {
    Map<String, String> indexes = new HashMap<>();
    app.jdbc()
        .query(
            "select indexname, indexdef from pg_indexes where schemaname = 'public'",
            row -> {
              indexes.put(row.getString(1), row.getString(2));
            });
    assertThat(indexes.get("issues_custom_fields")).contains("USING gin (custom_fields");
    assertThat(indexes.get("issues_external_id"))
        .startsWith("CREATE UNIQUE INDEX")
        .contains("project_id", "externalId", "WHERE");
    assertThat(indexes.get("issues_key")).startsWith("CREATE UNIQUE INDEX");
    assertThat(indexes.get("operations_connection_status")).contains("(connection_id, status)");
    assertThat(indexes).containsKeys("operations_created", "operations_status");
  }

  @Test
  @DisplayName("ISSUE-24 no status goes back, whatever asks for it: a retry is a new operation")
  void statusNeverGoesBack() {
    try (ToyGithub toy = toy()) {
      String path = repository(project("BACK"), toy, name());
      String ended = sync(path, "").get("id").asText();
      for (String status : List.of("Pending", "InProgress", "Failed")) {
        assertThatThrownBy(
                () ->
                    app.jdbc()
                        .update(
                            "update operations set status = ? where id = ?::uuid", status, ended))
            .as(status)
            .hasMessageContaining("Completed does not become " + status);
      }
      assertThat(sync(path, "").get("id").asText()).isNotEqualTo(ended);
      assertThat(app.operation(ended).get("status")).isEqualTo("Completed");
    }
  }

  @Test
  @DisplayName("ISSUE-49 lastSyncAt is set when all is stored, and the results are the last word")
  void orderOfASync() throws Exception {
    try (ToyGithub toy = toy();
        Connection held = app.app().dataSource().getConnection()) {
      String path = repository(project("ORDER"), toy, name());
      held.setAutoCommit(false);
      held.createStatement().execute("lock table issues in exclusive mode");
      String operation = begin(path, false);
      await().until(() -> stage(path, operation).equals("matching"));
      assertThat(toy.requests()).isNotEmpty();
      assertThat(admin().get(path).is(200).json().get("lastSyncAt").isNull()).isTrue();
      held.rollback();
      app.ended(operation);
      JsonNode repository = admin().get(path).is(200).json();
      JsonNode ended = admin().get(path + "/sync/" + operation).is(200).json();
      assertThat(repository.get("lastSyncAt")).isEqualTo(ended.get("completedAt"));
      assertThat(ended.at("/results/created").asLong())
          .isEqualTo(
              app.count(
                  "select count(*) from issues where connection_id = ?::uuid"
                      + " and custom_fields ->> 'externalId' is not null",
                  id(path)));
    }
  }

  private static ToyGithub toy() {
    return ToyGithub.start(ToyGithubOptions.builder().issues(60).pullRequests(0).build());
  }

  private static String name() {
    return "project-" + NAMES.incrementAndGet();
  }

  private static void open(ToyGithub toy, String name, int number, String title) {
    Instant at = Instant.now().minusSeconds(600 - number);
    toy.repository("acme/" + name).retitle(number, title, at);
    toy.repository("acme/" + name).setClosed(number, false, at);
  }

  private static String project(String key) {
    return admin()
        .post("/api/projects", "{\"key\":\"" + key + "\",\"name\":\"" + key + "\"}")
        .is(201)
        .json()
        .get("id")
        .asText();
  }

  /** Connects acme/NAME of the toy; answers the repository's path. */
  private static String repository(String project, ToyGithub toy, String name) {
    return admin()
        .post(
            "/api/projects/" + project + "/repositories",
            ("{\"repositoryUrl\":\"https://github.com/acme/%s\",\"serviceType\":\"GitHub\","
                    + "\"settings\":{\"api-url\":\"%s\"}}")
                .formatted(name, toy.baseUrl()))
        .is(201)
        .header("location");
  }

  private static String id(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static JsonNode create(String project, String body) {
    return admin().post("/api/projects/" + project + "/issues", body).is(201).json();
  }

  private static void link(String project, JsonNode issue, String name, int number) {
    admin()
        .post(
            "/api/projects/" + project + "/issues/" + issue.get("id").asText() + "/link",
            "{\"externalUrl\":\"https://github.com/acme/" + name + "/issues/" + number + "\"}")
        .is(200);
  }

  private static JsonNode issue(String project, String id) {
    return admin().get("/api/projects/" + project + "/issues/" + id).is(200).json();
  }

  private static int number(String project, JsonNode issue) {
    return issue(project, issue.get("id").asText()).get("number").asInt();
  }

  private static long withNumber(String path, int number) {
    return app.count(
        "select count(*) from issues where connection_id = ?::uuid and number = ?",
        id(path),
        number);
  }

  /** Syncs to the end; answers the operation, Completed. */
  private static JsonNode sync(String path, String more) {
    ApiClient.Answer answer =
        admin()
            .post(
                path + "/sync", "{" + more + "\"confirm\":[\"activeWebhook\",\"includeClosed\"]}");
    assertThat(answer.status()).as(answer.body()).isIn(200, 202);
    String operation = answer.json().get("id").asText();
    app.ended(operation);
    JsonNode ended = admin().get(path + "/sync/" + operation).is(200).json();
    assertThat(ended.get("status").asText()).as(ended.toString()).isEqualTo("Completed");
    return ended;
  }

  private static ApiClient admin() {
    return client("admin", "admin@example.org");
  }

  private static ApiClient client(String role, String email) {
    Settings settings =
        app.app().camel().getRegistry().lookupByNameAndType("settings", Settings.class);
    return new ApiClient(
        "http://127.0.0.1:" + app.app().httpPort(),
        Keys.open(settings).mint(email, List.of(role), Duration.ofMinutes(10)));
  }
}

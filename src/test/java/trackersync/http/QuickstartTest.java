package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import trackersync.settings.Settings;
import trackersync.testing.RunningApp;
import trackersync.toy.Fault;
import trackersync.toy.Toy;
import trackersync.toy.ToyBitbucket;
import trackersync.toy.ToyBitbucketOptions;
import trackersync.toy.ToyGithub;
import trackersync.toy.ToyGithubOptions;
import trackersync.toy.ToyGitlab;
import trackersync.toy.ToyGitlabOptions;

/** The thirteen checks a person would make by hand, over HTTP, in their order. */
@DisplayName("ISSUE-50 the checks of the quickstart")
class QuickstartTest {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static RunningApp app;
  private static ToyGithub github;
  private static ToyGitlab gitlab;
  private static ToyBitbucket bitbucket;
  private static String project;

  @BeforeAll
  static void start() {
    app =
        RunningApp.start(
            Map.of(
                "http.rate-per-minute",
                "1000000",
                "tracker.github.streams",
                "issues,alerts",
                "sync.answer-wait-max",
                "2s"));
    github =
        ToyGithub.start(
            ToyGithubOptions.builder().issues(60).pullRequests(0).anonymousRateLimit(0).build());
    gitlab = ToyGitlab.start(ToyGitlabOptions.builder().issues(60).build());
    bitbucket =
        ToyBitbucket.start(ToyBitbucketOptions.builder().issues(60).anonymousRateLimit(0).build());
    project =
        as("admin", "admin@example.org")
            .post("/api/projects", "{\"key\":\"QUICK\",\"name\":\"Quickstart\"}")
            .is(201)
            .json()
            .get("id")
            .asText();
  }

  @AfterAll
  static void stop() {
    bitbucket.close();
    gitlab.close();
    github.close();
    app.close();
  }

  @Test
  @DisplayName("ISSUE-30 1 sync issues from a GitHub repository")
  void syncsGithub() {
    String name = name();
    String path = connect("GitHub", "https://github.com/acme/" + name, github);
    JsonNode ended = sync(path, "");
    assertThat(ended.at("/results/created").asInt()).isPositive();
    assertThat(stored(path, "stream = 'issues' and key like 'QUICK-%'")).isPositive();
  }

  @Test
  @DisplayName("ISSUE-32 2 sync issues from a GitLab repository")
  void syncsGitlab() {
    String path = connect("GitLab", "https://gitlab.com/acme/web/" + name(), gitlab);
    sync(path, "\"includeClosed\":true,");
    assertThat(stored(path, "stream = 'issues' and key like 'QUICK-%'")).isPositive();
    assertThat(stored(path, "stream = 'findings'")).isPositive();
  }

  @Test
  @DisplayName("ISSUE-33 3 sync issues from a Bitbucket repository, and be told when they are gone")
  void syncsBitbucket() {
    String path = connect("Bitbucket", "https://bitbucket.org/acme/" + name(), bitbucket);
    sync(path, "\"includeClosed\":true,");
    assertThat(stored(path, "key like 'QUICK-%'")).isEqualTo(60);
    bitbucket.setGone(410);
    try {
      JsonNode failed = ended(path, "");
      assertThat(failed.get("status").asText()).isEqualTo("Failed");
      assertThat(failed.get("error").asText()).contains("source retired");
    } finally {
      bitbucket.setGone(0);
    }
    assertThat(stored(path, "key like 'QUICK-%'")).isEqualTo(60);
  }

  @Test
  @DisplayName("ISSUE-12 ISSUE-14 4 an issue that is there by its external id is not doubled")
  void externalIdIsNotDoubled() {
    String path = connect("GitHub", "https://github.com/acme/" + name(), github);
    sync(path, "\"includeClosed\":true,");
    long before = stored(path, "true");
    JsonNode again = sync(path, "\"includeClosed\":true,\"fromStart\":true,");
    assertThat(again.at("/results/created").asInt()).isZero();
    assertThat(stored(path, "true")).isEqualTo(before);
  }

  @Test
  @DisplayName("ISSUE-14 5 an issue that is there by title and repository is taken over")
  void titleAndRepositoryAreTakenOver() {
    String name = name();
    String path = connect("GitHub", "https://github.com/acme/" + name, github);
    github.repository("acme/" + name).retitle(5, "Found by its title", Instant.now());
    github.repository("acme/" + name).setClosed(5, false, Instant.now());
    JsonNode local =
        as("admin", "admin@example.org")
            .post(
                "/api/projects/" + project + "/issues",
                "{\"title\":\"Found by its title\",\"repositoryId\":\"" + id(path) + "\"}")
            .is(201)
            .json();
    sync(path, "");
    assertThat(stored(path, "number = 5 and id = '" + local.get("id").asText() + "'")).isEqualTo(1);
    assertThat(stored(path, "title = 'Found by its title'")).isEqualTo(1);
  }

  @Test
  @DisplayName("ISSUE-11 ISSUE-31 6 a Dependabot alert becomes a bug of priority High or Critical")
  void alertBecomesABug() {
    String path = connect("GitHub", "https://github.com/acme/" + name(), github);
    sync(path, "\"syncType\":\"SecurityOnly\",\"includeClosed\":true,");
    long alerts = stored(path, "stream = 'alerts'");
    assertThat(alerts).isPositive();
    assertThat(stored(path, "stream = 'issues'")).isZero();
    assertThat(
            stored(
                path,
                "type = 'Bug' and priority in ('High', 'Critical')"
                    + " and custom_fields ->> 'externalId' ~ ':alert[0-9]+$'"
                    + " and (custom_fields #>> '{externalSync,securityAdvisory}')::boolean"))
        .isEqualTo(alerts);
  }

  @Test
  @DisplayName("ISSUE-43 7 closed issues come only when they are confirmed")
  void closedOnesAreConfirmed() {
    String path = connect("GitHub", "https://github.com/acme/" + name(), github);
    JsonNode asked =
        as("admin", "admin@example.org")
            .post(path + "/sync", "{\"includeClosed\":true,\"confirm\":[\"activeWebhook\"]}")
            .is(200)
            .json();
    assertThat(asked.get("requiresConfirmation").asBoolean()).isTrue();
    assertThat(asked.get("reasons").toString()).isEqualTo("[\"includeClosed\"]");
    sync(path, "");
    assertThat(stored(path, "stream = 'issues' and status = 'closed'")).isZero();
    sync(path, "\"includeClosed\":true,");
    assertThat(stored(path, "stream = 'issues' and status = 'closed'")).isPositive();
  }

  @Test
  @DisplayName("ISSUE-42 8 while the webhook delivers, a sync by hand is confirmed first")
  void activeWebhookIsConfirmed() {
    String path = connect("GitHub", "https://github.com/acme/" + name(), github);
    JsonNode asked = as("admin", "admin@example.org").post(path + "/sync", "{}").is(200).json();
    assertThat(asked.get("requiresConfirmation").asBoolean()).isTrue();
    assertThat(asked.get("reasons").toString()).isEqualTo("[\"activeWebhook\"]");
    assertThat(app.count("select count(*) from operations where connection_id = ?::uuid", id(path)))
        .isZero();
  }

  @Test
  @DisplayName("ISSUE-35 ISSUE-36 9 a rate limit is waited for, visibly")
  void rateLimitIsWaitedFor() {
    String name = name();
    String path = connect("GitLab", "https://gitlab.com/acme/web/" + name, gitlab);
    gitlab.faults().add(Fault.parse("too-many:retry-after=5").repository("acme/web/" + name).at(1));
    String operation = begin(path, "\"includeClosed\":true,").json().get("id").asText();
    await().until(() -> app.operation(operation).get("not_before") != null);
    assertThat(app.operation(operation).get("status")).isEqualTo("InProgress");
    assertThat((String) app.operation(operation).get("waiting_reason")).contains("slow down");
    assertThat(app.ended(operation).get("status")).isEqualTo("Completed");
  }

  @Test
  @DisplayName("ISSUE-19 ISSUE-38 10 a large repository answers 202 and shows its progress")
  void largeRepositoryShowsItsProgress() {
    try (ToyGithub large =
        ToyGithub.start(
            ToyGithubOptions.builder()
                .issues(900)
                .anonymousRateLimit(0)
                .latency(Duration.ofMillis(150))
                .build())) {
      String path = connect("GitHub", "https://github.com/acme/" + name(), large);
      ApiClient.Answer answer = begin(path, "\"includeClosed\":true,");
      answer.is(202);
      String location = answer.header("location");
      await()
          .until(
              () -> {
                int percent =
                    as("admin", "admin@example.org")
                        .get(location)
                        .json()
                        .at("/progress/percent")
                        .asInt();
                return percent > 0 && percent < 100;
              });
      app.ended(answer.json().get("id").asText());
      JsonNode ended = as("admin", "admin@example.org").get(location).is(200).json();
      assertThat(ended.at("/progress/percent").asInt()).isEqualTo(100);
    }
  }

  @Test
  @DisplayName("ISSUE-48 11 an issue is linked by hand, and the next sync updates it")
  void linkedByHand() {
    String name = name();
    String path = connect("GitLab", "https://gitlab.com/acme/web/" + name, gitlab);
    String issues = "/api/projects/" + project + "/issues";
    JsonNode local =
        as("admin", "admin@example.org").post(issues, "{\"title\":\"Ours\"}").is(201).json();
    gitlab.project("acme/web/" + name).retitle(3, "Theirs", Instant.now());
    gitlab.project("acme/web/" + name).setConfidential(3, false, Instant.now());
    String one = issues + "/" + local.get("id").asText();
    as("admin", "admin@example.org")
        .post(
            one + "/link",
            "{\"externalUrl\":\"https://gitlab.com/acme/web/" + name + "/-/issues/3\"}")
        .is(200);
    sync(path, "\"includeClosed\":true,");
    JsonNode after = as("admin", "admin@example.org").get(one).is(200).json();
    assertThat(after.get("title").asText()).isEqualTo("Theirs");
    assertThat(after.get("key")).isEqualTo(local.get("key"));
  }

  @Test
  @DisplayName("ISSUE-40 12 a viewer may not sync")
  void viewerMayNotSync() {
    String path = connect("GitHub", "https://github.com/acme/" + name(), github);
    as("admin", "admin@example.org")
        .send(
            "PUT",
            "/api/projects/" + project + "/members",
            "{\"email\":\"vera@example.org\",\"role\":\"viewer\"}");
    as("viewer", "vera@example.org").post(path + "/sync", "{}").problem(403);
    assertThat(app.count("select count(*) from operations where connection_id = ?::uuid", id(path)))
        .isZero();
  }

  @Test
  @DisplayName("ISSUE-23 13 a second sync at the same time is refused, and told which one runs")
  void secondSyncIsRefused() {
    try (ToyGithub slow =
        ToyGithub.start(
            ToyGithubOptions.builder()
                .issues(300)
                .anonymousRateLimit(0)
                .latency(Duration.ofMillis(400))
                .build())) {
      String path = connect("GitHub", "https://github.com/acme/" + name(), slow);
      String running = begin(path, "").json().get("id").asText();
      JsonNode problem = begin(path, "").problem(409);
      assertThat(problem.get("operation").asText()).isEqualTo(running);
      assertThat(app.ended(running).get("status")).isEqualTo("Completed");
    }
  }

  private static String name() {
    return "quick-" + NAMES.incrementAndGet();
  }

  private static String connect(String service, String url, Toy toy) {
    return as("admin", "admin@example.org")
        .post(
            "/api/projects/" + project + "/repositories",
            "{\"repositoryUrl\":\"%s\",\"serviceType\":\"%s\",\"settings\":{\"api-url\":\"%s\"},\"accessToken\":\"canary\"}"
                .formatted(url, service, toy.baseUrl()))
        .is(201)
        .header("location");
  }

  private static ApiClient.Answer begin(String path, String more) {
    return as("admin", "admin@example.org")
        .post(path + "/sync", "{" + more + "\"confirm\":[\"activeWebhook\",\"includeClosed\"]}");
  }

  private static JsonNode ended(String path, String more) {
    ApiClient.Answer answer = begin(path, more);
    assertThat(answer.status()).as(answer.body()).isIn(200, 202);
    String operation = answer.json().get("id").asText();
    app.ended(operation);
    return as("admin", "admin@example.org").get(path + "/sync/" + operation).is(200).json();
  }

  private static JsonNode sync(String path, String more) {
    JsonNode ended = ended(path, more);
    assertThat(ended.get("status").asText()).as(ended.toString()).isEqualTo("Completed");
    return ended;
  }

  private static String id(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static long stored(String path, String where) {
    return app.count(
        "select count(*) from issues where connection_id = ?::uuid and " + where, id(path));
  }

  private static ApiClient as(String role, String email) {
    Settings settings =
        app.app().camel().getRegistry().lookupByNameAndType("settings", Settings.class);
    return new ApiClient(
        "http://127.0.0.1:" + app.app().httpPort(),
        Keys.open(settings).mint(email, List.of(role), Duration.ofMinutes(10)));
  }
}

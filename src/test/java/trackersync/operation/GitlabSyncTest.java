package trackersync.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trackersync.testing.RunningApp;
import trackersync.toy.Fault;
import trackersync.toy.ToyGitlab;
import trackersync.toy.ToyGitlabOptions;

/** GitLab → PostgreSQL through the real routes, against the toy. */
class GitlabSyncTest {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static RunningApp app;

  @BeforeAll
  static void start() {
    app = RunningApp.start(Map.of("fetch.deadline", "2s", "fetch.read-timeout", "1s"));
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  private static ToyGitlab toy(int issues) {
    return ToyGitlab.start(ToyGitlabOptions.builder().issues(issues).build());
  }

  /** Makes a connection to {@code acme/web/NAME}; answers its name. */
  private static String connected(ToyGitlab toy) {
    String name = "gl-" + NAMES.incrementAndGet();
    app.connect(
        "gitlab", name, "https://gitlab.com/" + path(name), toy.baseUrl(), "canary-token-" + name);
    return name;
  }

  private static String path(String name) {
    return "acme/web/" + name;
  }

  private static long count(String name, String where) {
    return app.count(
        "select count(*) from issues where connection_id = ?::uuid and " + where,
        app.connectionId(name));
  }

  private static long ignored(Map<String, Object> operation, String kind) {
    return app.count(
        "select coalesce((results #>> array['ignored', ?])::bigint, 0) from operations where id = ?::uuid",
        kind,
        operation.get("id").toString());
  }

  @Test
  @DisplayName(
      "ISSUE-32 ISSUE-34 all pages of a project in subgroups land once, confidential ones apart")
  void allPagesLandOnce() {
    try (ToyGitlab toy = toy(457)) {
      String name = connected(toy);
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      long hidden = ignored(op, "confidential");
      assertThat(hidden).isPositive();
      assertThat(count(name, "stream = 'issues'")).isEqualTo(457 - hidden);
      assertThat(count(name, "confidential")).isZero();
      assertThat(
              app.count(
                  "select count(distinct number) from issues where stream = 'issues'"
                      + " and connection_id = ?::uuid",
                  app.connectionId(name)))
          .isEqualTo(457 - hidden);
      assertThat(
              count(
                  name,
                  "stream = 'issues' and custom_fields ->> 'externalId'"
                      + " = 'gitlab:https://gitlab.com/"
                      + path(name)
                      + ":' || number"))
          .isEqualTo(457 - hidden);
      assertThat(toy.requests()).allMatch(r -> r.path().contains("/projects/acme%2Fweb%2F" + name));
    }
  }

  @Test
  @DisplayName(
      "CORE-7 ISSUE-34 changes, closings and labels taken away arrive; nothing else is asked for")
  void changesArrive() {
    try (ToyGitlab toy = toy(230)) {
      String name = connected(toy);
      app.sync(name, true);
      int number =
          (int)
              app.count(
                  "select min(number) from issues where status = 'open' and stream = 'issues'"
                      + " and connection_id = ?::uuid",
                  app.connectionId(name));
      toy.project(path(name)).setClosed(number, true, Instant.now());
      toy.project(path(name)).setLabels(number, List.of(), Instant.now());
      toy.clearRequests();
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("updated")).isEqualTo(1);
      assertThat(op.get("mode")).isEqualTo("incremental");
      assertThat(
              count(
                  name,
                  "number = "
                      + number
                      + " and status = 'closed' and labels = '{}'"
                      + " and source_status = 'closed' and stream = 'issues'"))
          .isEqualTo(1);
      Map<String, Object> last = app.sync(name, true);
      assertThat(last.get("created")).isEqualTo(0);
      assertThat(last.get("updated")).isEqualTo(0);
    }
  }

  @Test
  @DisplayName(
      "ISSUE-11 ISSUE-32 vulnerability findings are bugs of priority Critical or High, by uuid")
  void findingsAreBugs() {
    try (ToyGitlab toy = toy(10)) {
      String name = connected(toy);
      app.sync(name, true);
      long findings = count(name, "stream = 'findings'");
      assertThat(findings).isPositive();
      assertThat(
              count(
                  name,
                  "stream = 'findings' and type = 'Bug' and priority in ('Critical', 'High')"
                      + " and (priority = 'Critical') = (custom_fields #>> '{externalSync,severity}'"
                      + " = 'critical') and (custom_fields #>> '{externalSync,securityAdvisory}')::boolean"
                      + " and custom_fields ->> 'externalId' ~ ':[0-9a-f]{32}$'"))
          .isEqualTo(findings);
      Map<String, Object> again = app.sync(name, true);
      assertThat(again.get("created")).isEqualTo(0);
      assertThat(again.get("updated")).isEqualTo(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"forbidden", "not-found"})
  @DisplayName(
      "ISSUE-32 below the tier findings are not available, and the issues land all the same")
  void findingsAreNotAvailable(String fault) {
    try (ToyGitlab toy = toy(30)) {
      toy.faults().add(Fault.parse(fault + ":target=findings").times(0));
      String name = connected(toy);
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      assertThat(count(name, "stream = 'issues'")).isPositive();
      assertThat(op.get("results").toString()).contains("unavailable").contains("findings");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server-error:status=500",
        "html:as=json",
        "truncated:byte=middle",
        "empty",
        "reset:byte=middle",
        "too-many:retry-after=1",
        "too-many:retry-after=absent"
      })
  @DisplayName("ISSUE-25 ISSUE-35 ISSUE-36 a page that fails or is limited once is read again")
  void pageThatFailsOnceIsReadAgain(String fault) {
    try (ToyGitlab toy = toy(250)) {
      toy.faults().add(Fault.parse(fault).at(2));
      String name = connected(toy);
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      assertThat(toy.faults().pending()).isEmpty();
      assertThat(count(name, "stream = 'issues'")).isEqualTo(250 - ignored(op, "confidential"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unauthorized|token rejected",
        "not-found|no such repository",
        "forbidden|forbidden"
      })
  @DisplayName("ISSUE-35 a refusal fails at once, names the tracker and the cure")
  void refusalFailsAtOnce(String line) {
    String[] parts = line.split("\\|");
    try (ToyGitlab toy = toy(250)) {
      toy.faults().add(Fault.parse(parts[0]).at(2).times(0));
      String name = connected(toy);
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).isEqualTo("Failed");
      assertThat((String) op.get("error")).startsWith("gitlab: ").contains(parts[1]);
      assertThat((String) op.get("cure")).isNotBlank();
    }
  }

  @Test
  @DisplayName("ISSUE-34 more issues of one instant than fit a page are all read")
  void tiesLongerThanAPage() {
    try (ToyGitlab toy = toy(350)) {
      String name = connected(toy);
      Instant tie = Instant.now().minusSeconds(600);
      for (int n = 1; n <= 250; n++) {
        toy.project(path(name)).touch(n, tie);
      }
      Map<String, Object> op = app.sync(name, true);
      assertThat(count(name, "stream = 'issues'")).isEqualTo(350 - ignored(op, "confidential"));
    }
  }

  @Test
  @DisplayName("ISSUE-35 CORE-11 what is left of the budget is learnt from GitLab's own headers")
  void budgetIsLearnt() {
    try (ToyGitlab toy = toy(20)) {
      String name = connected(toy);
      app.sync(name, true);
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          app.count(
                              "select count(*) from quota_ledger where tracker = 'gitlab'"
                                  + " and limit_count > 0 and reset_at > now()"))
                      .isPositive());
    }
  }
}

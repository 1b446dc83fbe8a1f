package trackersync.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import trackersync.contract.GithubContract;
import trackersync.testing.RunningApp;
import trackersync.toy.Fault;
import trackersync.toy.Seen;
import trackersync.toy.ToyGithub;
import trackersync.toy.ToyGithubOptions;

/** Several connections at once, and what they share. */
class ParallelTest {
  private static RunningApp app;

  @BeforeAll
  static void start() {
    app = RunningApp.start(Map.of());
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  @Test
  @DisplayName("CORE-4 eight connections are synced at the same time, a ninth waits its turn")
  void eightConnectionsAtTheSameTime() {
    try (ToyGithub toy =
        ToyGithub.start(
            ToyGithubOptions.builder()
                .issues(2_000)
                .rateLimit(0)
                .latency(Duration.ofMillis(100))
                .build())) {
      List<String> operations = new ArrayList<>();
      for (int i = 1; i <= 9; i++) {
        app.connect("many-" + i, toy.baseUrl());
      }
      for (int i = 1; i <= 9; i++) {
        operations.add(app.begin("many-" + i, true).get("id").toString());
      }
      await()
          .until(
              () ->
                  app.count(
                          "select count(*) from operations where status = 'InProgress'"
                              + " and lease_until > now()")
                      == 8);
      assertThat(app.count("select count(*) from operations where status = 'Pending'"))
          .isEqualTo(1);
      operations.forEach(id -> assertThat(app.ended(id).get("status")).isEqualTo("Completed"));
    }
  }

  @Test
  @DisplayName(
      "ISSUE-51 a token's budget is shared: when it is used up no connection asks any more")
  void budgetIsShared() {
    try (ToyGithub toy =
        ToyGithub.start(
            ToyGithubOptions.builder()
                .issues(1_000)
                .rateLimit(12)
                .rateWindow(Duration.ofSeconds(3))
                .build())) {
      List<String> operations = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        app.connect("shared-" + i, toy.baseUrl(), "one-token-for-all");
      }
      for (int i = 1; i <= 3; i++) {
        operations.add(app.begin("shared-" + i, true).get("id").toString());
      }
      operations.forEach(id -> assertThat(app.ended(id).get("status")).isEqualTo("Completed"));
      assertThat(toy.requests()).extracting(Seen::status).doesNotContain(403, 429);
      assertThat(toy.requestCount()).isEqualTo(33);
      assertThat(
              app.count(
                  "select count(*) from quota_ledger where limit_count = 12 and origin = ?",
                  toy.baseUrl().toString()))
          .isEqualTo(1);
    }
  }

  @Test
  @DisplayName("ISSUE-36 U01 nobody with that token asks inside the window of a Retry-After")
  void nobodyAsksInsideTheWindow() {
    try (ToyGithub toy = ToyGithub.start(ToyGithubOptions.builder().issues(900).build())) {
      toy.faults().add(Fault.parse("too-many:retry-after=2").at(2));
      List<String> operations = new ArrayList<>();
      for (int i = 1; i <= 2; i++) {
        app.connect("patient-" + i, toy.baseUrl(), "patient-token");
      }
      for (int i = 1; i <= 2; i++) {
        operations.add(app.begin("patient-" + i, true).get("id").toString());
      }
      operations.forEach(id -> assertThat(app.ended(id).get("status")).isEqualTo("Completed"));
      Instant refused =
          toy.requests().stream().filter(r -> r.status() == 429).findFirst().orElseThrow().time();
      // a request that was on its way when the refusal came is no breach
      assertThat(
              toy.requests().stream()
                  .map(Seen::time)
                  .filter(
                      t ->
                          t.isAfter(refused.plusMillis(500))
                              && t.isBefore(refused.plusMillis(1_900))))
          .isEmpty();
    }
  }

  @Test
  @DisplayName("CORE-15 our requests obey GitHub's own OpenAPI document")
  void requestsObeyTheContract() {
    GithubContract contract =
        GithubContract.load()
            .orElseGet(
                () ->
                    org.junit.jupiter.api.Assumptions.abort(
                        "skipped: the vendor's document is not beside this clone"));
    try (ToyGithub toy = ToyGithub.start(ToyGithubOptions.builder().issues(250).build())) {
      app.connect("obedient", toy.baseUrl());
      app.sync("obedient", true);
      toy.repository("acme/obedient").retitle(3, "changed", Instant.now());
      app.sync("obedient", true);
      app.sync("obedient", true);
      assertThat(toy.requests()).hasSizeGreaterThan(4);
      for (Seen request : toy.requests()) {
        assertThat(contract.violations(request))
            .as("%s?%s", request.path(), request.query())
            .isEmpty();
      }
    }
  }
}

package trackersync.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import trackersync.testing.RunningApp;
import trackersync.testing.TestDatabase;
import trackersync.toy.Fault;
import trackersync.toy.Fault.Kind;
import trackersync.toy.ToyGithub;
import trackersync.toy.ToyGithubOptions;

/** Two things at the same time, on two processes' worth of workers. */
class RacesTest {
  private static RunningApp app;
  private static RunningApp other;

  @BeforeAll
  static void start() {
    String database = TestDatabase.ready();
    app = RunningApp.start(Map.of("database.url", database, "node.id", "one"));
    other = RunningApp.start(Map.of("database.url", database, "node.id", "two"));
  }

  @AfterAll
  static void stop() {
    app.close();
    other.close();
  }

  @Test
  @DisplayName("ISSUE-23 P06 two nodes start the same sync: one begins, the other is told which")
  void twoStartsAtOnceAreOneOperation() {
    try (ToyGithub toy = small()) {
      for (int round = 0; round < 100; round++) {
        List<Map<String, Object>> answers = beginTwice("race-" + round, toy, null);
        assertThat(answers).extracting("id").doesNotContainNull();
        if (answers.stream().filter(a -> a.get("outcome").equals("started")).count() == 2) {
          // the first had ended before the second began
          assertThat(answers).extracting("id").doesNotHaveDuplicates();
        } else {
          assertThat(answers).extracting("outcome").containsExactlyInAnyOrder("started", "running");
          assertThat(answers).extracting("id").containsOnly(answers.get(0).get("id"));
        }
      }
      settled("race-%");
    }
  }

  private static ToyGithub small() {
    return ToyGithub.start(ToyGithubOptions.builder().issues(3).anonymousRateLimit(0).build());
  }

  /** Begins a sync of a new connection on both nodes at once; what each was told. */
  private static List<Map<String, Object>> beginTwice(String name, ToyGithub toy, String key) {
    app.connect(name, toy.baseUrl(), null);
    CompletableFuture<Map<String, Object>> there =
        CompletableFuture.supplyAsync(() -> other.begin(name, true, key));
    Map<String, Object> here = app.begin(name, true, key);
    return List.of(here, there.join());
  }

  private static void settled(String names) {
    String of =
        "select count(*) from operations o join connections c on c.id = o.connection_id"
            + " where c.name like ? and o.";
    await().until(() -> app.count(of + "completed_at is null", names) == 0);
    assertThat(app.count(of + "status = 'Failed'", names)).isZero();
  }

  @Test
  @DisplayName("ISSUE-23 the same Idempotency-Key twice at once is one operation, named to both")
  void sameKeyAtOnceIsOneOperation() {
    try (ToyGithub toy = small()) {
      for (int round = 0; round < 50; round++) {
        List<Map<String, Object>> answers = beginTwice("key-" + round, toy, "key-" + round);
        assertThat(answers).extracting("outcome").containsExactlyInAnyOrder("started", "repeated");
        assertThat(answers).extracting("id").containsOnly(answers.get(0).get("id"));
      }
      settled("key-%");
    }
  }

  @Test
  @DisplayName("ISSUE-28 a cancel that meets the beginning of a wait ends the operation at once")
  void cancelThatMeetsAWaitEndsTheOperation() {
    try (ToyGithub toy =
        ToyGithub.start(
            ToyGithubOptions.builder()
                .issues(250)
                .anonymousRateLimit(0)
                .latency(Duration.ofSeconds(1))
                .build())) {
      toy.faults().add(Fault.of(Kind.TOO_MANY).with("retry-after", 600).at(2));
      app.connect("met", toy.baseUrl(), null);
      String id = app.begin("met", true).get("id").toString();
      await().until(() -> (int) app.operation(id).get("pages_count") == 1);
      // page 2 is on its way, and will bring a long wait
      assertThat(app.cancel(id).get("outcome")).isEqualTo("cancelling");
      Map<String, Object> ended = app.ended(id);
      assertThat(ended.get("status")).isEqualTo("Failed");
      assertThat(ended.get("error")).isEqualTo("cancelled by mara");
      assertThat(app.count("select count(*) from operation_skips where operation_id = ?::uuid", id))
          .isZero();
    }
  }
}

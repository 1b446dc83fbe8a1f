package trackersync.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import trackersync.testing.RunningApp;

class QuotaTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Instant RESET = NOW.plusSeconds(60);
  private static final URI API = URI.create("https://api.example");
  private static RunningApp app;

  @BeforeAll
  static void start() {
    app = RunningApp.start(java.util.Map.of());
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  private static Quota quota() {
    return new Quota(app.jdbc(), Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static void take(Quota quota, String key) {
    assertThat(quota.take(key, "github", API)).isEmpty();
  }

  @Test
  @DisplayName("ISSUE-51 answers that overtake each other never give a token more than is left")
  void overtakenAnswerGivesNothingBack() {
    Quota quota = quota();
    for (int i = 0; i < 3; i++) {
      take(quota, "a");
    }
    quota.release("a");
    quota.learn("a", null, 3L, 0L, 100L, RESET);
    // the answer to an earlier request, on its way for longer
    quota.release("a");
    quota.learn("a", null, 3L, 2L, 100L, RESET);
    assertThat(quota.take("a", "github", API)).contains(RESET);
  }

  @Test
  @DisplayName("ISSUE-51 an answer of the window before does not end the new one")
  void answerOfAnEarlierWindow() {
    Quota quota = quota();
    take(quota, "b");
    take(quota, "b");
    quota.release("b");
    quota.learn("b", null, 5L, 4L, 200L, RESET);
    quota.release("b");
    quota.learn("b", null, 5L, 0L, 100L, RESET.minusSeconds(30));
    take(quota, "b");
    quota.release("b");
    quota.learn("b", null, 5L, 5L, 300L, RESET.plusSeconds(60));
    take(quota, "b");
  }

  @Test
  @DisplayName("ISSUE-51 windows of two resources are not compared: each has a clock of its own")
  void resourcesAreNotCompared() {
    Quota quota = quota();
    take(quota, "c");
    take(quota, "c");
    quota.release("c");
    quota.learn("c", "search", 30L, 0L, 200L, RESET);
    quota.release("c");
    quota.learn("c", "core", 5_000L, 9L, 100L, RESET);
    take(quota, "c");
  }
}

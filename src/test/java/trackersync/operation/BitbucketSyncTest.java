package trackersync.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
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
import trackersync.toy.ToyBitbucket;
import trackersync.toy.ToyBitbucketOptions;

/** Bitbucket → PostgreSQL through the real routes, against the toy. */
class BitbucketSyncTest {
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

  private static ToyBitbucket toy(int issues) {
    return ToyBitbucket.start(ToyBitbucketOptions.builder().issues(issues).build());
  }

  private static String connected(ToyBitbucket toy, String token) {
    String name = "bb-" + NAMES.incrementAndGet();
    app.connect("bitbucket", name, "https://bitbucket.org/acme/" + name, toy.baseUrl(), token);
    return name;
  }

  private static long stored(String name) {
    return app.count(
        "select count(*) from issues where connection_id = ?::uuid", app.connectionId(name));
  }

  @Test
  @DisplayName("ISSUE-33 ISSUE-34 all pages land once, along the next address in the body")
  void allPagesLandOnce() {
    try (ToyBitbucket toy = toy(457)) {
      String name = connected(toy, "mara@acme.test:canary-secret");
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      assertThat(op.get("created")).isEqualTo(457);
      assertThat(stored(name)).isEqualTo(457);
      Map<String, Object> again = app.sync(name, true);
      assertThat(again.get("created")).isEqualTo(0);
      assertThat(again.get("updated")).isEqualTo(0);
    }
  }

  @Test
  @DisplayName("CORE-7 ISSUE-33 a change and a closing arrive")
  void changesArrive() {
    try (ToyBitbucket toy = toy(130)) {
      String name = connected(toy, "oauth-token");
      app.sync(name, true);
      toy.repository("acme/" + name).retitle(7, "new words", Instant.now());
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("updated")).isEqualTo(1);
      assertThat(op.get("mode")).isEqualTo("incremental");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone", "not-found"})
  @DisplayName(
      "ISSUE-33 where the issues are gone the source is retired: once, and no storm of retries")
  void retiredSource(String fault) {
    try (ToyBitbucket toy = toy(30)) {
      toy.faults().add(Fault.parse(fault).times(0));
      String name = connected(toy, "oauth-token");
      app.jdbc().update("update connections set schedule = '1h' where name = ?", name);
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).isEqualTo("Failed");
      assertThat((String) op.get("error")).contains("source retired").contains("2026-08-20");
      assertThat(toy.requestCount()).isEqualTo(1);
      assertThat(
              app.jdbc()
                  .queryForObject(
                      "select disabled_reason from connections where name = ?", String.class, name))
          .contains("source retired");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server-error",
        "html:as=json",
        "object",
        "truncated:byte=middle",
        "too-many:retry-after=1"
      })
  @DisplayName("ISSUE-25 ISSUE-36 a page that fails or is limited once is read again")
  void pageThatFailsOnceIsReadAgain(String fault) {
    try (ToyBitbucket toy = toy(250)) {
      toy.faults().add(Fault.parse(fault).at(2));
      String name = connected(toy, "oauth-token");
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      assertThat(stored(name)).isEqualTo(250);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"other-host", "other-scheme", "env"})
  @DisplayName("ISSUE-34 a hostile next address in the body sends the token nowhere")
  void hostileNextAddress(String to) {
    try (ToyBitbucket toy = toy(450)) {
      String name = connected(toy, "oauth-token");
      toy.faults().add(Fault.of(Fault.Kind.NEXT_LINK).with("to", to).at(3));
      Map<String, Object> op = app.sync(name, true);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      assertThat(stored(name)).isEqualTo(450);
    }
  }
}

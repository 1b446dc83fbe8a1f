package trackersync.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trackersync.testing.RunningApp;
import trackersync.testing.TestDatabase;
import trackersync.toy.ToyGithub;
import trackersync.toy.ToyGithubOptions;

class SchedulesTest {

  @ParameterizedTest
  @DisplayName("CORE-11 the next run follows cron, time zone and daylight saving, or the interval")
  @CsvSource(
      delimiter = '|',
      value = {
        "15m           | UTC           | 2026-11-21T10:00:00Z | 2026-11-21T10:15:00Z",
        "0 0 3 * * ?   | UTC           | 2026-11-21T10:00:00Z | 2026-11-22T03:00:00Z",
        "0 0 3 * * ?   | Europe/Vienna | 2026-11-21T10:00:00Z | 2026-11-22T02:00:00Z",
        "0 30 2 * * ?  | Europe/Vienna | 2026-03-29T00:00:00Z | 2026-03-30T00:30:00Z",
        "0 0 8 ? * MON | UTC           | 2026-11-21T10:00:00Z | 2026-11-23T08:00:00Z"
      })
  void nextRun(String schedule, String zone, Instant after, Instant next) {
    assertThat(Schedules.next(schedule, ZoneId.of(zone), after)).isEqualTo(next);
  }

  @ParameterizedTest
  @DisplayName("CORE-11 a schedule nobody can read is refused with an example")
  @CsvSource({"every day", "5", "0 0 3 * *", "10ms", "0 0 0 1 1 ? 1999"})
  void unreadableScheduleIsRefused(String schedule) {
    assertThatThrownBy(
            () -> Schedules.next(schedule, ZoneId.of("UTC"), Instant.parse("2026-11-21T00:00:00Z")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(schedule);
  }

  @Test
  @DisplayName(
      "CORE-11 a due connection is synced by its schedule as the system user, next run visible")
  void dueConnectionIsSynced() {
    try (ToyGithub toy = ToyGithub.start(ToyGithubOptions.builder().issues(30).build());
        RunningApp app = RunningApp.start(Map.of("schedule.tick-interval", "100ms"))) {
      String id = app.connect("nightly", toy.baseUrl());
      app.jdbc()
          .update(
              "update connections set schedule = '1s', schedule_jitter_ms = 5 where id = ?::uuid",
              id);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  app.count(
                          "select count(*) from operations where connection_id = ?::uuid"
                              + " and status = 'Completed'",
                          id)
                      >= 2);
      Map<String, Object> op =
          app.jdbc()
              .queryForMap("select * from operations where connection_id = ?::uuid limit 1", id);
      assertThat(op.get("trigger")).isEqualTo("schedule");
      assertThat(op.get("requested_by")).isEqualTo("tracker-sync");
      assertThat(
              app.count(
                  "select count(*) from connections where next_run_at is not null and id = ?::uuid",
                  id))
          .isEqualTo(1);
    }
  }

  @Test
  @DisplayName(
      "CORE-11 a source that is gone is not asked again by the schedule until a sync succeeds")
  void goneSourceIsNotAskedAgain() {
    try (ToyGithub toy = ToyGithub.start(ToyGithubOptions.builder().issues(30).build());
        RunningApp app = RunningApp.start(Map.of("schedule.tick-interval", "100ms"))) {
      String id = app.connect("gone", toy.baseUrl());
      app.jdbc().update("update connections set schedule = '1s' where id = ?::uuid", id);
      toy.repository("acme/gone").disableIssues();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  app.count(
                          "select count(*) from connections where id = ?::uuid"
                              + " and disabled_reason is not null and next_run_at is null",
                          id)
                      == 1);
      long asked = toy.requestCount();
      app.jdbc().update("update connections set next_run_at = now() where id = ?::uuid", id);
      app.app()
          .camel()
          .createProducerTemplate()
          .send("direct:start-due", e -> e.setVariable("tracker", "github"));
      assertThat(toy.requestCount()).isEqualTo(asked);
    }
  }

  @Test
  @DisplayName("CORE-11 a schedule that has come to its end does not stop the others")
  void endedScheduleDoesNotStopTheOthers() {
    try (RunningApp app = RunningApp.start(Map.of("schedule.tick-interval", "1m"))) {
      String ended = app.connect("ended", java.net.URI.create("http://127.0.0.1:1"));
      String other = app.connect("other", java.net.URI.create("http://127.0.0.1:1"));
      app.jdbc()
          .update(
              "update connections set schedule = '0 0 3 1 1 ? 2020', next_run_at = now()"
                  + " where id = ?::uuid",
              ended);
      app.jdbc()
          .update(
              "update connections set schedule = '1h', next_run_at = now() where id = ?::uuid",
              other);
      app.app()
          .camel()
          .createProducerTemplate()
          .send("direct:start-due", e -> e.setVariable("tracker", "github"));
      assertThat(app.count("select count(distinct connection_id) from operations")).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("CORE-11 two nodes on one database start each due run once, 1,000 times over")
  void twoNodesStartEachRunOnce() throws Exception {
    String database = TestDatabase.ready();
    Map<String, String> settings =
        Map.of(
            "database.url", database,
            "operations.sweep-interval", "5m",
            "schedule.tick-interval", "1m",
            "database.pool-max", "8");
    try (RunningApp one = RunningApp.start(with(settings, "one"));
        RunningApp two = RunningApp.start(with(settings, "two"))) {
      for (RunningApp app : new RunningApp[] {one, two}) {
        app.app().camel().getRouteController().stopRoute("operation-worker");
      }
      one.connect("raced", java.net.URI.create("http://127.0.0.1:1"));
      String id = one.connectionId("raced");
      one.jdbc().update("update connections set schedule = '1h' where id = ?::uuid", id);
      var templates =
          new org.apache.camel.ProducerTemplate[] {
            one.app().camel().createProducerTemplate(), two.app().camel().createProducerTemplate()
          };
      var start = new java.util.concurrent.CyclicBarrier(3);
      var end = new java.util.concurrent.CyclicBarrier(3);
      for (var template : templates) {
        Thread racer =
            new Thread(
                () -> {
                  try {
                    for (int round = 0; round < 1_000; round++) {
                      start.await();
                      template.send("direct:start-due", e -> e.setVariable("tracker", "github"));
                      end.await();
                    }
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                });
        racer.setDaemon(true);
        racer.start();
      }
      for (int round = 0; round < 1_000; round++) {
        one.jdbc().update("update connections set next_run_at = now() where id = ?::uuid", id);
        start.await();
        end.await();
        // the run ends before the next tick, so that only the lock keeps the second node out
        int ended =
            one.jdbc()
                .update(
                    "update operations set status = 'Completed', completed_at = now()"
                        + " where status = 'Pending'");
        assertThat(ended).as("round %s", round).isEqualTo(1);
      }
      assertThat(one.count("select count(*) from operations")).isEqualTo(1_000);
    }
  }

  private static Map<String, String> with(Map<String, String> settings, String node) {
    Map<String, String> all = new java.util.HashMap<>(settings);
    all.put("node.id", node);
    return all;
  }
}

package trackersync.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import trackersync.testing.KeptLog;
import trackersync.testing.RunningApp;
import trackersync.toy.Fault;
import trackersync.toy.ToyGithub;
import trackersync.toy.ToyGithubOptions;

/** What a sink other than PostgreSQL is handed, with a notebook as the sink. */
class DeliveriesTest {
  private static RunningApp app;

  @BeforeAll
  static void start() throws Exception {
    app = RunningApp.start(Map.of("sink.notebook.backlog-max", "10"));
    app.jdbc()
        .execute(
            "create table notebook (record_key text, revision text,"
                + " check (record_key not like '%:bad'))");
    PluginHelper.getRoutesLoader(app.app().camel())
        .loadRoutes(
            PluginHelper.getResourceLoader(app.app().camel())
                .resolveResource("classpath:routes/notebook-deliver.camel.yaml"));
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  private static ToyGithub connected(String name, int issues) {
    ToyGithub toy =
        ToyGithub.start(ToyGithubOptions.builder().issues(issues).pullRequests(0).build());
    app.connect(name, toy.baseUrl());
    app.jdbc().update("update connections set sinks = '{postgres,notebook}' where name = ?", name);
    return toy;
  }

  private static long written(String name) {
    return app.count(
        "select count(*) from notebook n join issues i using (record_key)"
            + " where i.connection_id = ?::uuid",
        app.connectionId(name));
  }

  @Test
  @DisplayName("CORE-1 every stored record is handed to the other sink once, a changed one again")
  void everyStoredRecordIsHandedOverOnce() {
    try (ToyGithub toy = connected("once", 130)) {
      app.sync("once", true);
      assertThat(written("once")).isEqualTo(130);
      app.sync("once", true);
      assertThat(written("once")).isEqualTo(130);
      toy.repository("acme/once").retitle(7, "new words", Instant.now());
      app.sync("once", true);
      assertThat(written("once")).isEqualTo(131);
      assertThat(
              app.count(
                  "select count(*) from deliveries where state = 'delivered'"
                      + " and delivered_revision = wanted_revision and target_id is not null"
                      + " and connection_id = ?::uuid",
                  app.connectionId("once")))
          .isEqualTo(130);
    }
  }

  @Test
  @DisplayName(
      "CORE-8 a record its sink refuses fails alone, is counted, and is tried by the next run")
  void refusedRecordIsTriedByTheNextRun() {
    try (ToyGithub toy = connected("refused", 60)) {
      app.jdbc()
          .execute(
              "alter table notebook add constraint moody check (record_key not like '%7') not valid");
      Map<String, Object> op = app.sync("refused", true);
      assertThat(op.get("status")).isEqualTo("Completed");
      long failed =
          app.count(
              "select count(*) from deliveries where state = 'failed' and error is not null"
                  + " and connection_id = ?::uuid",
              app.connectionId("refused"));
      assertThat(failed).isPositive();
      assertThat(written("refused")).isEqualTo(60 - failed);
      assertThat(op.get("results").toString()).contains("\"sinks\"").contains("notebook");
      assertThat(op.get("failed")).isEqualTo((int) failed);
      assertThat(op.get("created")).isEqualTo(60 - (int) failed);

      app.jdbc().execute("alter table notebook drop constraint moody");
      app.sync("refused", true);
      assertThat(written("refused")).isEqualTo(60);
      assertThat(toy.requestCount()).isPositive();
    }
  }

  @Test
  @DisplayName("CORE-8 a replayed record reaches the other sinks with the next run")
  void replayedRecordReachesTheOtherSinks() {
    try (ToyGithub toy = connected("replayed", 20)) {
      toy.faults().add(Fault.parse("record:bad=no-title"));
      app.sync("replayed", true);
      assertThat(written("replayed")).isEqualTo(19);
      String connection = app.connectionId("replayed");
      app.jdbc()
          .update(
              "update set_aside_records set raw = (raw::jsonb || '{\"title\":\"found\"}')::text"
                  + " where connection_id = ?::uuid",
              connection);
      String aside =
          app.jdbc()
              .queryForObject(
                  "select id::text from set_aside_records where connection_id = ?::uuid",
                  String.class,
                  connection);
      app.app()
          .camel()
          .createProducerTemplate()
          .send(
              "direct:set-aside-replay",
              e -> {
                e.setVariable("setAsideId", aside);
                e.setVariable("requestedBy", "mara");
              });
      app.sync("replayed", true);
      assertThat(written("replayed")).isEqualTo(20);
    }
  }

  @Test
  @DisplayName("CORE-16 a sink that falls behind its backlog-max is named in the log")
  void backlogIsSeen() {
    try (ToyGithub toy = connected("behind", 20);
        KeptLog log = new KeptLog("trackersync")) {
      app.jdbc()
          .execute("alter table notebook add constraint closed check (record_key = '') not valid");
      app.sync("behind", true);
      app.jdbc().execute("alter table notebook drop constraint closed");
      assertThat(log.lines())
          .contains(
              "behind: 20 deliveries to notebook are open, more than sink.notebook.backlog-max = 10");
      assertThat(toy.requestCount()).isPositive();
    }
  }

  @Test
  @DisplayName("CORE-1 a record that comes back to the revision its sink has is due no more")
  void recordThatComesBackToItsDeliveredRevisionIsDueNoMore() {
    try (ToyGithub toy = connected("back", 20)) {
      Instant at = Instant.now();
      String key = "select record_key from issues where number = 3 and connection_id = ?::uuid";
      toy.repository("acme/back").retitle(3, "first words", at);
      app.sync("back", true);
      String record = app.jdbc().queryForObject(key, String.class, app.connectionId("back"));
      app.jdbc()
          .execute(
              "alter table notebook add constraint no_more check (record_key <> '"
                  + record
                  + "') not valid");
      toy.repository("acme/back").retitle(3, "other words", at);
      assertThat(app.sync("back", true).get("failed")).isEqualTo(1);
      toy.repository("acme/back").retitle(3, "first words", at);
      assertThat(app.sync("back", true).get("status")).isEqualTo("Completed");
      assertThat(
              app.count(
                  "select count(*) from deliveries where state <> 'delivered'"
                      + " and connection_id = ?::uuid",
                  app.connectionId("back")))
          .isZero();
      app.jdbc().execute("alter table notebook drop constraint no_more");
    }
  }
}

package trackersync.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import trackersync.testing.RunningApp;
import trackersync.toy.Fault;
import trackersync.toy.ToyBitbucket;
import trackersync.toy.ToyBitbucketOptions;

/** A tracker that has tables of its own: here a Bitbucket to which such routes were added. */
class OwnTablesTest {
  private static final String ROWS =
      """
      insert into own_rows (record_key, title)
      select key, title
      from jsonb_to_recordset(convert_from(:#${variable.records}, 'UTF8')::jsonb)
        as r(key text, title text)
      on conflict (record_key) do update set title = excluded.title
      """;

  private static final List<String> ASIDE = new CopyOnWriteArrayList<>();
  private static RunningApp app;

  @BeforeAll
  static void start() throws Exception {
    app = RunningApp.start(Map.of());
    app.jdbc()
        .execute(
            "create table own_rows (record_key text primary key,"
                + " title text check (title <> 'refused here'))");
    Path rows = sql(ROWS);
    app.app()
        .camel()
        .addRoutes(
            new RouteBuilder() {
              @Override
              public void configure() {
                from("direct:bitbucket-rows")
                    .routeId("bitbucket-rows")
                    .errorHandler(noErrorHandler())
                    .to("sql:file:" + rows);
                from("direct:bitbucket-aside")
                    .routeId("bitbucket-aside")
                    .errorHandler(noErrorHandler())
                    .process(e -> ASIDE.add(e.getVariable("rejected", String.class)));
              }
            });
  }

  private static Path sql(String text) throws IOException {
    Path file = Files.createTempFile("own-rows", ".sql");
    file.toFile().deleteOnExit();
    return Files.writeString(file, text);
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  private static ToyBitbucket toy(int issues) {
    return ToyBitbucket.start(ToyBitbucketOptions.builder().issues(issues).build());
  }

  private static void connect(ToyBitbucket toy, String name) {
    app.connect("bitbucket", name, "https://bitbucket.org/acme/" + name, toy.baseUrl(), "t");
  }

  private static long issues(String name) {
    return app.count(
        "select count(*) from issues where connection_id = ?::uuid", app.connectionId(name));
  }

  private static long both(String name) {
    return app.count(
        "select count(*) from issues join own_rows using (record_key, title)"
            + " where connection_id = ?::uuid",
        app.connectionId(name));
  }

  @Test
  @DisplayName(
      "CORE-2 BUGSBY-2 a tracker's own tables are written with the page, whole and replayed")
  void ownTablesAreWrittenWithThePage() {
    try (ToyBitbucket toy = toy(230)) {
      connect(toy, "own");
      toy.faults().add(Fault.parse("record:bad=no-title,index=3"));
      Map<String, Object> op = app.sync("own", true);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      assertThat(issues("own")).isEqualTo(229);
      assertThat(both("own")).isEqualTo(229);
      assertThat(ASIDE).hasSize(1);
      assertThat(ASIDE.get(0)).contains("title is missing");
    }
  }

  @Test
  @DisplayName("CORE-8 BUGSBY-17 what a tracker's own table refuses is set aside, the others land")
  void whatAnOwnTableRefusesIsSetAside() {
    try (ToyBitbucket toy = toy(120)) {
      connect(toy, "refusing");
      toy.repository("acme/refusing").retitle(7, "refused here", Instant.now());
      Map<String, Object> op = app.sync("refusing", true);
      assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
      assertThat(op.get("created")).isEqualTo(119);
      assertThat(op.get("failed")).isEqualTo(1);
      assertThat(issues("refusing")).isEqualTo(119);
      assertThat(both("refusing")).isEqualTo(119);
    }
  }

  @Test
  @DisplayName(
      "CORE-7 BUGSBY-2 a route that does not run loses no row: the page is not stored without")
  void stoppedRouteLosesNoRow() throws Exception {
    CamelContext camel = app.app().camel();
    try (ToyBitbucket toy = toy(20)) {
      connect(toy, "stopped");
      camel.getRouteController().stopRoute("bitbucket-rows");
      Map<String, Object> failed;
      try {
        failed = app.sync("stopped", true);
      } finally {
        camel.getRouteController().startRoute("bitbucket-rows");
      }
      assertThat(failed.get("status")).isEqualTo("Failed");
      assertThat(issues("stopped")).isZero();
      assertThat(app.sync("stopped", true).get("created")).isEqualTo(20);
      assertThat(both("stopped")).isEqualTo(20);
    }
  }
}

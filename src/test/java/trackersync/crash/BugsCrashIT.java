package trackersync.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import trackersync.testing.RunningApp;
import trackersync.testing.TestDatabase;
import trackersync.toy.ToyBugsby;
import trackersync.toy.ToyBugsbyOptions;
import trackersync.toy.ToyRepository;

/** A sweep of a release dies half-way: what it did not meet is not gone, and people keep theirs. */
class BugsCrashIT {
  private static final String RELEASE = "wifi";
  private static final int BUGS = 100;

  @Test
  @DisplayName("BUGSBY-8 BUGSBY-14 BUGSBY-15 P01 killed in mid-sweep, the next process ends it")
  void sweepKilledHalfWayGoesOn() {
    String database = TestDatabase.ready();
    Flyway.configure().dataSource(database, null, null).load().migrate();
    JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(database));
    try (ToyBugsby toy = ToyBugsby.start(ToyBugsbyOptions.builder().issues(BUGS).build())) {
      Map<String, String> settings = settings(toy, database);
      try (ChildProgram first = program("first", null, settings)) {
        sync(first);
        World.settled(jdbc);
      }
      assertThat(bugs(jdbc, "sync_status = 'synced'")).isEqualTo(BUGS);
      jdbc.update("update bugs set status = 'dev_approved' where right(bugsby_id, 1) = '3'");

      ToyRepository release = toy.release(RELEASE);
      List.of(90, 91, 92).forEach(release::delete);
      for (int n = 1; n <= BUGS; n += 9) {
        release.retitle(n, "Changed " + n, Instant.now());
      }
      Plan plan = new Plan(CrashPoint.T8, 3, Death.HALT, RELEASE);
      try (ChildProgram dying = program("dying", plan, settings)) {
        dying.start(RELEASE);
        assertThat(dying.exitCode(60)).as(dying.log()).isEqualTo(137);
        assertThat(dying.log()).contains("crash point " + plan);
      }
      assertThat(gone(jdbc)).as("the sweep is not complete").isEmpty();
      try (ChildProgram next = program("next", null, settings)) {
        World.settled(jdbc);
        assertThat(last(jdbc)).isEqualTo("Completed");
        assertThat(gone(jdbc))
            .containsExactly(
                toy.bugId(RELEASE, 90), toy.bugId(RELEASE, 91), toy.bugId(RELEASE, 92));
        assertThat(bugs(jdbc, "title like 'Changed %'")).isEqualTo(11);
        assertThat(bugs(jdbc, "status = 'dev_approved'")).isEqualTo(10);
        assertThat(bugs(jdbc, "status = 'dev_approved' and right(bugsby_id, 1) <> '3'")).isZero();
        assertThat(bugs(jdbc, "sync_status <> 'synced'")).isZero();
        assertThat(bugs(jdbc, "true")).isEqualTo(BUGS);
        sync(next);
        World.settled(jdbc);
        assertThat(gone(jdbc)).hasSize(3);
      }
    }
  }

  private static Map<String, String> settings(ToyBugsby toy, String database) {
    Map<String, String> settings = new HashMap<>(RunningApp.quick());
    settings.put("database.url", database);
    settings.put("operations.sweep-interval", "200ms");
    settings.put("operations.lease", "2s");
    settings.put("tracker.bugsby.url", toy.baseUrl().toString());
    settings.put("tracker.bugsby.page-size", "20");
    settings.put("connection." + RELEASE + ".tracker", "bugsby");
    settings.put("connection." + RELEASE + ".url", toy.baseUrl() + "/releases/" + RELEASE);
    settings.put("connection." + RELEASE + ".release", RELEASE);
    return settings;
  }

  private static ChildProgram program(String name, Plan plan, Map<String, String> settings) {
    Map<String, String> own = new HashMap<>(settings);
    String node = "bugs-" + name;
    own.put("node.id", node);
    own.put("data.dir", Path.of("target/crash/data-" + node).toAbsolutePath().toString());
    return ChildProgram.start(node, Path.of("").toAbsolutePath(), plan, own).ready();
  }

  private static void sync(ChildProgram program) {
    program.start(RELEASE);
    program.await("started");
  }

  private static String last(JdbcTemplate jdbc) {
    return jdbc.queryForObject(
        "select status from operations order by created_at desc limit 1", String.class);
  }

  private static int bugs(JdbcTemplate jdbc, String condition) {
    return jdbc.queryForObject("select count(*) from bugs where " + condition, Integer.class);
  }

  private static TreeSet<String> gone(JdbcTemplate jdbc) {
    return new TreeSet<>(
        jdbc.queryForList(
            "select b.bugsby_id from bugs b join issues i on i.id = b.issue_id"
                + " where i.gone_since is not null",
            String.class));
  }
}

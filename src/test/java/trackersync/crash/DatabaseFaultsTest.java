package trackersync.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trackersync.embedded.EmbeddedDatabase;
import trackersync.embedded.EmbeddedDatabaseException;
import trackersync.testing.RunningApp;
import trackersync.testing.TestDatabase;

/** The database fails under a running operation, which goes on by itself. */
class DatabaseFaultsTest {

  /**
   * @param from as {@link World#readsFrom} said
   */
  private static void syncsWell(World world, RunningApp app, Instant from) {
    app.begin("shop", true);
    world.settled();
    world.expect("shop", from);
    assertThat(world.auditor.atRest()).isEmpty();
  }

  @Test
  @DisplayName("CORE-7 S03 a commit whose acknowledgement is lost is counted once")
  void commitWithoutAcknowledgementIsCountedOnce() throws IOException {
    String direct = TestDatabase.ready();
    int port = URI.create(direct.substring("jdbc:".length())).getPort();
    try (World world = new World(110, Duration.ZERO, direct);
        PgProxy proxy = new PgProxy(port)) {
      world.connect("shop");
      world.auditor.learn();
      try (RunningApp app =
          world.here(direct.replace(":" + port + "/", ":" + proxy.port() + "/"))) {
        proxy.lose(2);
        syncsWell(world, app, null);
        assertThat(proxy.lost()).isEqualTo(2);

        world.edit("shop", 45);
        Instant from = world.readsFrom("shop");
        proxy.lose(1);
        syncsWell(world, app, from);
        assertThat(proxy.lost()).isEqualTo(3);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01", "55P03", "57014", "53100", "53300"})
  @DisplayName("S04 S05 a page the database refuses for now is written again, whole")
  void pageRefusedForNowIsWrittenAgain(String sqlState) {
    try (World world = new World(110)) {
      world.connect("shop");
      world.auditor.learn();
      world.jdbc.execute("create sequence refusals");
      world.jdbc.execute(
          "create function refuse() returns trigger language plpgsql as $$ begin"
              + " if nextval('refusals') in (30, 31, 75) then raise exception 'not now' using"
              + " errcode = '"
              + sqlState
              + "'; end if; return new; end $$");
      world.jdbc.execute(
          "create trigger refuse before insert on issues for each row execute function refuse()");
      try (RunningApp app = world.here()) {
        syncsWell(world, app, null);
        assertThat((int) world.last("shop").get("pages_count")).isEqualTo(6);
      }
    }
  }

  @Test
  @DisplayName(
      "CORE-7 S01 PostgreSQL killed -9 under a page comes back, and the run goes on by itself")
  void runGoesOnAfterTheDatabaseWasKilled(@TempDir Path data) throws IOException {
    EmbeddedDatabase database = EmbeddedDatabase.start(data);
    String url = database.url() + "?user=" + database.user() + "&password=" + database.password();
    try (World world = new World(400, Duration.ofMillis(20), url)) {
      world.connect("shop");
      world.auditor.learn();
      world.with("database.user", database.user()).with("database.password", database.password());
      try (RunningApp app = world.here(database.url())) {
        app.begin("shop", true);
        await().atMost(Duration.ofSeconds(60)).until(() -> world.pages("shop") >= 3);
        kill(Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(0).trim());
        database = restart(data);
        world.settled();
        world.expect("shop", null);
        assertThat(world.auditor.atRest()).isEmpty();
        assertThat((int) world.last("shop").get("pages_count")).isEqualTo(21);
      }
    } finally {
      database.close();
    }
  }

  private static void kill(String pid) throws IOException {
    ProcessHandle server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    server.destroyForcibly();
    await().atMost(Duration.ofSeconds(30)).until(() -> !server.isAlive());
  }

  /** Its orphaned backends may hold the shared memory for a moment. */
  private static EmbeddedDatabase restart(Path data) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(EmbeddedDatabaseException.class)
        .until(() -> EmbeddedDatabase.start(data), started -> true);
  }
}

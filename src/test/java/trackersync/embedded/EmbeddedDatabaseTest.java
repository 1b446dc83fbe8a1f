package trackersync.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("CORE-15 PostgreSQL starts beside the process")
class EmbeddedDatabaseTest {

  @TempDir static Path shared;
  @TempDir Path data;

  @Test
  void rowsAndPortSurviveARestart() throws Exception {
    int port;
    try (EmbeddedDatabase first = start()) {
      port = first.port();
      assertThat(first.adopted()).isFalse();
      execute(first, "create table kept (n int)");
      execute(first, "insert into kept values (42)");
    }
    assertThat(Postmaster.on(data.resolve("postgres"))).isEmpty();
    try (EmbeddedDatabase second = start()) {
      assertThat(second.port()).isEqualTo(port);
      assertThat(query(second, "select n from kept")).isEqualTo("42");
    }
  }

  @Test
  void itWritesThroughListensLocallyAndAsksForAPassword() throws Exception {
    try (EmbeddedDatabase database = start()) {
      assertThat(query(database, "show fsync")).isEqualTo("on");
      assertThat(query(database, "show synchronous_commit")).isEqualTo("on");
      assertThat(query(database, "show listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(query(database, "show server_version")).startsWith("18.");
      assertThat(query(database, "select rolsuper from pg_roles where rolname = current_user"))
          .isEqualTo("f");
      assertThatThrownBy(
              () -> DriverManager.getConnection(database.url(), "postgres", "guess").close())
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
      assertThat(mode(data.resolve("keys/postgres-password"))).isEqualTo("rw-------");
      assertThat(mode(shared.resolve("bin"))).isEqualTo("rwx------");
    }
  }

  @Test
  void serverLeftByAKilledProcessIsTakenOverAndStopped() throws Exception {
    try (ChildJvm first =
        ChildJvm.start(Child.class, data.toString(), shared.resolve("bin").toString())) {
      assertThat(first.readLine()).isEqualTo("started");
      first.kill();
    }
    long orphan = Postmaster.on(data.resolve("postgres")).orElseThrow().pid();
    Files.delete(data.resolve("ports"));

    try (EmbeddedDatabase second = start()) {
      assertThat(second.adopted()).isTrue();
      assertThat(query(second, "select n from kept")).isEqualTo("7");
    }

    assertThat(Postmaster.on(data.resolve("postgres"))).isEmpty();
    await().until(() -> ProcessHandle.of(orphan).filter(ProcessHandle::isAlive).isEmpty());
  }

  /** Starts a database, writes a row and stays. */
  static final class Child {
    public static void main(String[] args) throws Exception {
      EmbeddedDatabase database = EmbeddedDatabase.start(Path.of(args[0]), Path.of(args[1]));
      execute(database, "create table kept as select 7 as n");
      System.out.println("started");
      Thread.currentThread().join();
    }
  }

  @Test
  void firstStartThatWasCutShortIsDoneAgain() throws Exception {
    // as a kill in the middle of initdb leaves it: configured, but without a catalogue
    Files.createFile(data.resolve("postgres.creating"));
    Files.createDirectories(data.resolve("postgres/base"));
    Files.writeString(data.resolve("postgres/PG_VERSION"), "18\n");
    Files.writeString(data.resolve("postgres/postgresql.conf"), "");
    // and in the middle of unpacking: a program that is cut
    Path programs = data.resolve("bin");
    EmbeddedDatabase.start(data.resolve("other"), shared.resolve("bin")).close();
    try (Stream<Path> all = Files.walk(shared.resolve("bin"))) {
      for (Path path : all.toList()) {
        Files.copy(
            path,
            programs.resolve(shared.resolve("bin").relativize(path).toString()),
            StandardCopyOption.COPY_ATTRIBUTES,
            LinkOption.NOFOLLOW_LINKS);
      }
    }
    Files.delete(programs.resolve("complete"));
    try (Stream<Path> all = Files.walk(programs)) {
      Files.writeString(
          all.filter(it -> it.endsWith("bin/postgres")).findFirst().orElseThrow(), "cut");
    }

    try (EmbeddedDatabase database = EmbeddedDatabase.start(data, programs)) {
      assertThat(query(database, "select 1")).isEqualTo("1");
      assertThat(data.resolve("postgres.creating")).doesNotExist();
    }
  }

  @Test
  void keptPortThatAnotherProgramTookIsReplaced() throws Exception {
    start().close();
    int port = Ports.of(data).kept("postgres");
    try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      try (EmbeddedDatabase database = start()) {
        assertThat(database.port()).isNotEqualTo(other.getLocalPort());
        assertThat(query(database, "select 1")).isEqualTo("1");
      }
    }
  }

  @Test
  void lostPasswordFileIsNamedAndNothingIsDeleted() throws Exception {
    start().close();
    Files.delete(data.resolve("keys/postgres-password"));

    assertThatThrownBy(this::start)
        .isInstanceOf(EmbeddedDatabaseException.class)
        .hasMessageContaining("keys/postgres-password is missing")
        .hasMessageContaining("database.url");
    assertThat(data.resolve("postgres/PG_VERSION")).exists();
  }

  private EmbeddedDatabase start() {
    return EmbeddedDatabase.start(data, shared.resolve("bin"));
  }

  private static void execute(EmbeddedDatabase database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(EmbeddedDatabase database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static Connection connect(EmbeddedDatabase database) throws SQLException {
    return DriverManager.getConnection(database.url(), database.user(), database.password());
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}

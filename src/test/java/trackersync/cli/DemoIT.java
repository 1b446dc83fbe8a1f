package trackersync.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("CORE-14 The packaged program shows itself without an account")
class DemoIT {

  private static final Path PROGRAM = Path.of("").toAbsolutePath();
  private static final long DEADLINE_S = 180;

  private final List<ServerSocket> taken = new ArrayList<>();
  private final List<Process> started = new ArrayList<>();
  private Path home;

  @BeforeEach
  void makeHomeAndTakeTheDefaultPorts() throws IOException {
    home = Files.createTempDirectory("tracker-sync-demo");
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.copy(PROGRAM.resolve("application.properties"), home.resolve("application.properties"));
    copy(PROGRAM.resolve("routes"), home.resolve("routes"));
    for (int port : new int[] {8480, 8481}) {
      try {
        taken.add(new ServerSocket(port));
      } catch (BindException already) {
        // taken by another program: as good
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  @AfterEach
  void stopAndForget() throws Exception {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      process.waitFor(DEADLINE_S, TimeUnit.SECONDS);
    }
    for (ServerSocket socket : taken) {
      socket.close();
    }
    try (Stream<Path> all = Files.walk(home)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Test
  void secondRunChangesNothingAndAKilledOneIsTakenOver() throws Exception {
    List<String> plain = List.of();
    JsonNode first = once(plain);
    assertThat(first.path("changed").asBoolean()).isTrue();
    long created = created(first);
    assertThat(created).isPositive();

    Process staying = start(plain, "demo", "--json", "--issues", "300");
    JsonNode second = new ObjectMapper().readTree(staying.getInputStream());
    assertThat(second.path("ok").asBoolean()).isTrue();
    assertThat(second.path("changed").asBoolean()).isFalse();
    assertThat(storedIssues(second)).isEqualTo(created);
    assertThat(run(plain, "demo", "--once")).isEqualTo(Exit.REFUSED.code);
    assertThat(run(plain, "status", "--demo")).isZero();
    assertThat(run(plain, "sync", "--all", "--wait", "--demo")).isZero();

    staying.destroyForcibly();
    assertThat(staying.waitFor(DEADLINE_S, TimeUnit.SECONDS)).isTrue();

    JsonNode third = once(plain);
    assertThat(third.path("changed").asBoolean()).isFalse();
    assertThat(demo("run.json")).doesNotExist();
    assertThat(demo("postgres/postmaster.pid")).doesNotExist();
  }

  @Test
  void ordinaryUserRunsItAndEndsItWithASignal() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root may change the user");
    List<String> nobody = List.of("runuser", "-u", "nobody", "--");
    assumeTrue(
        new ProcessBuilder(
                    "runuser",
                    "-u",
                    "nobody",
                    "--",
                    "test",
                    "-x",
                    PROGRAM.resolve("tracker-sync").toString())
                .start()
                .waitFor()
            == 0,
        "nobody may not enter " + PROGRAM);
    assertThat(new ProcessBuilder("chown", "-R", "nobody", home.toString()).start().waitFor())
        .isZero();
    long created = created(once(nobody));

    Process staying = start(nobody, "demo", "--json", "--issues", "300");
    JsonNode second = new ObjectMapper().readTree(staying.getInputStream());
    assertThat(second.path("changed").asBoolean()).isFalse();
    assertThat(storedIssues(second)).isEqualTo(created);
    assertThat(Files.getOwner(demo("postgres")).getName()).isEqualTo("nobody");

    ProcessHandle program =
        ProcessHandle.of(
                new ObjectMapper().readTree(demo("run.json").toFile()).path("pid").asLong())
            .orElseThrow();
    program.destroy();

    assertThat(staying.waitFor(DEADLINE_S, TimeUnit.SECONDS)).isTrue();
    assertThat(staying.exitValue()).isEqualTo(143);
    assertThat(demo("run.json")).doesNotExist();
    assertThat(demo("postgres/postmaster.pid")).doesNotExist();
  }

  private Path demo(String file) {
    return home.resolve("data/demo").resolve(file);
  }

  private JsonNode once(List<String> as) throws Exception {
    Process process = start(as, "demo", "--once", "--json", "--issues", "300");
    JsonNode answer = new ObjectMapper().readTree(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(DEADLINE_S, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(answer.toPrettyString()).isZero();
    assertThat(answer.path("ok").asBoolean()).isTrue();
    assertThat(answer.path("operations")).hasSize(4);
    assertThat(answer.path("urls").path("api").asText()).doesNotContain(":8480/");
    assertThat(Files.readString(log())).contains("Port 8480 is taken: the API listens on");
    return answer;
  }

  private int run(List<String> as, String... arguments) throws Exception {
    Process process = start(as, arguments);
    process.getInputStream().readAllBytes();
    assertThat(process.waitFor(DEADLINE_S, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private Process start(List<String> as, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(as);
    command.add(PROGRAM.resolve("tracker-sync").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().put("TRACKER_SYNC_HOME", home.toString());
    // short runs: the second compiler costs more than it brings
    builder.environment().put("TRACKER_SYNC_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private Path log() {
    return home.resolve("stderr.log");
  }

  private static long created(JsonNode answer) {
    long created = 0;
    for (JsonNode operation : answer.path("operations")) {
      created += operation.path("created").asLong();
    }
    return created;
  }

  /** By JDBC, with the line the demo prints. */
  private long storedIssues(JsonNode answer) throws IOException, SQLException {
    String port =
        answer.path("urls").path("database").asText().replaceFirst(".* -p (\\d+) .*", "$1");
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/tracker_sync",
                "tracker_sync",
                Files.readString(demo("keys/postgres-password")).strip());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from issues")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}

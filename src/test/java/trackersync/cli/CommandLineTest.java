package trackersync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import trackersync.embedded.DataOwner;
import trackersync.settings.Settings;

class CommandLineTest {

  @TempDir Path data;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        " | Name a command",
        "sycn | Did you mean sync?",
        "sync | Name the connections to sync, or give --all.",
        "sync shop --all | Name the connections to sync, or give --all.",
        "sync --all --type Fast | Fast",
        "replay 12 | 12",
        "replay --all 7d2c1c5e-6f0e-4a52-8a4f-0c8d3b7f0001 | not both",
        "demo --issues many | many",
        "demo --issues 1000001 | --issues 1000001: give one within 0..1000000.",
        "demo --connections 0 | --connections 0: give one within 1..64.",
        "demo --latency 5 | --latency 5: give one such as 50ms.",
        "demo --replay /nowhere.json | --replay /nowhere.json: give one a file",
        "status --colour | --colour",
        "run --demo | The demo is started by the command demo.",
        "status --home /nowhere | is not the folder the program was started in"
      })
  void wrongCommandLineIsRefusedWithTheCure(String arguments, String words) {
    int exit = run(arguments == null ? new String[0] : arguments.split(" "));

    assertThat(exit).isEqualTo(2);
    assertThat(text(err)).startsWith("error: ").contains(words);
    assertThat(text(out)).isEmpty();
  }

  @Test
  void wrongSettingIsRefusedBeforeAnythingStarts() {
    assertThat(run("run", "--set", "http.prot=1")).isEqualTo(2);
    assertThat(text(err)).contains("http.prot (command line): no such setting. Did you mean");
  }

  @Test
  void errorsAreJsonWhenAskedFor() throws IOException {
    assertThat(run("sync", "--json")).isEqualTo(2);

    JsonNode error = new ObjectMapper().readTree(text(out)).path("error");
    assertThat(error.path("exitCode").asInt()).isEqualTo(2);
    assertThat(error.path("message").asText()).contains("--all");
    assertThat(text(err)).isEmpty();
  }

  @Test
  void secondRunIsRefusedAndNamesTheProcess() {
    try (DataOwner owner = DataOwner.take(data, "run")) {
      owner.publish(Map.of("api", "http://127.0.0.1:1"), Map.of());

      assertThat(run("run")).isEqualTo(5);
      assertThat(text(err)).contains("process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void portThatWasSetAndIsTakenStopsTheStart() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = Integer.toString(taken.getLocalPort());

      assertThat(run("run", "--set", "http.port=" + port)).isEqualTo(1);
      assertThat(text(err)).contains("http.port = " + port + " (command line): the port is taken.");
      assertThat(DataOwner.find(data)).isEmpty();
    }
  }

  @Test
  void everyCommandAndExitCodeIsDocumented() throws IOException {
    String page = Files.readString(Path.of("docs/cli.md"));

    commandLine()
        .getSubcommands()
        .forEach(
            (name, command) -> {
              assertThat(command.getCommandSpec().usageMessage().description())
                  .as(name)
                  .isNotEmpty();
              if (!command.getCommandSpec().usageMessage().hidden()) {
                assertThat(page).contains("| `" + name);
              }
            });
    assertThat(Exit.values())
        .allSatisfy(exit -> assertThat(page).contains("\n| " + exit.code + " |"));
  }

  @Test
  void demoThatDoesNotRunExitsWith3() {
    assertThat(run("status", "--demo")).isEqualTo(3);
    assertThat(text(err)).contains("The demo does not run. Start it: ./tracker-sync demo.");
  }

  @Test
  void tokenIsMintedInDevelopmentOnly() throws IOException {
    assertThat(run("token", "--set", "auth.mode=dev", "--role", "member,viewer")).isZero();
    assertThat(text(out).strip().split("\\.")).hasSize(3);

    out.reset();
    assertThat(run("token", "--set", "auth.mode=dev", "--json", "--lifetime", "1h")).isZero();
    JsonNode answer = new ObjectMapper().readTree(text(out));
    assertThat(answer.path("roles").get(0).asText()).isEqualTo("viewer");
    assertThat(answer.path("subject").asText()).isEqualTo("developer");

    assertThat(run("token", "--set", "auth.mode=dev", "--role", "king")).isEqualTo(2);
    assertThat(run("token", "--set", "auth.mode=dev", "--lifetime", "31d")).isEqualTo(2);
    assertThat(run("token")).isEqualTo(5);
    assertThat(text(err)).contains("no role king").contains("30 days").contains("auth.mode=dev");
  }

  @Test
  void freshEncryptionKeyIsAValidSetting() {
    assertThat(run("token", "--encryption-key")).isZero();

    String key = text(out).strip();
    assertThat(Settings.defaults(Path.of(""), Map.of("encryption.key", key)).get("encryption.key"))
        .isEqualTo(key);
  }

  @Test
  void completionKnowsTheCommands() {
    assertThat(run("completion")).isZero();
    assertThat(text(out)).contains("complete -F").contains("--include-closed");
  }

  private int run(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    if (arguments.length == 0) {
      return commandLine().execute();
    }
    all[arguments.length] = "--set";
    all[arguments.length + 1] = "data.dir=" + data;
    return commandLine().execute(all);
  }

  private CommandLine commandLine() {
    Terminal terminal =
        new Terminal(new PrintStream(out), new PrintStream(err), Map.of("LANG", "C"), false);
    return TrackerSync.commandLine(terminal, Map.of());
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}

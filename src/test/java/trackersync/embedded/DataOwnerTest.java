package trackersync.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("CORE-15 One process owns the data folder")
class DataOwnerTest {

  @TempDir Path home;

  @Test
  void secondProcessIsRefusedAndToldTheFirstOnesPid() throws Exception {
    Path data = home.resolve("data");
    try (ChildJvm first = ChildJvm.start(Owner.class, data.toString())) {
      assertThat(first.readLine()).isEqualTo("owner");

      assertThatThrownBy(() -> DataOwner.take(data, "run"))
          .isInstanceOf(DataOwnedException.class)
          .hasMessageContaining("process " + first.pid() + " (run, since ")
          .hasMessageContaining("http://127.0.0.1:8480")
          .hasMessageContaining("data.dir");
      assertThat(DataOwner.find(data))
          .hasValueSatisfying(
              running -> {
                assertThat(running.pid()).isEqualTo(first.pid());
                assertThat(running.api()).hasValue("http://127.0.0.1:8480");
                assertThat(running.ports()).containsEntry("http", 8480);
              });

      first.kill();

      assertThat(data.resolve("run.json")).exists();
      assertThat(DataOwner.find(data)).isEmpty();
      try (DataOwner second = DataOwner.take(data, "run")) {
        assertThat(DataOwner.find(data))
            .hasValueSatisfying(
                it -> assertThat(it.pid()).isEqualTo(ProcessHandle.current().pid()));
        second.publish(Map.of(), Map.of("http", 1));
        assertThat(DataOwner.find(data).orElseThrow().ports()).containsEntry("http", 1);
      }
    }
  }

  /** Takes the folder and stays. */
  static final class Owner {
    public static void main(String[] args) throws InterruptedException {
      DataOwner owner = DataOwner.take(Path.of(args[0]), "run");
      owner.publish(Map.of("api", "http://127.0.0.1:8480"), Map.of("http", 8480));
      System.out.println("owner");
      Thread.currentThread().join();
    }
  }

  @Test
  void secondOwnerInTheSameProcessIsRefused() {
    try (DataOwner first = DataOwner.take(home, "run")) {
      first.publish(Map.of(), Map.of());
      assertThatThrownBy(() -> DataOwner.take(home, "run"))
          .isInstanceOf(DataOwnedException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void closeRemovesTheTracesAndGivesTheFolderFree() {
    DataOwner first = DataOwner.take(home, "run");
    first.close();
    first.close();

    assertThat(home.resolve("run.json")).doesNotExist();
    assertThat(DataOwner.find(home)).isEmpty();
    DataOwner.take(home, "run").close();
  }

  @Test
  void filesAreForTheirOwnerOnly() throws IOException {
    Path data = home.resolve("a/data");
    try (DataOwner owner = DataOwner.take(data, "run")) {
      owner.publish(Map.of(), Map.of());
      assertThat(mode(data)).isEqualTo("rwx------");
      assertThat(mode(data.resolve("run.json"))).isEqualTo("rw-------");
    }
  }

  @Test
  void processIdTakenByAnotherProcessIsNoOwner() throws IOException {
    long pid = ProcessHandle.current().pid();
    Files.writeString(
        home.resolve("run.json"),
        "{\"pid\": %d, \"command\": \"run\", \"startedAt\": \"2001-01-01T00:00:00Z\"}"
            .formatted(pid));

    assertThat(DataOwner.find(home)).isEmpty();
  }

  @Test
  void brokenRunFileIsNoOwner() throws IOException {
    Files.writeString(home.resolve("run.json"), "{\"pid\":");

    assertThat(DataOwner.find(home)).isEmpty();
  }

  @Test
  void folderThatCannotBeMadeIsNamedWithACure() throws IOException {
    Path file = Files.writeString(home.resolve("file"), "");

    assertThatThrownBy(() -> DataOwner.take(file.resolve("data"), "run"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(file.resolve("data").toString())
        .hasMessageContaining("Set data.dir to another folder");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}

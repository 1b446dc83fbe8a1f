package trackersync.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {

  @TempDir Path data;

  @Test
  void takenPortIsReplacedByAFreeOneAboveAndKept() throws IOException {
    int chosen;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      chosen = Ports.of(data).choose("http", taken.getLocalPort());

      assertThat(chosen).isNotEqualTo(taken.getLocalPort());
      assertThat((chosen - taken.getLocalPort()) % 10).isZero();
    }
    assertThat(Ports.of(data).choose("http", 1)).isEqualTo(chosen);
    assertThat(Ports.of(data).kept("http")).isEqualTo(chosen);
    assertThat(Ports.of(data).kept("management")).isZero();
  }

  @Test
  void keptPortThatIsTakenNowIsReplaced() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      Ports.of(data).keep("http", taken.getLocalPort());

      assertThat(Ports.of(data).choose("http", taken.getLocalPort()))
          .isNotEqualTo(taken.getLocalPort());
    }
  }

  @Test
  void portKeptForAnotherIsNotGivenTwice() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    Ports.of(data).keep("management", free);

    assertThat(Ports.of(data).choose("http", free)).isNotEqualTo(free);
  }

  @Test
  void unreadableEntryCountsAsNone() throws IOException {
    Files.writeString(data.resolve("ports"), "http=many\n");

    assertThat(Ports.of(data).kept("http")).isZero();
  }
}

package trackersync.embedded;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Ports chosen once and kept in {@code data/ports}, so that addresses stay the same from start to
 * start. Only for the owner of the data folder.
 */
public final class Ports {

  private final Path file;

  private Ports(Path file) {
    this.file = file;
  }

  public static Ports of(Path data) {
    return new Ports(data.resolve("ports"));
  }

  /**
   * The port kept under this name when it is free, else the wanted one, else the next free one ten,
   * twenty, … above it. What was chosen is kept.
   *
   * @throws UncheckedIOException when {@code data/ports} cannot be read or written
   */
  public int choose(String name, int wanted) {
    int kept = kept(name);
    if (kept > 0 && isFree(kept)) {
      return kept;
    }
    int port =
        IntStream.iterate(wanted, it -> it <= 65_535, it -> it + 10)
            .limit(50)
            .filter(it -> !isKeptByAnother(name, it) && isFree(it))
            .findFirst()
            .orElseGet(Ports::anyFree);
    keep(name, port);
    return port;
  }

  /** Keeps a port under a name. */
  public void keep(String name, int port) {
    Properties ports = read();
    ports.setProperty(name, Integer.toString(port));
    try {
      OwnFiles.folder(file.getParent());
      OwnFiles.write(
          file,
          new TreeMap<>(ports)
              .entrySet().stream()
                  .map(it -> it.getKey() + "=" + it.getValue() + "\n")
                  .collect(
                      Collectors.joining(
                          "", "# Ports chosen at the first start; delete to choose anew.\n", "")));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The port kept under a name; 0: none. */
  public int kept(String name) {
    String port = read().getProperty(name, "0");
    return port.matches("\\d{1,5}") ? Integer.parseInt(port) : 0;
  }

  /** Whether nothing listens on this port, on any address of this machine. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  private static int anyFree() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw new UncheckedIOException(none);
    }
  }

  private boolean isKeptByAnother(String name, int port) {
    return read().entrySet().stream()
        .anyMatch(it -> !it.getKey().equals(name) && it.getValue().equals(Integer.toString(port)));
  }

  private Properties read() {
    Properties ports = new Properties();
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        ports.load(reader);
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
    return ports;
  }
}

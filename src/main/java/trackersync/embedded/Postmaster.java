package trackersync.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A PostgreSQL server that runs on a data directory, found by its {@code postmaster.pid}: line 1 is
 * the process id, line 4 the port (PostgreSQL, miscadmin.h, "lock file").
 */
record Postmaster(long pid, int port) {

  /** Empty when none runs; a pid file left behind by a crash of the machine is not believed. */
  static Optional<Postmaster> on(Path directory) {
    try {
      List<String> lines = Files.readAllLines(directory.resolve("postmaster.pid"));
      if (lines.size() < 4) {
        return Optional.empty();
      }
      Postmaster found =
          new Postmaster(
              Long.parseLong(lines.get(0).strip()), Integer.parseInt(lines.get(3).strip()));
      return Optional.of(found).filter(Postmaster::isAlive);
    } catch (IOException | NumberFormatException none) {
      return Optional.empty();
    }
  }

  private boolean isAlive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(it -> it.info().command().map(path -> path.contains("postgres")).orElse(true))
        .isPresent();
  }
}

package trackersync.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * The one process that may use a data folder.
 *
 * <p>It holds a lock on {@code .lock}, which ends with the process however it ends, and says who it
 * is in {@code run.json}. That file is removed by {@link #close}; after a kill it is stale and
 * {@link #find} does not believe it.
 */
public final class DataOwner implements AutoCloseable {

  /** Clock ticks are rounded: two readings of one process's start differ by less. */
  private static final Duration SAME_START = Duration.ofSeconds(5);

  private final Path data;
  private final String command;
  private final FileChannel channel;
  private final FileLock lock;
  private boolean closed;

  private DataOwner(Path data, String command, FileChannel channel, FileLock lock)
      throws IOException {
    this.data = data;
    this.command = command;
    this.channel = channel;
    this.lock = lock;
    publish(Map.of(), Map.of());
  }

  /**
   * Takes the folder, creating it (0700) when it is missing.
   *
   * @param command what this process was started as
   * @throws DataOwnedException when another process, or another part of this one, has it
   * @throws UncheckedIOException when it cannot be written; names the folder and the cure
   */
  public static DataOwner take(Path data, String command) {
    try {
      OwnFiles.folder(data);
      Path lockFile = data.resolve(".lock");
      FileChannel channel =
          FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new DataOwnedException(data, read(data));
      }
      return new DataOwner(data, command, channel, lock);
    } catch (AccessDeniedException denied) {
      throw new UncheckedIOException(
          ("%s cannot be written by user %s. Use the user it belongs to (%s), or"
                  + " set data.dir to another folder.")
              .formatted(denied.getFile(), System.getProperty("user.name"), ownerOf(data)),
          denied);
    } catch (IOException failed) {
      throw new UncheckedIOException(
          "%s cannot be used: %s. Set data.dir to another folder."
              .formatted(data, failed.getMessage()),
          failed);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException inThisProcess) {
      return null;
    }
  }

  private static String ownerOf(Path data) {
    try {
      Path existing = data;
      while (!Files.exists(existing)) {
        existing = existing.getParent();
      }
      return Files.getOwner(existing).getName();
    } catch (IOException | RuntimeException unknown) {
      return "unknown";
    }
  }

  /** Says where this process can be reached. */
  public void publish(Map<String, String> urls, Map<String, Integer> ports) {
    ProcessHandle self = ProcessHandle.current();
    Running running =
        new Running(self.pid(), command, startOf(self).truncatedTo(ChronoUnit.MILLIS), urls, ports);
    try {
      OwnFiles.write(data.resolve("run.json"), running.json());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The process that owns the folder; empty when there is none, also after a kill. */
  public static Optional<Running> find(Path data) {
    return read(data).filter(DataOwner::isAlive);
  }

  private static Optional<Running> read(Path data) {
    try {
      return Running.parse(Files.readString(data.resolve("run.json")));
    } catch (IOException noneOrNotOurs) {
      return Optional.empty();
    }
  }

  /** A process id may be taken by another process later: the start must be the same, too. */
  private static boolean isAlive(Running running) {
    return ProcessHandle.of(running.pid())
        .filter(ProcessHandle::isAlive)
        .filter(
            it ->
                Duration.between(startOf(it), running.startedAt()).abs().compareTo(SAME_START) < 0)
        .isPresent();
  }

  private static Instant startOf(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }

  /** Removes the traces and gives the folder free. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      Files.deleteIfExists(data.resolve("run.json"));
      lock.release();
      channel.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}

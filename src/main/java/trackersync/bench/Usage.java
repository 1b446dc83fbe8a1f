package trackersync.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What processes have used, from Linux' {@code /proc} (proc(5)). */
final class Usage {
  /** USER_HZ: a tick of {@code /proc/PID/stat} on every Linux Java runs on. */
  private static final long TICK_MICROS = 10_000;

  private static final int PARENT = 1;
  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;
  private static final int CHILDREN_USER_TIME = 13;
  private static final int CHILDREN_SYSTEM_TIME = 14;

  private Usage() {}

  /** CPU time of one process so far, user and system, in microseconds; 0 once it is gone. */
  static long cpu(long pid) {
    String[] stat = stat(pid);
    return stat == null ? 0 : ticks(stat, USER_TIME, SYSTEM_TIME) * TICK_MICROS;
  }

  /** CPU time of the children that this process has seen end, in microseconds. */
  static long endedChildren() {
    String[] stat = stat(ProcessHandle.current().pid());
    return endedTicks(stat) * TICK_MICROS;
  }

  /** CPU time of a process and all its children, those that ended too, in microseconds. */
  static long family(long pid) {
    long ended = -1;
    long ticks = 0;
    // a child that ends meanwhile is missed in both places, or counted in both
    for (String[] own = stat(pid); own != null && ended != endedTicks(own); own = stat(pid)) {
      ended = endedTicks(own);
      ticks = ticks(own, USER_TIME, SYSTEM_TIME) + ended + childrenTicks(pid);
    }
    return ticks * TICK_MICROS;
  }

  private static long endedTicks(String[] stat) {
    return ticks(stat, CHILDREN_USER_TIME, CHILDREN_SYSTEM_TIME);
  }

  private static long childrenTicks(long pid) {
    long ticks = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path one : all) {
        String[] stat = stat(Long.parseLong(one.getFileName().toString()));
        if (stat != null && Long.parseLong(stat[PARENT]) == pid) {
          ticks += ticks(stat, USER_TIME, SYSTEM_TIME);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ticks;
  }

  /** The most memory a process ever had resident (VmHWM), in KiB; 0 once it is gone. */
  static long peakMemory(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException gone) {
      return 0;
    }
  }

  private static long ticks(String[] stat, int... fields) {
    long sum = 0;
    for (int field : fields) {
      sum += Long.parseLong(stat[field]);
    }
    return sum;
  }

  /** The fields after the command's name, which may hold blanks; null once the process is gone. */
  private static String[] stat(long pid) {
    try {
      String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return line.substring(line.lastIndexOf(')') + 2).split(" ");
    } catch (IOException gone) {
      return null;
    }
  }
}

package trackersync.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@link Child} under test. What it logs is in {@code target/crash/NAME.log}. */
final class ChildProgram implements AutoCloseable {
  private final String name;
  private final Process process;
  private final Path log;
  private final PrintWriter in;
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

  private ChildProgram(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.in = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    Thread reader = new Thread(this::read, "child-" + name);
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * @param home holds routes/ and application.properties
   * @param plan how it dies, or null
   */
  static ChildProgram start(String name, Path home, Plan plan, Map<String, String> settings) {
    try {
      Path log = Path.of("target", "crash", name + ".log").toAbsolutePath();
      Files.createDirectories(log.getParent());
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx256m"));
      // the program's own log, not that of the tests
      command.add("-Dlogback.configurationFile=logback.xml");
      if (plan != null) {
        command.add("-Dtracker-sync.extension=" + CrashPoints.class.getName());
        command.add("-D" + Plan.PROPERTY + "=" + plan);
        if (plan.death() == Death.OOM) {
          command.addAll(launcherOptions("OnOutOfMemoryError"));
        }
      }
      command.addAll(List.of("-cp", absolute(classPath())));
      command.add(Child.class.getName());
      settings.forEach((key, value) -> command.add(key + "=" + value));
      Process process =
          new ProcessBuilder(command).directory(home.toFile()).redirectError(log.toFile()).start();
      return new ChildProgram(name, process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The packaged program and the tests' own classes where there is one, else what runs the test.
   */
  private static String classPath() {
    return System.getProperty("crash.class-path", System.getProperty("java.class.path"));
  }

  /** The options of that kind that {@code ./tracker-sync} starts java with. */
  private static List<String> launcherOptions(String kind) throws IOException {
    return Files.readAllLines(Path.of("tracker-sync")).stream()
        .filter(line -> line.startsWith("exec "))
        .flatMap(line -> Stream.of(line.split(" ")))
        .filter(word -> word.startsWith("-XX:") && word.contains(kind))
        .toList();
  }

  private static String absolute(String classPath) {
    List<String> entries = new ArrayList<>();
    for (String entry : classPath.split(java.io.File.pathSeparator)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(java.io.File.pathSeparator, entries);
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("@@ ")) {
          said.add(line.substring(3));
        }
      }
    } catch (IOException e) {
      said.add("unreadable: " + e.getMessage());
    }
  }

  ChildProgram ready() {
    await("ready");
    return this;
  }

  /** Starts a sync; whether the answer comes is the caller's matter: the process may die of it. */
  void start(String connection) {
    in.println("start " + connection + " all");
  }

  /** The next thing it says, which must begin so. */
  String await(String beginning) {
    try {
      String line = said.poll(180, TimeUnit.SECONDS);
      if (line == null || !line.startsWith(beginning)) {
        throw new AssertionError(
            name + " said " + line + ", not " + beginning + "; alive: " + alive() + "\n" + tail());
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Its node.id, and its name towards the database. */
  String name() {
    return name;
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Waits for its end; answers the exit code, 128 + signal where one ended it. */
  int exitCode(long seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw new AssertionError(name + " still lives after " + seconds + " s\n" + tail());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Whether it is stopped (T in /proc). */
  boolean stopped() {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
    } catch (IOException e) {
      return false;
    }
  }

  void signal(String signal) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
              .inheritIO()
              .start()
              .waitFor();
      if (code != 0) {
        throw new AssertionError("kill -" + signal + " " + name + ": " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private String tail() {
    List<String> lines = log().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }

  /** As kill -9. */
  @Override
  public void close() {
    process.destroyForcibly();
    exitCode(30);
  }
}

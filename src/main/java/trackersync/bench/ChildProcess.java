package trackersync.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** A process of ours that is told what to do line by line and answers line by line. */
final class ChildProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration END = Duration.ofSeconds(60);
  private final Process process;
  private final BufferedReader out;
  private final Writer in;
  private final Path log;

  private ChildProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.in = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Starts a JVM like this one on the same class path; what it logs goes to {@code log}. */
  static ChildProcess java(
      List<String> options, String main, List<String> args, Path home, Path log) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), main));
    command.addAll(args);
    try {
      return new ChildProcess(
          new ProcessBuilder(command)
              .directory(home.toFile())
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start(),
          log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The class path with full names, as the child has another working folder. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(java.io.File.pathSeparator));
  }

  long pid() {
    return process.pid();
  }

  void say(String line) {
    try {
      in.write(line + "\n");
      in.flush();
    } catch (IOException e) {
      throw new IllegalStateException("it has ended: " + lastWords(), e);
    }
  }

  /**
   * The next line it says.
   *
   * @throws IllegalStateException when it ends or stays silent, with the end of its log
   */
  String line(Duration wait) {
    CompletableFuture<String> line = CompletableFuture.supplyAsync(this::read);
    try {
      String said = line.get(wait.toMillis(), TimeUnit.MILLISECONDS);
      if (said == null) {
        throw new IllegalStateException("it has ended: " + lastWords());
      }
      return said;
    } catch (TimeoutException e) {
      process.destroyForcibly();
      throw new IllegalStateException(
          "it said nothing for " + wait.toSeconds() + " s: " + lastWords(), e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * What follows the word in the next line that begins with it; lines of libraries are passed over.
   *
   * @throws IllegalStateException as {@link #line}
   */
  String expect(String word, Duration wait) {
    String line = line(wait);
    while (!line.startsWith(word)) {
      line = line(wait);
    }
    return line.substring(word.length()).strip();
  }

  private String read() {
    try {
      return out.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    } catch (IOException e) {
      return "no log at " + log;
    }
  }

  /** Lets it end by itself where it reads what to do, and ends it when it does not. */
  @Override
  public void close() {
    try {
      in.close();
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroy();
      }
      if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}

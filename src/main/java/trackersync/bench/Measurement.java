package trackersync.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Measures one variant after another on a {@link Rig} and sees that each stores the same rows. */
final class Measurement {
  private static final Duration STEP = Duration.ofHours(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Rig rig;
  private final Path home;
  private final List<String> jvm;
  private final Map<String, Rig.Stored> stored = new HashMap<>();

  /**
   * @param home where routes/ and application.properties are
   * @param jvm options of the measured JVMs
   */
  Measurement(Rig rig, Path home, List<String> jvm) {
    this.rig = rig;
    this.home = home;
    this.jvm = jvm;
  }

  /**
   * @return a figure a step
   * @throws IllegalStateException when a step fails, or stores other rows than those before it
   */
  List<Figure> run(Variant variant, int round) {
    rig.api(variant.latency());
    if (variant.stores()) {
      rig.emptyDatabase();
      if (variant.kind() != Variant.Kind.ENGINE) {
        rig.productTables();
      }
    }
    return variant.kind() == Variant.Kind.SHELL ? shell(variant, round) : child(variant, round);
  }

  private List<Figure> child(Variant variant, int round) {
    List<Figure> figures = new ArrayList<>();
    ChildProcess toy = rig.toy(variant.latency());
    try (ChildProcess child =
        ChildProcess.java(
            jvm,
            BenchChild.class.getName(),
            List.of(task(variant).toString()),
            homeOf(variant.guarantee()),
            rig.log("child"))) {
      child.expect("ready", STEP);
      for (String step : variant.steps()) {
        long requests = rig.requests(variant.latency());
        long own = Usage.cpu(child.pid());
        long database = rig.databaseCpu();
        long toys = Usage.cpu(toy.pid());
        child.say(step);
        long nanos = Long.parseLong(child.expect("done", STEP));
        figures.add(
            new Figure(
                variant.id(),
                step,
                round,
                step.equals(Variant.AGAIN) ? 0 : rig.issues(),
                nanos / 1e9,
                Usage.cpu(child.pid()) - own,
                rig.databaseCpu() - database,
                Usage.cpu(toy.pid()) - toys,
                Usage.peakMemory(child.pid()),
                rig.requests(variant.latency()) - requests));
        if (variant.stores()) {
          compare(variant);
        }
      }
    }
    return figures;
  }

  private ObjectNode task(Variant variant) {
    ObjectNode task = JSON.createObjectNode().put("api", rig.api(variant.latency()));
    switch (variant.kind()) {
      case DOWNLOAD, PARSE ->
          task.put("job", "download").put("parsed", variant.kind() == Variant.Kind.PARSE);
      case COPY ->
          task.put("job", "copy")
              .put("rows", rig.work().resolve("rows.copy").toString())
              .put("url", rig.database().url())
              .put("user", rig.database().user())
              .put("password", rig.database().password());
      case ENGINE -> engine(variant, task);
      case SHELL -> throw new IllegalArgumentException("the shell pipeline is no JVM");
    }
    return task;
  }

  private void engine(Variant variant, ObjectNode task) {
    task.put("job", "engine").put("warm", variant.warm());
    ArrayNode repositories = task.putArray("repositories");
    rig.repositories(variant.connections()).forEach(repositories::add);
    if (variant.guarantee() == Guarantee.WITH_DELIVERIES) {
      task.put("sink", Guarantee.NOWHERE);
    }
    ObjectNode settings = task.putObject("settings");
    rig.settings().forEach(settings::put);
    settings.put("tracker.github.streams", "issues");
  }

  private Path homeOf(Guarantee guarantee) {
    Path copy = rig.work().resolve("home-" + guarantee.name().toLowerCase(java.util.Locale.ROOT));
    if (!Files.exists(copy)) {
      guarantee.write(home, copy);
    }
    return copy;
  }

  private void compare(Variant variant) {
    Rig.Stored now = rig.stored();
    if (now.rows() != rig.issues()) {
      throw new IllegalStateException(
          variant.id() + " stored " + now.rows() + " rows in place of " + rig.issues());
    }
    Rig.Stored before = stored.putIfAbsent(variant.connections() + " connections", now);
    boolean same =
        before == null
            || (before.content().equals(now.content())
                && (!variant.guarantee().sameRows() || before.raw().equals(now.raw())));
    if (!same) {
      throw new IllegalStateException(variant.id() + " stored other rows than those before it");
    }
  }

  /** Why the shell pipeline cannot run here; empty when it can. */
  static Optional<String> shellMissing() {
    List<String> missing =
        Stream.of("sh", "curl", "jq", "psql").filter(name -> !onPath(name)).toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("skipped: no " + String.join(", ", missing) + " on this machine");
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private List<Figure> shell(Variant variant, int round) {
    ChildProcess toy = rig.toy(variant.latency());
    ProcessBuilder builder =
        new ProcessBuilder(
                "sh",
                file("shell.sh"),
                Pages.first(rig.api(variant.latency()), Rig.WHOLE),
                file("shell-map.jq"),
                file("shell-load.sql"),
                Rig.address(Rig.WHOLE))
            .redirectErrorStream(true)
            .redirectOutput(rig.log("shell").toFile());
    builder.environment().put("PGHOST", "127.0.0.1");
    builder.environment().put("PGPORT", Integer.toString(rig.database().port()));
    builder.environment().put("PGDATABASE", trackersync.embedded.EmbeddedDatabase.NAME);
    builder.environment().put("PGUSER", rig.database().user());
    builder.environment().put("PGPASSWORD", rig.database().password());
    try {
      long requests = rig.requests(variant.latency());
      long own = Usage.endedChildren();
      long database = rig.databaseCpu();
      long toys = Usage.cpu(toy.pid());
      long start = System.nanoTime();
      Process process = builder.start();
      if (!process.waitFor(STEP.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "curl | jq | psql failed: " + Files.readString(rig.log("shell")));
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      Figure figure =
          new Figure(
              variant.id(),
              Variant.FIRST,
              round,
              rig.issues(),
              seconds,
              Usage.endedChildren() - own,
              rig.databaseCpu() - database,
              Usage.cpu(toy.pid()) - toys,
              0,
              rig.requests(variant.latency()) - requests);
      compare(variant);
      return List.of(figure);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private String file(String name) {
    try {
      Path file = rig.work().resolve(name);
      Files.writeString(file, Rig.resource(name));
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

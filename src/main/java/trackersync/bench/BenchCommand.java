package trackersync.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tracker-sync bench}: how fast it is, beside what it could not be faster than. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Measures a sync into PostgreSQL beside its floors and beside curl | jq | psql, all in one"
            + " run on this machine, with servers of its own. Nothing of yours is touched.")
public final class BenchCommand implements Callable<Integer> {
  private static final int PARTS = Variant.MANY;

  @Spec private CommandSpec spec;

  @Option(
      names = "--issues",
      defaultValue = "50000",
      description = "issues of the toy GitHub, 100 to 1000000 (${DEFAULT-VALUE})")
  private int issues;

  @Option(
      names = "--repeat",
      defaultValue = "3",
      description = "rounds; each measures every variant once, medians count (${DEFAULT-VALUE})")
  private int repeat;

  @Option(
      names = "--warm",
      defaultValue = "50000",
      description = "issues that a JVM works on before the clock starts (${DEFAULT-VALUE})")
  private int warm;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "PART",
      description = "groups (floors, near, far, guarantees) or single variants, such as ours-8")
  private List<String> only = List.of();

  @Option(
      names = "--rss",
      paramLabel = "ISSUES",
      description = "only compare the memory of a sync of 10000 with that of one of so many")
  private Integer rss;

  @Option(
      names = "--bugs",
      paramLabel = "BUGS",
      description = "only measure GET /bugs while a release of so many is synced, 2000 to 1000000")
  private Integer bugs;

  @Option(
      names = "--jvm",
      defaultValue =
          "-Xmx256m -Xmn144m -XX:+UseParallelGC -XX:InitialRAMPercentage=100"
              + " -XX:+AlwaysPreTouch",
      description = "options of the measured JVMs (${DEFAULT-VALUE})")
  private String jvm;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      defaultValue = "data/bench",
      description = "where the report goes, and what is needed meanwhile (${DEFAULT-VALUE})")
  private Path out;

  /** Runs by itself, without the other commands. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new BenchCommand()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    check(issues >= 100 && issues <= 1_000_000, "--issues must be 100 to 1000000");
    check(repeat >= 1 && repeat <= 100, "--repeat must be 1 to 100");
    check(warm >= 100 && warm <= 1_000_000, "--warm must be 100 to 1000000");
    check(rss == null || (rss >= 10_000 && rss <= 1_000_000), "--rss must be 10000 to 1000000");
    check(bugs == null || (bugs >= 2_000 && bugs <= 1_000_000), "--bugs must be 2000 to 1000000");
    check(bugs == null || rss == null, "--bugs and --rss are two runs");
    check(Files.isDirectory(Path.of("routes")), "start it in the application's home: no routes/");
    PrintWriter say = spec.commandLine().getErr();
    String stamp =
        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
            .withZone(ZoneOffset.UTC)
            .format(Instant.now());
    Path work = Files.createDirectories(out.toAbsolutePath()).resolve("work-" + stamp);
    Files.createDirectory(work);
    try {
      Report report =
          bugs != null ? bugs(work, say) : rss == null ? speed(work, say) : memory(work, say);
      Path saved = report.save(out, stamp);
      PrintWriter answer = spec.commandLine().getOut();
      answer.print(asJson() ? report.json() : report.markdown());
      answer.flush();
      say.printf("saved as %s.md and .json%n", saved);
      say.flush();
      return 0;
    } finally {
      delete(work);
    }
  }

  /** The option every command has. */
  private boolean asJson() {
    OptionSpec json = spec.findOption("--json");
    return json != null && Boolean.TRUE.equals(json.getValue());
  }

  private void check(boolean good, String words) {
    if (!good) {
      throw new ParameterException(spec.commandLine(), words);
    }
  }

  private Report speed(Path work, PrintWriter say) {
    List<Variant> variants = wanted();
    Report report = new Report(issues, repeat, warm, jvm, variants);
    Measurement.shellMissing()
        .ifPresent(
            words -> {
              variants.removeIf(variant -> variant.kind() == Variant.Kind.SHELL);
              report.note("curl | jq | psql: " + words + ".");
            });
    try (Rig rig = new Rig(work, issues, warm, PARTS)) {
      Measurement measurement = new Measurement(rig, Path.of(""), List.of(jvm.split(" ")));
      for (int round = 1; round <= repeat; round++) {
        for (Variant variant : variants) {
          measure(measurement, variant, round, report, say);
        }
      }
    }
    return report;
  }

  private List<Variant> wanted() {
    List<Variant> wanted = new ArrayList<>();
    List<String> known = new ArrayList<>();
    for (Variant.Group group : Variant.Group.values()) {
      known.add(group.name());
      for (Variant variant : Variant.of(group)) {
        known.add(variant.id());
        if (only.isEmpty() || only.contains(group.name()) || only.contains(variant.id())) {
          wanted.add(variant);
        }
      }
    }
    check(known.containsAll(only), "--only knows " + String.join(", ", known));
    return wanted;
  }

  private Report memory(Path work, PrintWriter say) throws IOException {
    List<Variant> variants =
        Stream.of(
                Variant.engine("memory-1", "tracker-sync", 1, 0, false, Variant.FIRST),
                Variant.engine("memory-8", "tracker-sync", Variant.MANY, 0, false, Variant.FIRST))
            .filter(variant -> only.isEmpty() || only.contains(variant.id()))
            .toList();
    Report report = new Report(rss, 1, 0, jvm, variants);
    for (int size : new int[] {10_000, rss}) {
      Path folder = Files.createDirectory(work.resolve("of-" + size));
      try (Rig rig = new Rig(folder, size, 100, PARTS)) {
        Measurement measurement = new Measurement(rig, Path.of(""), List.of(jvm.split(" ")));
        for (Variant variant : variants) {
          measure(measurement, variant, 1, report, say);
        }
      }
      delete(folder);
    }
    return report;
  }

  private Report bugs(Path work, PrintWriter say) throws IOException {
    Report report = new Report(bugs, 1, 0, jvm, List.of());
    try (Rig rig = new Rig(work, bugs, 100, 0)) {
      new BugsLoad(rig, Path.of(""), List.of(jvm.split(" "))).run(say).forEach(report::add);
    }
    return report;
  }

  private static void measure(
      Measurement measurement, Variant variant, int round, Report report, PrintWriter say) {
    for (Figure figure : measurement.run(variant, round)) {
      report.add(figure);
      say.printf(
          Locale.ROOT,
          "round %d  %-32s %7.0f records/s  %7.2f s  CPU µs a record: own %4.0f, PostgreSQL %4.0f,"
              + " toy %3.0f  peak %d MB  %d requests%n",
          round,
          variant.id() + (figure.step().equals(Variant.FIRST) ? "" : " " + figure.step()),
          figure.perSecond(),
          figure.seconds(),
          figure.ownCpu() / (double) Math.max(1, figure.records()),
          figure.databaseCpu() / (double) Math.max(1, figure.records()),
          figure.toyCpu() / (double) Math.max(1, figure.records()),
          figure.peakKib() / 1024,
          figure.requests());
      say.flush();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}

package trackersync.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * All figures of a run, as JSON and as tables. A cell is the median of the rounds; a ratio is the
 * median of the ratios within each round, so that a machine that is slower in one of them does not
 * count.
 */
final class Report {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SMALL = 10_000;
  private static final double MEMORY_GROWTH_MAX = 1.1;
  private static final double BUGS_GROWTH_MAX = 1.5;
  private static final int MEMORY_MAX_MB = 512;

  private final int issues;
  private final int rounds;
  private final int warm;
  private final String jvm;
  private final List<Variant> variants;
  private final Instant started = Instant.now();
  private final List<Figure> figures = new ArrayList<>();
  private final List<Latency> latencies = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * @param variants in the order of the tables
   */
  Report(int issues, int rounds, int warm, String jvm, List<Variant> variants) {
    this.issues = issues;
    this.rounds = rounds;
    this.warm = warm;
    this.jvm = jvm;
    this.variants = List.copyOf(variants);
  }

  void add(Figure figure) {
    figures.add(figure);
  }

  void add(Latency latency) {
    latencies.add(latency);
  }

  void note(String words) {
    notes.add(words);
  }

  /** Writes {@code bench-STAMP.json} and {@code .md}; answers the path without the ending. */
  Path save(Path folder, String stamp) throws IOException {
    Path base = folder.resolve("bench-" + stamp);
    Files.writeString(Path.of(base + ".json"), json());
    Files.writeString(Path.of(base + ".md"), markdown());
    return base;
  }

  String json() {
    ObjectNode all = JSON.createObjectNode();
    all.put("started", started.truncatedTo(ChronoUnit.SECONDS).toString());
    all.put("issues", issues).put("rounds", rounds).put("warm", warm).put("jvm", jvm);
    all.put("processors", Runtime.getRuntime().availableProcessors());
    all.put("java", System.getProperty("java.version"));
    all.set("notes", JSON.valueToTree(notes));
    all.set("figures", JSON.valueToTree(figures));
    all.set("latencies", JSON.valueToTree(latencies));
    return all.toPrettyString() + "\n";
  }

  String markdown() {
    StringBuilder out = new StringBuilder();
    line(
        out,
        "%s UTC, %d processors, Java %s, JVM options %s; %d issues a run, %d %s; 1-minute load when"
            + " the report was written: %s.",
        started.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", ""),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"),
        jvm,
        issues,
        rounds,
        rounds == 1 ? "round" : "rounds, medians",
        load());
    notes.forEach(note -> line(out, "%s", note));
    if (!latencies.isEmpty()) {
      bugs(out);
      return out.toString();
    }
    if (has("memory-1") || has("memory-8")) {
      memory(out);
      return out.toString();
    }
    speed(out);
    unchanged(out);
    guarantees(out);
    aims(out);
    return out.toString();
  }

  private static String load() {
    double load =
        java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load < 0 ? "unknown" : String.format(Locale.ROOT, "%.1f", load);
  }

  private void speed(StringBuilder out) {
    List<Variant> shown =
        variants.stream()
            .filter(variant -> has(variant.id()) && !variant.id().startsWith("guarantee"))
            .toList();
    if (shown.isEmpty()) {
      return;
    }
    line(out, "");
    line(
        out,
        "| what | connections | latency ms | records/s (range) | of curl \\| jq \\| psql | of COPY +"
            + " merge | CPU µs a record: program | PostgreSQL | toy | peak memory MB |");
    line(out, "|---|---|---|---|---|---|---|---|---|---|");
    for (Variant variant : shown) {
      String id = variant.id();
      line(
          out,
          "| %s | %d | %d | %s | %s | %s | %.0f | %.0f | %.0f | %s |",
          variant.words(),
          variant.connections(),
          variant.latency(),
          rate(id, Variant.FIRST),
          ratio(id, variant.latency() == 0 ? "shell" : "shell-far"),
          variant.latency() == 0 ? ratio(id, "copy") : "",
          median(id, Variant.FIRST, f -> f.ownCpu() / (double) f.records()),
          median(id, Variant.FIRST, f -> f.databaseCpu() / (double) f.records()),
          median(id, Variant.FIRST, f -> f.toyCpu() / (double) f.records()),
          peak(id));
    }
  }

  private String rate(String id, String step) {
    double[] all = all(id, step, Figure::perSecond).sorted().toArray();
    String range =
        all.length < 2
            ? ""
            : String.format(Locale.ROOT, " (%,.0f-%,.0f)", all[0], all[all.length - 1]);
    return String.format(Locale.ROOT, "**%,.0f**%s", middle(all), range);
  }

  private String peak(String id) {
    double kib = median(id, Variant.FIRST, Figure::peakKib);
    return kib == 0 ? "" : String.format(Locale.ROOT, "%.0f", kib / 1024);
  }

  private void unchanged(StringBuilder out) {
    if (all("ours-1", Variant.AGAIN, Figure::seconds).findAny().isEmpty()
        && all("ours-8", Variant.AGAIN, Figure::seconds).findAny().isEmpty()) {
      return;
    }
    line(out, "");
    line(out, "| second sync, nothing changed | connections | seconds | requests a stream |");
    line(out, "|---|---|---|---|");
    for (Variant variant : variants) {
      if (all(variant.id(), Variant.AGAIN, Figure::seconds).findAny().isPresent()) {
        line(
            out,
            "| asks for what changed | %d | %.2f | %.0f |",
            variant.connections(),
            median(variant.id(), Variant.AGAIN, Figure::seconds),
            median(variant.id(), Variant.AGAIN, Figure::requests) / variant.connections());
        line(
            out,
            "| reads all again (%s records/s) | %d | %.2f | %.0f |",
            rate(variant.id(), Variant.SWEEP),
            variant.connections(),
            median(variant.id(), Variant.SWEEP, Figure::seconds),
            median(variant.id(), Variant.SWEEP, Figure::requests) / variant.connections());
      }
    }
  }

  private void guarantees(StringBuilder out) {
    String whole = id(Guarantee.ALL);
    if (!has(whole)) {
      return;
    }
    line(out, "");
    line(
        out,
        "| what a guarantee costs, 8 connections | records/s (range) | of all guarantees | CPU µs a"
            + " record: program | PostgreSQL |");
    line(out, "|---|---|---|---|---|");
    for (Guarantee guarantee : Guarantee.values()) {
      String id = id(guarantee);
      if (has(id)) {
        line(
            out,
            "| %s | %s | %s | %.0f | %.0f |",
            guarantee.words(),
            rate(id, Variant.FIRST),
            ratio(id, whole),
            median(id, Variant.FIRST, f -> f.ownCpu() / (double) f.records()),
            median(id, Variant.FIRST, f -> f.databaseCpu() / (double) f.records()));
      }
    }
  }

  private static String id(Guarantee guarantee) {
    return Variant.id(guarantee);
  }

  private void aims(StringBuilder out) {
    line(out, "");
    line(out, "| aim | measured | holds |");
    line(out, "|---|---|---|");
    aim(out, "one connection, of curl \\| jq \\| psql", 1.0, quotient("ours-1", "shell"));
    aim(out, "eight connections, of curl \\| jq \\| psql", 1.8, quotient("ours-8", "shell"));
    aim(out, "eight connections, of COPY + merge", 0.5, quotient("ours-8", "copy"));
    double requests =
        Math.max(
            all("ours-1", Variant.AGAIN, Figure::requests).max().orElse(0),
            all("ours-8", Variant.AGAIN, Figure::requests).max().orElse(0) / Variant.MANY);
    if (requests > 0) {
      line(
          out,
          "| a second sync asks once a stream | %.1f | %s |",
          requests,
          requests <= 1 ? "yes" : "no");
    }
    double peak =
        figures.stream()
            .filter(figure -> figure.variant().startsWith("ours"))
            .mapToDouble(Figure::peakKib)
            .max()
            .orElse(0);
    if (peak > 0) {
      line(
          out,
          "| peak memory under %d MB | %.0f MB | %s |",
          MEMORY_MAX_MB,
          peak / 1024,
          peak / 1024 < MEMORY_MAX_MB ? "yes" : "no");
    }
  }

  private static void aim(StringBuilder out, String words, double least, Optional<Double> came) {
    came.ifPresent(
        value ->
            line(
                out,
                "| %s: at least %.1f | %.2f | %s |",
                words,
                least,
                value,
                value >= least ? "yes" : "no"));
  }

  /** Idle is the mean of before and after: the table grows meanwhile. */
  private void bugs(StringBuilder out) {
    line(out, "");
    line(
        out,
        "| GET /bugs | requests | median ms | p99 ms | p99 of idle | bugs synced a second meanwhile |");
    line(out, "|---|---|---|---|---|---|");
    Optional<Double> limited = Optional.empty();
    for (int n = 0; n < latencies.size(); n++) {
      Latency latency = latencies.get(n);
      boolean idle = latency.state().equals(Latency.IDLE);
      double of =
          idle
              ? 1
              : latency.p99() / ((latencies.get(n - 1).p99() + latencies.get(n + 1).p99()) / 2);
      if (latency.state().equals("limited")) {
        limited = Optional.of(of);
      }
      line(
          out,
          "| %s | %d | %.1f | %.1f | %s | %s |",
          switch (latency.state()) {
            case Latency.IDLE -> "idle";
            case "limited" -> "while a release is synced, the source limited to 10 pages a second";
            default -> "while a release is synced, as fast as it goes";
          },
          latency.requests(),
          latency.median(),
          latency.p99(),
          idle ? "" : String.format(Locale.ROOT, "%.2f", of),
          idle ? "" : String.format(Locale.ROOT, "%,.0f", latency.records() / latency.seconds()));
    }
    line(out, "");
    line(out, "| aim | measured | holds |");
    line(out, "|---|---|---|");
    limited.ifPresent(
        of ->
            line(
                out,
                "| p99 of GET /bugs, limited source, of idle: at most %.1f | %.2f | %s |",
                BUGS_GROWTH_MAX,
                of,
                of <= BUGS_GROWTH_MAX ? "yes" : "no"));
  }

  private void memory(StringBuilder out) {
    line(out, "");
    line(
        out, "| issues | connections | seconds | records/s | peak memory MB | of that at 10,000 |");
    line(out, "|---|---|---|---|---|---|");
    for (Variant variant : variants) {
      double small =
          all(variant.id(), figure -> figure.records() == SMALL, Figure::peakKib).max().orElse(0);
      for (Figure figure : figures) {
        if (figure.variant().equals(variant.id())) {
          double growth = figure.peakKib() / small;
          line(
              out,
              "| %,d | %d | %.0f | %,.0f | %d | %.2f%s |",
              figure.records(),
              variant.connections(),
              figure.seconds(),
              figure.perSecond(),
              figure.peakKib() / 1024,
              growth,
              figure.records() == SMALL
                  ? ""
                  : growth <= MEMORY_GROWTH_MAX && figure.peakKib() / 1024 < MEMORY_MAX_MB
                      ? ", holds"
                      : ", does not hold");
        }
      }
    }
  }

  private boolean has(String id) {
    return figures.stream().anyMatch(figure -> figure.variant().equals(id));
  }

  private DoubleStream all(String id, String step, ToDoubleFunction<Figure> value) {
    return all(id, figure -> figure.step().equals(step), value);
  }

  private DoubleStream all(
      String id, java.util.function.Predicate<Figure> which, ToDoubleFunction<Figure> value) {
    return figures.stream()
        .filter(figure -> figure.variant().equals(id))
        .filter(which)
        .mapToDouble(value);
  }

  private double median(String id, String step, ToDoubleFunction<Figure> value) {
    return middle(all(id, step, value).sorted().toArray());
  }

  private static double middle(double[] sorted) {
    int half = sorted.length / 2;
    return sorted.length == 0
        ? 0
        : sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private String ratio(String id, String of) {
    return quotient(id, of).map(value -> String.format(Locale.ROOT, "%.2f", value)).orElse("");
  }

  private Optional<Double> quotient(String id, String of) {
    double[] each =
        figures.stream()
            .filter(f -> f.variant().equals(id) && f.step().equals(Variant.FIRST))
            .flatMapToDouble(
                mine ->
                    all(of, f -> f.round() == mine.round(), Figure::perSecond)
                        .map(theirs -> mine.perSecond() / theirs))
            .sorted()
            .toArray();
    return each.length == 0 ? Optional.empty() : Optional.of(middle(each));
  }

  private static void line(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}

package trackersync.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import trackersync.http.Keys;
import trackersync.settings.Settings;

/**
 * How long {@code GET /bugs} takes while a release is synced, beside what it takes when nothing is.
 * Requests start at a fixed rate and are timed from when they were due, so that a slow one is not
 * hidden by those it holds up.
 */
final class BugsLoad {
  /** Milliseconds before each answer of the limited source: at most ten pages a second. */
  static final int LIMITED = 100;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration STEP = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int BUGS_A_SECOND = 2_000;
  private static final List<String> QUERIES =
      List.of(
          "release=stored&limit=50",
          "release=stored&status=pending&limit=50",
          "release=stored&severity=sev1&limit=50",
          "release=stored&priority=P0&sort=updated_at&limit=50");

  private final Rig rig;
  private final Path home;
  private final List<String> jvm;
  private final HttpClient http = HttpClient.newHttpClient();
  private String address;
  private String token;

  /**
   * @param home where routes/ and application.properties are
   * @param jvm options of the measured JVM
   */
  BugsLoad(Rig rig, Path home, List<String> jvm) {
    this.rig = rig;
    this.home = home;
    this.jvm = jvm;
  }

  /** Stores a release, then asks for its bugs by turns idle and beside a sync of another one. */
  List<Latency> run(PrintWriter say) throws IOException {
    rig.emptyDatabase();
    Path port = rig.work().resolve("port");
    ObjectNode task = task(port);
    List<Latency> measured = new ArrayList<>();
    try (ChildProcess child =
        ChildProcess.java(
            jvm,
            BenchChild.class.getName(),
            List.of(task.toString()),
            home.toAbsolutePath(),
            rig.log("bugs"))) {
      child.expect("ready", STEP);
      address = "http://127.0.0.1:" + Files.readString(port).strip() + "/bugs?";
      token = token(task.path("settings"));
      step(child, "stored").join();
      // as autovacuum does within a minute: without it queries are planned for an empty table
      rig.execute("analyze bugs, issues, operations, users");
      int idle = Math.max(1, rig.issues() / BUGS_A_SECOND);
      CompletableFuture<Long> warm = after(idle);
      ask("warm", 0, warm);
      for (String step :
          List.of(Latency.IDLE, "limited", Latency.IDLE, "unlimited", Latency.IDLE)) {
        boolean quiet = step.equals(Latency.IDLE);
        Latency latency =
            ask(step, quiet ? 0 : rig.issues(), quiet ? after(idle) : step(child, step));
        measured.add(latency);
        say.printf(
            Locale.ROOT,
            "%-10s %6d requests  median %7.1f ms  p99 %7.1f ms  %7.1f s%n",
            step,
            latency.requests(),
            latency.median(),
            latency.p99(),
            latency.seconds());
        say.flush();
      }
    }
    return measured;
  }

  private ObjectNode task(Path port) {
    ObjectNode task =
        JSON.createObjectNode().put("job", "engine").put("warm", false).put("port", "" + port);
    ObjectNode settings = task.putObject("settings");
    rig.settings().forEach(settings::put);
    settings.put("http.rate-per-minute", "1000000");
    String fast = rig.bugsby(0);
    Map<String, String> sources =
        Map.of("stored", fast, "unlimited", fast, "limited", rig.bugsby(LIMITED));
    sources.forEach(
        (name, source) ->
            settings
                .put("connection." + name + ".tracker", "bugsby")
                .put("connection." + name + ".url", source + "/releases/" + name)
                .put("connection." + name + ".api-url", source)
                .put("connection." + name + ".release", name)
                .put("connection." + name + ".token", "token-of-" + name));
    return task;
  }

  private String token(JsonNode settings) {
    Map<String, String> own = new java.util.HashMap<>();
    settings.properties().forEach(s -> own.put(s.getKey(), s.getValue().asText()));
    return Keys.open(Settings.load(home.toAbsolutePath(), Map.of(), own))
        .mint("bench", List.of("viewer"), Duration.ofHours(12));
  }

  /** Syncs one release; done with the nanoseconds it took. */
  private static CompletableFuture<Long> step(ChildProcess child, String release) {
    child.say(EngineJob.ONLY + release);
    return CompletableFuture.supplyAsync(() -> Long.parseLong(child.expect("done", STEP)));
  }

  private static CompletableFuture<Long> after(int seconds) {
    return CompletableFuture.supplyAsync(
        () -> TimeUnit.SECONDS.toNanos(seconds),
        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS));
  }

  private Latency ask(String state, long records, CompletableFuture<Long> until) {
    List<CompletableFuture<Long>> asked = new ArrayList<>();
    long due = System.nanoTime();
    while (!until.isDone()) {
      asked.add(ask(QUERIES.get(asked.size() % QUERIES.size()), due));
      due += INTERVAL;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
    List<Long> nanos = new ArrayList<>(asked.stream().map(CompletableFuture::join).toList());
    Collections.sort(nanos);
    return new Latency(
        state, nanos.size(), part(nanos, 0.5), part(nanos, 0.99), until.join() / 1e9, records);
  }

  private CompletableFuture<Long> ask(String query, long due) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + query))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + token)
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(
            answer -> {
              if (answer.statusCode() != 200 || !answer.body().contains("\"items\":[{")) {
                throw new IllegalStateException(
                    query + ": " + answer.statusCode() + " " + answer.body());
              }
              return System.nanoTime() - due;
            });
  }

  /** A percentile in milliseconds. */
  private static double part(List<Long> sorted, double share) {
    return sorted.get((int) Math.min(sorted.size() - 1L, (long) (share * sorted.size()))) / 1e6;
  }
}

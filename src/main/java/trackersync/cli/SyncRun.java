package trackersync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Syncs of some connections, started together and followed to their end. */
final class SyncRun {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LOOK_EVERY = Duration.ofMillis(300);
  private static final int STARTS_MAX = 16;

  private final ApiClient api;
  private final Terminal terminal;
  private final boolean joins;

  /**
   * @param joins go on with an operation that is there already, in place of being refused: this
   *     process is the only one that would end it
   */
  SyncRun(ApiClient api, Terminal terminal, boolean joins) {
    this.api = api;
    this.terminal = terminal;
    this.joins = joins;
  }

  /** What to bring: closed issues not stored yet, all again, and which kinds of records. */
  record Choice(boolean includeClosed, boolean fromStart, String syncType) {}

  /** What became of the start: an operation, or words why there is none. */
  record Started(String connection, JsonNode operation, String refused) {}

  /** Starts one operation a connection; each is one request, all at the same time. */
  List<Started> start(List<JsonNode> connections, Choice choice) {
    ObjectNode body = JSON.createObjectNode();
    body.put("syncType", choice.syncType()).put("includeClosed", choice.includeClosed());
    if (choice.fromStart()) {
      body.put("fromStart", true);
    }
    if (choice.includeClosed()) {
      // the option on the command line is the confirmation
      body.putArray("confirm").add("includeClosed");
    }
    // a small sync is answered when it has ended: one after the other would take their sum
    ExecutorService threads =
        Executors.newFixedThreadPool(Math.max(1, Math.min(STARTS_MAX, connections.size())));
    try {
      List<Future<Started>> starts = new ArrayList<>();
      for (JsonNode connection : connections) {
        String name = connection.path("name").asText();
        starts.add(threads.submit(() -> start(connection, name, body)));
      }
      List<Started> started = new ArrayList<>();
      for (Future<Started> start : starts) {
        started.add(result(start));
      }
      return started;
    } finally {
      threads.shutdownNow();
    }
  }

  private static Started result(Future<Started> start) {
    try {
      return start.get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(failed.getCause());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new CommandException(Exit.FAILED, "interrupted", stop);
    }
  }

  private Started start(JsonNode connection, String name, ObjectNode body) {
    String path = "/api/connections/" + connection.path("id").asText() + "/sync";
    try {
      ApiClient.Answer came = api.post(path, body);
      if (joins && came.status() == 409 && came.body().hasNonNull("operation")) {
        // left over from a run that was interrupted: this process goes on with it
        String running = came.body().path("operation").asText();
        return new Started(name, api.get("/api/operations/" + running), null);
      }
      JsonNode answer = api.expectSuccess(path, came).body();
      return answer.has("requiresConfirmation")
          ? new Started(name, null, "needs a confirmation: " + answer.path("reasons"))
          : new Started(name, answer, null);
    } catch (CommandException problem) {
      if (problem.exit() != Exit.REFUSED) {
        throw problem;
      }
      return new Started(name, null, problem.getMessage());
    }
  }

  /** Shows progress until all are over; gives them as they ended. */
  List<JsonNode> follow(List<JsonNode> started) {
    List<String> names = started.stream().map(it -> it.path("connection").asText()).toList();
    Progress progress = new Progress(terminal, names);
    List<JsonNode> now = new ArrayList<>(started);
    progress.show(now);
    while (!now.stream().allMatch(Progress::isOver)) {
      Pause.of(LOOK_EVERY);
      Map<String, JsonNode> newest = newest(now.size());
      now.replaceAll(it -> Progress.isOver(it) ? it : look(it.path("id").asText(), newest));
      progress.show(now);
    }
    return now;
  }

  /** One request a look, however many operations: callers have a budget. */
  private Map<String, JsonNode> newest(int count) {
    Map<String, JsonNode> byId = new HashMap<>();
    api.get("/api/operations?limit=" + Math.min(200, Math.max(20, 2 * count)))
        .path("items")
        .forEach(it -> byId.put(it.path("id").asText(), it));
    return byId;
  }

  private JsonNode look(String id, Map<String, JsonNode> newest) {
    JsonNode found = newest.get(id);
    return found != null ? found : api.get("/api/operations/" + id);
  }

  /** The summary: a row a connection, and why something failed. */
  static List<String> summary(List<JsonNode> operations, Terminal terminal) {
    Table table =
        new Table(
            "<connection", "read", "new", "changed", "skipped", "PRs", "aside", "seconds", "rec/s");
    for (JsonNode it : operations) {
      Counts counts = Counts.of(it);
      table.row(
          it.path("connection").asText(),
          counts.read(),
          counts.created(),
          counts.updated(),
          counts.skipped(),
          counts.pullRequests(),
          counts.setAside(),
          String.format(Locale.ROOT, "%.1f", counts.seconds()),
          counts.rate());
    }
    if (operations.size() > 1) {
      total(table, operations);
    }
    List<String> lines = new ArrayList<>(table.lines(terminal));
    for (JsonNode it : operations) {
      if (it.path("status").asText().equals("Failed")) {
        lines.add("");
        lines.add(
            terminal.red("  %s failed: ".formatted(it.path("connection").asText()))
                + it.path("error").asText());
        if (it.hasNonNull("cure")) {
          lines.add("  " + it.path("cure").asText());
        }
      }
    }
    return lines;
  }

  private static void total(Table table, List<JsonNode> operations) {
    List<Counts> counts = operations.stream().map(Counts::of).toList();
    long read = counts.stream().mapToLong(Counts::read).sum();
    double seconds = wallSeconds(operations);
    table.row(
        "all",
        read,
        counts.stream().mapToLong(Counts::created).sum(),
        counts.stream().mapToLong(Counts::updated).sum(),
        counts.stream().mapToLong(Counts::skipped).sum(),
        counts.stream().mapToLong(Counts::pullRequests).sum(),
        counts.stream().mapToLong(Counts::setAside).sum(),
        String.format(Locale.ROOT, "%.1f", seconds),
        seconds <= 0 ? 0 : Math.round(read / seconds));
  }

  /** From the first start to the last end: they run side by side. */
  static double wallSeconds(List<JsonNode> operations) {
    Instant first = null;
    Instant last = null;
    for (JsonNode it : operations) {
      if (it.hasNonNull("startedAt") && it.hasNonNull("completedAt")) {
        Instant started = Instant.parse(it.path("startedAt").asText());
        Instant ended = Instant.parse(it.path("completedAt").asText());
        first = first == null || started.isBefore(first) ? started : first;
        last = last == null || ended.isAfter(last) ? ended : last;
      }
    }
    return first == null ? 0 : Duration.between(first, last).toMillis() / 1000.0;
  }

  /** What became of the records of one operation. */
  record Counts(
      long read,
      long created,
      long updated,
      long skipped,
      long pullRequests,
      long setAside,
      double seconds) {

    static Counts of(JsonNode operation) {
      JsonNode results = operation.path("results");
      return new Counts(
          Progress.seen(operation),
          results.path("created").asLong(),
          results.path("updated").asLong(),
          results.path("skipped").asLong(),
          results.path("ignored").path("pullRequests").asLong(),
          results.path("failed").asLong(),
          Progress.seconds(operation));
    }

    long rate() {
      return seconds <= 0 ? 0 : Math.round(read / seconds);
    }
  }

  /** One operation for {@code --json}. */
  static ObjectNode json(JsonNode operation) {
    Counts counts = Counts.of(operation);
    ObjectNode node = JSON.createObjectNode();
    node.put("connection", operation.path("connection").asText());
    node.put("operation", operation.path("id").asText());
    node.put("status", operation.path("status").asText());
    node.put("read", counts.read());
    node.put("created", counts.created());
    node.put("updated", counts.updated());
    node.put("skipped", counts.skipped());
    node.put("pullRequests", counts.pullRequests());
    node.put("setAside", counts.setAside());
    node.put("seconds", counts.seconds());
    node.set("error", operation.path("error").isMissingNode() ? null : operation.path("error"));
    node.set("cure", operation.path("cure").isMissingNode() ? null : operation.path("cure"));
    return node;
  }

  static boolean failed(List<JsonNode> operations) {
    return operations.stream().anyMatch(it -> it.path("status").asText().equals("Failed"));
  }
}

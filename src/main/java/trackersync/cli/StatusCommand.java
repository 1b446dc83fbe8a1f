package trackersync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code status}: connections with their newest operation, or one with its history. */
@Command(name = "status", description = "Show connections, what they stored and how it went.")
final class StatusCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int HISTORY = 10;

  @ParentCommand private TrackerSync root;

  @Parameters(
      paramLabel = "CONNECTION",
      arity = "0..1",
      description = "Only this one, with its latest operations.")
  private String name;

  @Override
  public Integer call() {
    root.quiet();
    try (Session session = root.open("status")) {
      ApiClient api = session.api();
      List<JsonNode> connections = api.all("/api/connections?limit=200");
      if (name != null) {
        one(api, SyncCommand.named(connections, name));
      } else {
        all(session, connections);
      }
    }
    return Exit.OK.code;
  }

  private void all(Session session, List<JsonNode> connections) {
    Terminal terminal = root.terminal();
    Map<String, JsonNode> states = states(session.api(), connections);
    Table table = new Table("<connection", "<tracker", "issues", "aside", "<last sync", "<state");
    ObjectNode answer = JSON.createObjectNode();
    answer.put("running", !session.isOwn());
    for (JsonNode connection : connections) {
      JsonNode state = states.getOrDefault(connection.path("id").asText(), connection);
      table.row(
          connection.path("name").asText(),
          connection.path("tracker").asText(),
          state.path("issuesCount").asLong(),
          state.path("setAsideCount").asLong(),
          connection.hasNonNull("lastSyncAt")
              ? ago(Instant.parse(connection.path("lastSyncAt").asText()))
              : "never",
          words(connection, state.path("operation")));
      ObjectNode row = connection.deepCopy();
      row.set("issuesCount", state.path("issuesCount"));
      row.set("setAsideCount", state.path("setAsideCount"));
      row.set("operation", state.path("operation"));
      answer.withArray("connections").add(row);
    }
    answer.withArray("connections");
    if (connections.isEmpty()) {
      terminal.say("No connections yet. application.properties says how to declare one.");
    } else {
      table.lines(terminal).forEach(terminal::say);
    }
    terminal.say("");
    terminal.say(
        session.isOwn()
            ? terminal.dim("  No program runs; schedules rest until ./tracker-sync run.")
            : terminal.dim(
                "  Process %d (%s), %s"
                    .formatted(
                        session.running().pid(),
                        session.running().command(),
                        session.running().api().orElse(""))));
    terminal.json(answer);
  }

  private static Map<String, JsonNode> states(ApiClient api, List<JsonNode> connections) {
    Map<String, JsonNode> states = new HashMap<>();
    TreeSet<String> trackers = new TreeSet<>();
    connections.forEach(it -> trackers.add(it.path("tracker").asText()));
    for (String tracker : trackers) {
      api.get("/api/trackers/" + ApiClient.encoded(tracker) + "/status")
          .path("connections")
          .forEach(it -> states.put(it.path("id").asText(), it));
    }
    return states;
  }

  private void one(ApiClient api, JsonNode connection) {
    Terminal terminal = root.terminal();
    List<JsonNode> operations = new java.util.ArrayList<>();
    api.get(
            "/api/operations?limit=%d&connection=%s"
                .formatted(HISTORY, ApiClient.encoded(connection.path("name").asText())))
        .path("items")
        .forEach(operations::add);
    terminal.say(
        "%s  %s"
            .formatted(
                terminal.bold(connection.path("name").asText()), connection.path("url").asText()));
    if (connection.hasNonNull("schedule")) {
      terminal.say(
          "schedule %s (%s), next %s"
              .formatted(
                  connection.path("schedule").asText(),
                  connection.path("scheduleZone").asText(),
                  connection.path("nextRunAt").asText("at the next start")));
    }
    if (connection.hasNonNull("disabledReason")) {
      terminal.say(terminal.yellow("disabled: ") + connection.path("disabledReason").asText());
    }
    terminal.say("");
    Table table =
        new Table("<when", "<trigger", "read", "new", "changed", "skipped", "aside", "<outcome");
    for (JsonNode operation : operations) {
      SyncRun.Counts counts = SyncRun.Counts.of(operation);
      table.row(
          ago(Instant.parse(operation.path("createdAt").asText())),
          operation.path("trigger").asText(),
          counts.read(),
          counts.created(),
          counts.updated(),
          counts.skipped(),
          counts.setAside(),
          operation.path("status").asText());
    }
    if (operations.isEmpty()) {
      terminal.say("  Nothing has run yet.");
    } else {
      table.lines(terminal).forEach(terminal::say);
      JsonNode newest = operations.get(0);
      if (newest.hasNonNull("error")) {
        terminal.say("");
        terminal.say(terminal.red("  " + newest.path("error").asText()));
        terminal.say("  " + newest.path("cure").asText(""));
      }
    }
    ObjectNode answer = JSON.createObjectNode();
    answer.set("connection", connection);
    answer.withArray("operations").addAll(operations);
    terminal.json(answer);
  }

  private static String words(JsonNode connection, JsonNode operation) {
    if (!connection.path("enabled").asBoolean()) {
      return "disabled";
    }
    String status = operation.path("status").asText("");
    return switch (status) {
      case "" -> "nothing has run yet";
      case "Completed" -> "ok";
      case "Failed" -> "failed: " + shortened(operation.path("error").asText(""));
      default ->
          operation.hasNonNull("waitingUntil")
              ? "waits until " + operation.path("waitingUntil").asText()
              : "%s, %d records".formatted(status, Progress.seen(operation));
    };
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 39) + "…";
  }

  static String ago(Instant then) {
    Duration since = Duration.between(then, Instant.now());
    if (since.toMinutes() < 1) {
      return Math.max(0, since.toSeconds()) + " s ago";
    }
    if (since.toHours() < 1) {
      return since.toMinutes() + " min ago";
    }
    return since.toDays() < 2 ? since.toHours() + " h ago" : since.toDays() + " d ago";
  }
}

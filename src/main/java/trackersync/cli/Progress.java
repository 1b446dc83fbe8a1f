package trackersync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Operations under way: bars that move on a terminal, a line every few seconds and at each end
 * elsewhere.
 */
final class Progress {

  private static final int BAR = 28;
  private static final Duration LINE_EVERY = Duration.ofSeconds(5);
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final Terminal terminal;
  private final int nameWidth;
  private final List<String> ended = new ArrayList<>();
  private Instant lastLines = Instant.now();
  private int drawn;

  Progress(Terminal terminal, List<String> connections) {
    this.terminal = terminal;
    this.nameWidth = connections.stream().mapToInt(String::length).max().orElse(0);
  }

  /** Shows the operations as they are now. */
  void show(List<JsonNode> operations) {
    if (terminal.isInteractive()) {
      terminal.eraseLines(drawn);
      operations.forEach(operation -> terminal.say(bar(operation)));
      drawn = operations.size();
    } else {
      boolean due = Duration.between(lastLines, Instant.now()).compareTo(LINE_EVERY) >= 0;
      for (JsonNode operation : operations) {
        String id = operation.path("id").asText();
        if (isOver(operation) && !ended.contains(id)) {
          ended.add(id);
          terminal.say(line(operation));
        } else if (!isOver(operation) && due) {
          terminal.say(line(operation));
        }
      }
      lastLines = due ? Instant.now() : lastLines;
    }
  }

  static boolean isOver(JsonNode operation) {
    String status = operation.path("status").asText();
    return status.equals("Completed") || status.equals("Failed");
  }

  static double seconds(JsonNode operation) {
    Instant started =
        instant(operation, "startedAt", instant(operation, "createdAt", Instant.now()));
    Instant ended = instant(operation, "completedAt", Instant.now());
    return Math.max(0, Duration.between(started, ended).toMillis() / 1000.0);
  }

  private static Instant instant(JsonNode node, String field, Instant fallback) {
    return node.hasNonNull(field) ? Instant.parse(node.path(field).asText()) : fallback;
  }

  static long seen(JsonNode operation) {
    return operation.path("progress").path("processed").asLong();
  }

  private String bar(JsonNode operation) {
    long seen = seen(operation);
    long total = Math.max(seen, operation.path("progress").path("total").asLong());
    boolean over = isOver(operation);
    boolean failed = operation.path("status").asText().equals("Failed");
    double share = over && !failed ? 1 : total == 0 ? 0 : (double) seen / total;
    int full = (int) Math.round(share * BAR);
    String bar =
        (terminal.isUnicode() ? "█" : "#").repeat(full)
            + (terminal.isUnicode() ? "░" : ".").repeat(BAR - full);
    String coloured = failed ? terminal.red(bar) : over ? terminal.green(bar) : bar;
    return "  %s  %s %3d %%  %s"
        .formatted(padded(operation), coloured, (int) (share * 100), state(operation, seen, total));
  }

  private String line(JsonNode operation) {
    long seen = seen(operation);
    return "  %s  %s"
        .formatted(
            padded(operation),
            state(
                operation,
                seen,
                Math.max(seen, operation.path("progress").path("total").asLong())));
  }

  private String padded(JsonNode operation) {
    String name = operation.path("connection").asText();
    return name + " ".repeat(Math.max(0, nameWidth - name.length()));
  }

  private String state(JsonNode operation, long seen, long total) {
    String status = operation.path("status").asText();
    if (status.equals("Completed")) {
      return "%,d records, %.1f s".formatted(seen, seconds(operation));
    }
    if (status.equals("Failed")) {
      return terminal.red("failed");
    }
    if (operation.hasNonNull("waitingUntil")) {
      Instant until = instant(operation, "waitingUntil", Instant.now());
      return terminal.yellow(
          "waits until %s: %s"
              .formatted(
                  CLOCK.format(
                      until.atZone(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS)),
                  operation.path("waitingReason").asText("rate limit")));
    }
    if (status.equals("Pending")) {
      return terminal.dim("waiting for a worker");
    }
    return total > seen ? "%,d of %,d".formatted(seen, total) : "%,d records".formatted(seen);
  }
}

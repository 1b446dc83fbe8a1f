package trackersync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import trackersync.cli.SyncRun.Started;
import trackersync.settings.Nearest;

/** {@code sync}: starts operations, and follows them to their end where that is asked for. */
@Command(
    name = "sync",
    description = {
      "Sync connections now.",
      "Without a running program this command does the work itself, and waits."
    })
final class SyncCommand implements Callable<Integer> {

  /** As in the API. */
  enum SyncType {
    Full,
    IssuesOnly,
    SecurityOnly
  }

  @ParentCommand private TrackerSync root;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CONNECTION", arity = "0..*", description = "Names of connections.")
  private List<String> names = List.of();

  @Option(names = "--all", description = "All that are enabled.")
  private boolean all;

  @Option(
      names = "--include-closed",
      description = "Also bring closed issues that are not stored yet.")
  private boolean includeClosed;

  @Option(
      names = "--from-start",
      description = "Read all again, not only what changed since the last sync.")
  private boolean fromStart;

  @Option(names = "--wait", description = "Wait for the end and show progress.")
  private boolean wait;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "Full",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private SyncType type;

  @Override
  public Integer call() {
    if (all == !names.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "Name the connections to sync, or give --all.");
    }
    root.quiet();
    Terminal terminal = root.terminal();
    try (Session session = root.open("sync")) {
      SyncRun sync = new SyncRun(session.api(), terminal, session.isOwn());
      SyncRun.Choice choice = new SyncRun.Choice(includeClosed, fromStart, type.name());
      List<Started> started = sync.start(chosen(session.api()), choice);
      List<JsonNode> operations =
          started.stream().filter(it -> it.refused() == null).map(Started::operation).toList();
      List<Started> refused = started.stream().filter(it -> it.refused() != null).toList();
      boolean follow = wait || session.isOwn();
      if (follow) {
        operations = sync.follow(operations);
      }
      report(terminal, operations, refused, follow);
      return exit(operations, refused).code;
    }
  }

  private static Exit exit(List<JsonNode> operations, List<Started> refused) {
    if (SyncRun.failed(operations)) {
      return Exit.SYNC_FAILED;
    }
    return refused.isEmpty() ? Exit.OK : Exit.REFUSED;
  }

  private void report(
      Terminal terminal, List<JsonNode> operations, List<Started> refused, boolean followed) {
    if (followed && !operations.isEmpty()) {
      terminal.say("");
      SyncRun.summary(operations, terminal).forEach(terminal::say);
    } else {
      operations.forEach(
          it ->
              terminal.say(
                  "  %s: operation %s, %s"
                      .formatted(
                          it.path("connection").asText(),
                          it.path("id").asText(),
                          it.path("status").asText())));
    }
    refused.forEach(it -> terminal.warn("%s: %s".formatted(it.connection(), it.refused())));
    ObjectNode answer = new ObjectMapper().createObjectNode();
    operations.forEach(it -> answer.withArray("operations").add(SyncRun.json(it)));
    refused.forEach(
        it ->
            answer
                .withArray("refused")
                .addObject()
                .put("connection", it.connection())
                .put("reason", it.refused()));
    answer.withArray("operations");
    answer.withArray("refused");
    terminal.json(answer);
  }

  private List<JsonNode> chosen(ApiClient api) {
    List<JsonNode> existing = api.all("/api/connections?limit=200");
    if (all) {
      List<JsonNode> enabled =
          existing.stream().filter(it -> it.path("enabled").asBoolean()).toList();
      if (enabled.isEmpty()) {
        throw new CommandException(
            Exit.REFUSED,
            "There is no enabled connection. Add connection.<id>.tracker and connection.<id>.url to"
                + " application.properties.");
      }
      return enabled;
    }
    List<JsonNode> chosen = new ArrayList<>();
    for (String name : new LinkedHashSet<>(names)) {
      chosen.add(named(existing, name));
    }
    return chosen;
  }

  /**
   * @throws CommandException when there is none of that name; says which there are
   */
  static JsonNode named(List<JsonNode> existing, String name) {
    List<String> known = existing.stream().map(it -> it.path("name").asText()).toList();
    return existing.stream()
        .filter(it -> it.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandException(
                    Exit.REFUSED,
                    "There is no connection '%s'.%s Known: %s."
                        .formatted(
                            name,
                            Nearest.to(name, known)
                                .map(it -> " Did you mean " + it + "?")
                                .orElse(""),
                            known.isEmpty() ? "none" : String.join(", ", known))));
  }
}

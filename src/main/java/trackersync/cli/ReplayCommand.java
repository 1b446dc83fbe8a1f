package trackersync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code replay}: tries records that were set aside again. */
@Command(
    name = "replay",
    description = {
      "Try records that were set aside again, with today's mapping.",
      "Without ID and --all: list them."
    })
final class ReplayCommand implements Callable<Integer> {

  private static final int REASON = 48;

  @ParentCommand private TrackerSync root;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "ID", arity = "0..1", description = "Of a record, as listed.")
  private UUID id;

  @Option(names = "--all", description = "All of them.")
  private boolean all;

  @Override
  public Integer call() {
    if (id != null && all) {
      throw new ParameterException(spec.commandLine(), "Give an ID or --all, not both.");
    }
    root.quiet();
    try (Session session = root.open("replay")) {
      ApiClient api = session.api();
      if (id != null) {
        return replay(api, List.of(id.toString())).code;
      }
      List<JsonNode> records = api.all("/api/set-aside?limit=200");
      if (all) {
        return replay(api, records.stream().map(it -> it.path("id").asText()).toList()).code;
      }
      list(records);
      return Exit.OK.code;
    }
  }

  private void list(List<JsonNode> records) {
    Terminal terminal = root.terminal();
    Table table = new Table("<id", "<connection", "<record", "<reason");
    ObjectNode answer = new ObjectMapper().createObjectNode();
    for (JsonNode record : records) {
      String reason = record.path("reason").asText();
      table.row(
          record.path("id").asText(),
          record.path("connection").asText(),
          record.path("key").asText(),
          reason.length() <= REASON ? reason : reason.substring(0, REASON - 1) + "…");
      answer.withArray("setAside").add(record);
    }
    answer.withArray("setAside");
    if (records.isEmpty()) {
      terminal.say("Nothing is set aside.");
    } else {
      table.lines(terminal).forEach(terminal::say);
    }
    terminal.json(answer);
  }

  private Exit replay(ApiClient api, List<String> ids) {
    Terminal terminal = root.terminal();
    ObjectNode answer = new ObjectMapper().createObjectNode();
    boolean still = false;
    for (String one : ids) {
      String path = "/api/set-aside/" + one + "/replay";
      JsonNode result = api.expectSuccess(path, api.post(path, null)).body();
      String outcome = result.path("outcome").asText();
      still |= outcome.equals("set-aside");
      String reason = result.hasNonNull("reason") ? ": " + result.path("reason").asText() : "";
      terminal.say("  %s  %s%s".formatted(one, outcome, reason));
      answer.withArray("results").add(result);
    }
    answer.withArray("results");
    if (ids.isEmpty()) {
      terminal.say("Nothing is set aside.");
    }
    terminal.json(answer);
    return still ? Exit.SYNC_FAILED : Exit.OK;
  }
}

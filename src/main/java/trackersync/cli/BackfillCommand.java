package trackersync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code backfill}: gives old issues of a project the externalId they should have. */
@Command(
    name = "backfill",
    description = {
      "Give old issues the externalId that their repository and number stand for.",
      "Without --apply: show what would be set, and set nothing."
    })
final class BackfillCommand implements Callable<Integer> {

  @ParentCommand private TrackerSync root;

  @Parameters(paramLabel = "PROJECT", description = "Its key, such as SHOP.")
  private String project;

  @Option(names = "--apply", description = "Set what is clear.")
  private boolean apply;

  @Override
  public Integer call() {
    root.quiet();
    Terminal terminal = root.terminal();
    try (Session session = root.open("backfill")) {
      ApiClient api = session.api();
      String path = ProjectPath.of(api, project) + "/issues/backfill";
      JsonNode result =
          api.expectSuccess(
                  path, api.post(path, new ObjectMapper().createObjectNode().put("dryRun", !apply)))
              .body();
      Table table = new Table("<issue", "<externalId", "<outcome");
      result
          .path("items")
          .forEach(
              it ->
                  table.row(
                      it.path("key").asText(),
                      it.path("externalId").asText(),
                      it.path("outcome").asText()));
      if (!result.path("items").isEmpty()) {
        table.lines(terminal).forEach(terminal::say);
      }
      terminal.say(
          "  %d found, %d %s, %d taken by another issue, %d ambiguous"
              .formatted(
                  result.path("found").asInt(),
                  result.path("set").asInt(),
                  apply ? "set" : "to set (--apply)",
                  result.path("taken").asInt(),
                  result.path("ambiguous").asInt()));
      terminal.json(result);
      return Exit.OK.code;
    }
  }
}

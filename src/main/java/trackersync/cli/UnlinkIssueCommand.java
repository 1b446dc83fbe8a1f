package trackersync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code unlink-issue}: makes an issue independent of the external one. */
@Command(
    name = "unlink-issue",
    description = "Make an issue a local one; what it holds stays, no sync changes it any more.")
final class UnlinkIssueCommand implements Callable<Integer> {

  @ParentCommand private TrackerSync root;

  @Parameters(paramLabel = "ISSUE", description = "Its key, such as SHOP-12.")
  private String issue;

  @Override
  public Integer call() {
    root.quiet();
    Terminal terminal = root.terminal();
    try (Session session = root.open("unlink-issue")) {
      ApiClient api = session.api();
      String path = ProjectPath.ofIssue(api, issue) + "/link";
      JsonNode unlinked = api.expectSuccess(path, api.delete(path)).body();
      terminal.say("  %s is a local issue now.".formatted(unlinked.path("key").asText()));
      terminal.json(unlinked);
      return Exit.OK.code;
    }
  }
}

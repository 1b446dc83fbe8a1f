package trackersync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code link-issue}: says which external issue a local one is. */
@Command(
    name = "link-issue",
    description = "Say which issue of a tracker a local one is; the next sync updates it.")
final class LinkIssueCommand implements Callable<Integer> {

  @ParentCommand private TrackerSync root;

  @Parameters(index = "0", paramLabel = "ISSUE", description = "Its key, such as SHOP-12.")
  private String issue;

  @Parameters(
      index = "1",
      paramLabel = "URL",
      description = "Of the other one, as in a browser: https://github.com/acme/shop/issues/7.")
  private String url;

  @Override
  public Integer call() {
    root.quiet();
    Terminal terminal = root.terminal();
    try (Session session = root.open("link-issue")) {
      ApiClient api = session.api();
      String path = ProjectPath.ofIssue(api, issue) + "/link";
      JsonNode linked =
          api.expectSuccess(
                  path,
                  api.post(path, new ObjectMapper().createObjectNode().put("externalUrl", url)))
              .body();
      terminal.say(
          "  %s is %s; the next sync updates it."
              .formatted(
                  linked.path("key").asText(),
                  linked.path("customFields").path("externalId").asText()));
      terminal.json(linked);
      return Exit.OK.code;
    }
  }
}

package trackersync.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import trackersync.docs.IssueReference;
import trackersync.docs.RouteReference;
import trackersync.settings.Reference;

/** {@code docs}, for developers: writes the generated pages of {@code docs/reference}. */
@Command(name = "docs", description = "Write the pages of docs/reference anew.")
final class DocsCommand implements Callable<Integer> {

  @ParentCommand private TrackerSync root;

  @Override
  public Integer call() throws IOException {
    write("settings.md", Reference.settings());
    write("issue.md", IssueReference.page(root.home()));
    write("routes.md", RouteReference.page(root.home()));
    return Exit.OK.code;
  }

  private void write(String name, String text) throws IOException {
    Path page = root.home().resolve("docs/reference").resolve(name);
    Files.createDirectories(page.getParent());
    Files.writeString(page, text);
    root.terminal().say("wrote " + root.home().relativize(page));
  }
}

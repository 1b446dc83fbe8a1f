package trackersync.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import trackersync.settings.Reference;

/** {@code docs}, for developers: writes the generated pages of {@code docs/reference}. */
@Command(name = "docs", description = "Write docs/reference/settings.md anew.")
final class DocsCommand implements Callable<Integer> {

  @ParentCommand private TrackerSync root;

  @Override
  public Integer call() throws IOException {
    Path page = root.home().resolve("docs/reference/settings.md");
    Files.createDirectories(page.getParent());
    Files.writeString(page, Reference.settings());
    root.terminal().say("wrote " + root.home().relativize(page));
    return Exit.OK.code;
  }
}

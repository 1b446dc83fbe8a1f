package trackersync.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code completion}: the script that lets a shell complete our words. */
@Command(
    name = "completion",
    description = {
      "Print the completion script for bash and zsh:",
      "  source <(./tracker-sync completion)"
    })
final class CompletionCommand implements Callable<Integer> {

  @ParentCommand private TrackerSync root;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    root.terminal()
        .product(AutoComplete.bash(TrackerSync.NAME, spec.root().commandLine()).stripTrailing());
    return Exit.OK.code;
  }
}

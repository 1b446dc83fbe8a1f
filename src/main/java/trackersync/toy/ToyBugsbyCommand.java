package trackersync.toy;

import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the toy Bugsby. */
@Command(
    name = "toy-bugsby",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "A toy Bugsby on 127.0.0.1: computed bugs, faults on demand.")
final class ToyBugsbyCommand extends ToyCommand {
  @Option(
      names = "--port",
      defaultValue = "8493",
      description = "0 for any free one (${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--rate-limit",
      defaultValue = "600",
      description = "requests a token in a window, 0 for no limit (${DEFAULT-VALUE})")
  private int rateLimit;

  @Option(
      names = "--anonymous-rate-limit",
      defaultValue = "600",
      description = "requests without a token in a window, 0 for no limit (${DEFAULT-VALUE})")
  private int anonymousRateLimit;

  @Option(
      names = "--rate-window",
      defaultValue = "60",
      paramLabel = "SECONDS",
      description = "how long a budget lasts (${DEFAULT-VALUE})")
  private int rateWindow;

  ToyBugsbyCommand(PrintStream out) {
    super(out, Naming.BUGSBY);
  }

  @Override
  Toy start() {
    return ToyBugsby.start(
        common(ToyBugsbyOptions.builder(), port, rateLimit, anonymousRateLimit, rateWindow)
            .build());
  }
}

package trackersync.toy;

import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the toy Bitbucket. */
@Command(
    name = "toy-bitbucket",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "A toy Bitbucket Cloud on 127.0.0.1: computed issues, faults on demand.")
final class ToyBitbucketCommand extends ToyCommand {
  @Option(
      names = "--port",
      defaultValue = "8492",
      description = "0 for any free one (${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--gone",
      defaultValue = "0",
      paramLabel = "STATUS",
      description = "410 or 404 for everything under issues, 0 to serve them (${DEFAULT-VALUE})")
  private int gone;

  @Option(
      names = "--rate-limit",
      defaultValue = "1000",
      description = "requests a token in a window, 0 for no limit (${DEFAULT-VALUE})")
  private int rateLimit;

  @Option(
      names = "--anonymous-rate-limit",
      defaultValue = "60",
      description = "requests without a token in a window, 0 for no limit (${DEFAULT-VALUE})")
  private int anonymousRateLimit;

  @Option(
      names = "--rate-window",
      defaultValue = "3600",
      paramLabel = "SECONDS",
      description = "how long a budget lasts (${DEFAULT-VALUE})")
  private int rateWindow;

  ToyBitbucketCommand(PrintStream out) {
    super(out, Naming.BITBUCKET);
  }

  @Override
  Toy start() {
    return ToyBitbucket.start(
        common(
                ToyBitbucketOptions.builder().gone(gone),
                port,
                rateLimit,
                anonymousRateLimit,
                rateWindow)
            .build());
  }
}

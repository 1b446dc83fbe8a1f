package trackersync.toy;

import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the toy GitHub. */
@Command(
    name = "toy-github",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "A toy GitHub on 127.0.0.1: issues computed from a seed, faults on demand.")
final class ToyGithubCommand extends ToyCommand {
  @Option(
      names = "--port",
      defaultValue = "8490",
      description = "0 for any free one (${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--pull-requests",
      defaultValue = "0.2",
      description = "their share among the issues, 0 to 1 (${DEFAULT-VALUE})")
  private double pullRequests;

  @Option(
      names = "--alerts",
      defaultValue = "25",
      description = "Dependabot alerts of a repository, 0 to 10000 (${DEFAULT-VALUE})")
  private int alerts;

  @Option(
      names = "--rate-limit",
      defaultValue = "5000",
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

  ToyGithubCommand(PrintStream out) {
    super(out, Naming.GITHUB);
  }

  @Override
  Toy start() {
    return ToyGithub.start(
        common(
                ToyGithubOptions.builder().pullRequests(pullRequests).alerts(alerts),
                port,
                rateLimit,
                anonymousRateLimit,
                rateWindow)
            .build());
  }
}

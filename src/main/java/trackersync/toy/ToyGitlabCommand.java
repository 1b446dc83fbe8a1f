package trackersync.toy;

import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the toy GitLab. */
@Command(
    name = "toy-gitlab",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "A toy GitLab on 127.0.0.1: issues computed from a seed, faults on demand.")
final class ToyGitlabCommand extends ToyCommand {
  @Option(
      names = "--port",
      defaultValue = "8491",
      description = "0 for any free one (${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--confidential",
      defaultValue = "0.05",
      description = "their share among the issues, 0 to 1 (${DEFAULT-VALUE})")
  private double confidential;

  @Option(
      names = "--findings",
      defaultValue = "40",
      description = "vulnerability findings of a project, 0 to 10000 (${DEFAULT-VALUE})")
  private int findings;

  @Option(
      names = "--security",
      defaultValue = "ultimate",
      description =
          "ultimate, or how findings are refused: forbidden, not-found (${DEFAULT-VALUE})")
  private String security;

  @Option(
      names = "--keyset",
      defaultValue = "supported",
      description = "supported, refused or ignored (${DEFAULT-VALUE})")
  private String keyset;

  @Option(
      names = "--offset-max",
      defaultValue = "50000",
      description = "page times per_page at most, 0 for no limit (${DEFAULT-VALUE})")
  private int offsetMax;

  @Option(
      names = "--rate-limit",
      defaultValue = "2000",
      description = "requests a token in a window, 0 for no limit (${DEFAULT-VALUE})")
  private int rateLimit;

  @Option(
      names = "--anonymous-rate-limit",
      defaultValue = "500",
      description = "requests without a token in a window, 0 for no limit (${DEFAULT-VALUE})")
  private int anonymousRateLimit;

  @Option(
      names = "--rate-window",
      defaultValue = "60",
      paramLabel = "SECONDS",
      description = "how long a budget lasts (${DEFAULT-VALUE})")
  private int rateWindow;

  ToyGitlabCommand(PrintStream out) {
    super(out, Naming.GITLAB);
  }

  @Override
  Toy start() {
    ToyGitlabOptions.Builder builder =
        ToyGitlabOptions.builder()
            .confidential(confidential)
            .findings(findings)
            .security(Fault.constant(ToyGitlabOptions.Security.values(), "--security", security))
            .keyset(Fault.constant(ToyGitlabOptions.Keyset.values(), "--keyset", keyset))
            .offsetMax(offsetMax);
    return ToyGitlab.start(
        common(builder, port, rateLimit, anonymousRateLimit, rateWindow).build());
  }
}

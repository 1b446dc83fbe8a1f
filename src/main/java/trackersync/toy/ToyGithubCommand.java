package trackersync.toy;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the toy. */
@Command(
    name = "toy-github",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "A toy GitHub on 127.0.0.1: issues computed from a seed, faults on demand.")
final class ToyGithubCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      defaultValue = "8490",
      description = "0 for any free one (${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--issues",
      defaultValue = "300",
      description = "issues of a repository, 0 to 1000000 (${DEFAULT-VALUE})")
  private int issues;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "the same seed gives the same issues (${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--pull-requests",
      defaultValue = "0.2",
      description = "their share among the issues, 0 to 1 (${DEFAULT-VALUE})")
  private double pullRequests;

  @Option(
      names = "--ties",
      defaultValue = "1",
      description = "how many issues share one updated_at (${DEFAULT-VALUE})")
  private int ties;

  @Option(
      names = "--repository",
      paramLabel = "OWNER/REPO=ISSUES",
      description = "a repository with a size of its own; may be repeated")
  private List<String> repositories = List.of();

  @Option(names = "--only-named", description = "repositories not named with --repository are 404")
  private boolean onlyNamed;

  @Option(
      names = "--latency",
      defaultValue = "0",
      paramLabel = "MS",
      description = "milliseconds before every answer (${DEFAULT-VALUE})")
  private int latency;

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

  @Option(
      names = "--accept-token",
      paramLabel = "TOKEN",
      description = "an accepted token; without any, all are; may be repeated")
  private List<String> tokens = List.of();

  @Option(names = "--gzip", description = "compress for clients that accept it")
  private boolean gzip;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description = "serve the recorded pages of this file in place of computed issues")
  private Path replay;

  @Option(
      names = "--fault",
      paramLabel = "FAULT",
      description =
          "kind:key=value,key=value or a JSON object, such as reset:at=3,byte=middle; may be"
              + " repeated; demo/README.md lists the kinds")
  private List<String> faults = List.of();

  private final PrintStream out;

  private ToyGithubCommand(PrintStream out) {
    this.out = out;
  }

  /** Runs until the process ends; 2 for wrong options, 1 when the start fails. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    return new CommandLine(new ToyGithubCommand(out))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .setExecutionExceptionHandler(
            (e, command, parsed) -> {
              if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                return 0;
              }
              command.getErr().println(e.getMessage());
              return e instanceof IllegalArgumentException ? 2 : 1;
            })
        .execute(args);
  }

  @Override
  public Integer call() throws InterruptedException {
    try (ToyGithub toy = ToyGithub.start(options())) {
      out.printf("toy GitHub on %s (%s)%n", toy.baseUrl(), toy.description());
      out.flush();
      toy.await();
    }
    return 0;
  }

  private ToyGithubOptions options() {
    ToyGithubOptions.Builder builder =
        ToyGithubOptions.builder()
            .port(port)
            .issues(issues)
            .seed(seed)
            .pullRequests(pullRequests)
            .ties(ties)
            .onlyNamed(onlyNamed)
            .latency(Duration.ofMillis(latency))
            .rateLimit(rateLimit)
            .anonymousRateLimit(anonymousRateLimit)
            .rateWindow(Duration.ofSeconds(rateWindow))
            .tokens(Set.copyOf(tokens))
            .gzip(gzip)
            .replay(replay);
    for (String repository : repositories) {
      String[] parts = repository.split("=", 2);
      if (parts.length != 2 || !parts[1].matches("\\d{1,7}")) {
        throw new IllegalArgumentException(
            "toy: --repository is \"" + repository + "\", must be OWNER/REPO=ISSUES.");
      }
      builder.repository(parts[0], Integer.parseInt(parts[1]));
    }
    faults.stream().map(Fault::parse).forEach(builder::fault);
    return builder.build();
  }
}

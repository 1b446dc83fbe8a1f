package trackersync.toy;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What the command lines of all toys have in common. */
abstract sealed class ToyCommand implements Callable<Integer>
    permits ToyGithubCommand, ToyGitlabCommand, ToyBitbucketCommand, ToyBugsbyCommand {
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
      names = "--ties",
      defaultValue = "1",
      description = "how many issues share one updated_at (${DEFAULT-VALUE})")
  private int ties;

  @Option(
      names = {"--repository", "--project", "--release"},
      paramLabel = "NAME=ISSUES",
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
  private final Naming naming;

  ToyCommand(PrintStream out, Naming naming) {
    this.out = out;
    this.naming = naming;
  }

  /** Runs until the process ends; 2 for wrong options, 1 when the start fails. */
  static int run(ToyCommand toy, String[] args, PrintStream out, PrintStream err) {
    return new CommandLine(toy)
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

  /** Starts the toy with the options of its command line. */
  abstract Toy start();

  @Override
  public final Integer call() throws InterruptedException {
    try (Toy toy = start()) {
      out.printf("%s on %s (%s)%n", toy.title(), toy.baseUrl(), toy.description());
      out.flush();
      toy.await();
    }
    return 0;
  }

  /** Hands the common options over. */
  final <B extends ToyOptions.Builder<B>> B common(
      B builder, int port, int rateLimit, int anonymousRateLimit, int rateWindow) {
    builder
        .port(port)
        .issues(issues)
        .seed(seed)
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
            "toy: --repository is \"" + repository + "\", must be " + naming.word() + "=ISSUES.");
      }
      builder.repository(parts[0], Integer.parseInt(parts[1]));
    }
    faults.stream().map(Fault::parse).forEach(builder::fault);
    return builder;
  }
}

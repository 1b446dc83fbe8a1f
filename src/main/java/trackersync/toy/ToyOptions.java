package trackersync.toy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What every toy can be told.
 *
 * @param port 0 for any free one
 * @param size of every repository that is not named in {@code repositories}
 * @param repositories sizes by the repository's or project's full name, in lower case
 * @param onlyNamed true: any other repository answers 404
 * @param latency before every answer
 * @param rateLimit requests a token has in a window; 0 for no limit and no headers about it
 * @param anonymousRateLimit the same for all requests without a token
 * @param rateWindow how long a budget lasts
 * @param tokens the accepted ones; empty: any token, and none
 * @param gzip compress where the client accepts it
 * @param replay a file of recorded exchanges to serve in place of computed issues
 * @param clock for Date, rate limits and the times of edits
 */
public record ToyOptions(
    int port,
    Size size,
    Map<String, Size> repositories,
    boolean onlyNamed,
    Duration latency,
    int rateLimit,
    int anonymousRateLimit,
    Duration rateWindow,
    Set<String> tokens,
    boolean gzip,
    Optional<Path> replay,
    List<Fault> faults,
    Clock clock) {

  /** The most issues a repository may have. */
  public static final int ISSUES_MAX = 1_000_000;

  /**
   * A repository's data: the same values give the same issues.
   *
   * @param issues 0 to 1,000,000, pull requests among them
   * @param pullRequests their share, 0 to 1; 0 where a tracker has none in its list
   * @param ties how many issues share one updated_at; 1 for none
   */
  public record Size(int issues, long seed, double pullRequests, int ties) {
    public Size {
      check(issues >= 0 && issues <= ISSUES_MAX, "issues", issues, "0 to " + ISSUES_MAX);
      check(pullRequests >= 0 && pullRequests <= 1, "pull requests", pullRequests, "0 to 1");
      check(ties >= 1 && ties <= 10_000, "ties", ties, "1 to 10000");
    }
  }

  public ToyOptions {
    check(port >= 0 && port <= 65_535, "port", port, "0 to 65535");
    check(!latency.isNegative(), "latency", latency, "0 or more");
    check(rateLimit >= 0, "rate limit", rateLimit, "0 or more");
    check(anonymousRateLimit >= 0, "anonymous rate limit", anonymousRateLimit, "0 or more");
    check(rateWindow.toMillis() > 0, "rate window", rateWindow, "more than 0");
    repositories = Map.copyOf(repositories);
    tokens = Set.copyOf(tokens);
    faults = List.copyOf(faults);
  }

  static void check(boolean good, String what, Object came, String range) {
    if (!good) {
      throw new IllegalArgumentException(
          "toy: " + what + " is " + came + ", must be " + range + ".");
    }
  }

  /**
   * Collects options; every one has a default.
   *
   * @param <B> the toy's own builder, which every method answers
   */
  public abstract static sealed class Builder<B extends Builder<B>>
      permits ToyGithubOptions.Builder,
          ToyGitlabOptions.Builder,
          ToyBitbucketOptions.Builder,
          ToyBugsbyOptions.Builder {
    private final Naming naming;
    private int port;
    private int issues = 300;
    private long seed = 1;
    private double pullRequests;
    private int ties = 1;
    private final Map<String, Size> repositories = new LinkedHashMap<>();
    private boolean onlyNamed;
    private Duration latency = Duration.ZERO;
    private int rateLimit;
    private int anonymousRateLimit;
    private Duration rateWindow;
    private Set<String> tokens = Set.of();
    private boolean gzip;
    private Path replay;
    private final List<Fault> faults = new ArrayList<>();
    private Clock clock = Clock.systemUTC();

    Builder(Naming naming, int rateLimit, int anonymousRateLimit, Duration rateWindow) {
      this.naming = naming;
      this.rateLimit = rateLimit;
      this.anonymousRateLimit = anonymousRateLimit;
      this.rateWindow = rateWindow;
    }

    abstract B self();

    public B port(int value) {
      port = value;
      return self();
    }

    public B issues(int value) {
      issues = value;
      return self();
    }

    public B seed(long value) {
      seed = value;
      return self();
    }

    /** GitHub alone has them in the list of issues. */
    B share(double ofPullRequests) {
      pullRequests = ofPullRequests;
      return self();
    }

    public B ties(int issuesWithOneTime) {
      ties = issuesWithOneTime;
      return self();
    }

    /** Gives a repository or project its own size; seed and shares are those of the others. */
    public B repository(String fullName, int itsIssues) {
      return repository(fullName, new Size(itsIssues, seed, pullRequests, ties));
    }

    public B repository(String fullName, Size itsSize) {
      if (!naming.fits(fullName)) {
        throw new IllegalArgumentException(
            "toy: \"" + fullName + "\" is no repository. Write " + naming.word() + ".");
      }
      repositories.put(fullName.toLowerCase(Locale.ROOT), itsSize);
      return self();
    }

    public B onlyNamed(boolean value) {
      onlyNamed = value;
      return self();
    }

    public B latency(Duration value) {
      latency = value;
      return self();
    }

    public B rateLimit(int aToken) {
      rateLimit = aToken;
      return self();
    }

    public B anonymousRateLimit(int value) {
      anonymousRateLimit = value;
      return self();
    }

    public B rateWindow(Duration value) {
      rateWindow = value;
      return self();
    }

    public B tokens(Set<String> accepted) {
      tokens = accepted;
      return self();
    }

    public B gzip(boolean value) {
      gzip = value;
      return self();
    }

    public B replay(Path file) {
      replay = file;
      return self();
    }

    public B fault(Fault fault) {
      faults.add(fault);
      return self();
    }

    public B clock(Clock value) {
      clock = value;
      return self();
    }

    ToyOptions common() {
      return new ToyOptions(
          port,
          new Size(issues, seed, pullRequests, ties),
          repositories,
          onlyNamed,
          latency,
          rateLimit,
          anonymousRateLimit,
          rateWindow,
          tokens,
          gzip,
          Optional.ofNullable(replay),
          faults,
          clock);
    }
  }
}

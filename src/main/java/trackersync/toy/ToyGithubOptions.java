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
 * How a toy GitHub behaves.
 *
 * @param port 0 for any free one
 * @param size of every repository that is not named in {@code repositories}
 * @param repositories sizes by {@code owner/repo}, in lower case
 * @param onlyNamed true: any other repository answers 404
 * @param latency before every answer
 * @param rateLimit requests a token has in a window; 0 for no limit and no headers about it
 * @param anonymousRateLimit the same for all requests without a token
 * @param rateWindow how long a budget lasts; an hour at the real one
 * @param tokens the accepted ones; empty: any token, and none
 * @param gzip compress where the client accepts it
 * @param replay a file of recorded exchanges to serve in place of computed issues
 * @param clock for Date, rate limits and the times of edits
 */
public record ToyGithubOptions(
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
   * @param pullRequests their share, 0 to 1
   * @param ties how many issues share one updated_at; 1 for none
   */
  public record Size(int issues, long seed, double pullRequests, int ties) {
    public Size {
      check(issues >= 0 && issues <= ISSUES_MAX, "issues", issues, "0 to " + ISSUES_MAX);
      check(pullRequests >= 0 && pullRequests <= 1, "pull requests", pullRequests, "0 to 1");
      check(ties >= 1 && ties <= 10_000, "ties", ties, "1 to 10000");
    }
  }

  public ToyGithubOptions {
    check(port >= 0 && port <= 65_535, "port", port, "0 to 65535");
    check(!latency.isNegative(), "latency", latency, "0 or more");
    check(rateLimit >= 0, "rate limit", rateLimit, "0 or more");
    check(anonymousRateLimit >= 0, "anonymous rate limit", anonymousRateLimit, "0 or more");
    check(rateWindow.toMillis() > 0, "rate window", rateWindow, "more than 0");
    repositories = Map.copyOf(repositories);
    tokens = Set.copyOf(tokens);
    faults = List.copyOf(faults);
  }

  private static void check(boolean good, String what, Object came, String range) {
    if (!good) {
      throw new IllegalArgumentException(
          "toy: " + what + " is " + came + ", must be " + range + ".");
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects options; every one has a default. */
  public static final class Builder {
    private int port;
    private int issues = 300;
    private long seed = 1;
    private double pullRequests = 0.2;
    private int ties = 1;
    private final Map<String, Size> repositories = new LinkedHashMap<>();
    private boolean onlyNamed;
    private Duration latency = Duration.ZERO;
    private int rateLimit = 5_000;
    private int anonymousRateLimit = 60;
    private Duration rateWindow = Duration.ofHours(1);
    private Set<String> tokens = Set.of();
    private boolean gzip;
    private Path replay;
    private final List<Fault> faults = new ArrayList<>();
    private Clock clock = Clock.systemUTC();

    private Builder() {}

    public Builder port(int value) {
      port = value;
      return this;
    }

    public Builder issues(int value) {
      issues = value;
      return this;
    }

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    public Builder pullRequests(double share) {
      pullRequests = share;
      return this;
    }

    public Builder ties(int issuesWithOneTime) {
      ties = issuesWithOneTime;
      return this;
    }

    /** Gives a repository its own size; seed and shares are those of the others. */
    public Builder repository(String fullName, int itsIssues) {
      return repository(fullName, new Size(itsIssues, seed, pullRequests, ties));
    }

    public Builder repository(String fullName, Size itsSize) {
      if (!fullName.matches("[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}")) {
        throw new IllegalArgumentException(
            "toy: \"" + fullName + "\" is no repository. Write OWNER/REPO.");
      }
      repositories.put(fullName.toLowerCase(Locale.ROOT), itsSize);
      return this;
    }

    public Builder onlyNamed(boolean value) {
      onlyNamed = value;
      return this;
    }

    public Builder latency(Duration value) {
      latency = value;
      return this;
    }

    public Builder rateLimit(int aToken) {
      rateLimit = aToken;
      return this;
    }

    public Builder anonymousRateLimit(int value) {
      anonymousRateLimit = value;
      return this;
    }

    public Builder rateWindow(Duration value) {
      rateWindow = value;
      return this;
    }

    public Builder tokens(Set<String> accepted) {
      tokens = accepted;
      return this;
    }

    public Builder gzip(boolean value) {
      gzip = value;
      return this;
    }

    public Builder replay(Path file) {
      replay = file;
      return this;
    }

    public Builder fault(Fault fault) {
      faults.add(fault);
      return this;
    }

    public Builder clock(Clock value) {
      clock = value;
      return this;
    }

    public ToyGithubOptions build() {
      return new ToyGithubOptions(
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

package trackersync.toy;

import java.time.Duration;

/**
 * How a toy GitHub behaves.
 *
 * @param alerts Dependabot alerts of every repository, 0 to 10,000
 */
public record ToyGithubOptions(ToyOptions common, int alerts) {

  /** The most issues a repository may have. */
  public static final int ISSUES_MAX = ToyOptions.ISSUES_MAX;

  public ToyGithubOptions {
    ToyOptions.check(
        alerts >= 0 && alerts <= ToyAlerts.ALERTS_MAX,
        "alerts",
        alerts,
        "0 to " + ToyAlerts.ALERTS_MAX);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects options; every one has a default. */
  public static final class Builder extends ToyOptions.Builder<Builder> {
    private int alerts = 25;

    private Builder() {
      super(Naming.GITHUB, 5_000, 60, Duration.ofHours(1));
      share(0.2);
    }

    @Override
    Builder self() {
      return this;
    }

    /** Their share among the issues, 0 to 1. */
    public Builder pullRequests(double share) {
      return share(share);
    }

    public Builder alerts(int aRepository) {
      alerts = aRepository;
      return this;
    }

    public ToyGithubOptions build() {
      return new ToyGithubOptions(common(), alerts);
    }
  }
}

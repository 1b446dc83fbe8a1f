package trackersync.toy;

import java.time.Duration;

/**
 * How a toy GitLab behaves.
 *
 * @param confidential the share of confidential issues, 0 to 1
 * @param findings vulnerability findings of every project, 0 to 10,000
 * @param security whether findings can be read at all
 * @param keyset what is made of {@code pagination=keyset}
 * @param offsetMax page times per_page at most, where keyset paging works; 0 for no limit
 */
public record ToyGitlabOptions(
    ToyOptions common,
    double confidential,
    int findings,
    Security security,
    Keyset keyset,
    int offsetMax) {

  /** Whether the tier of the projects has security reports. */
  public enum Security {
    ULTIMATE,
    /** 403 for findings. */
    FORBIDDEN,
    /** 404 for findings. */
    NOT_FOUND
  }

  /** What is made of {@code pagination=keyset} on a project's issues. */
  public enum Keyset {
    /** From 18.3 on. */
    SUPPORTED,
    /** 405. */
    REFUSED,
    /** Pages by number, as if it had not been asked for. */
    IGNORED
  }

  public ToyGitlabOptions {
    ToyOptions.check(
        confidential >= 0 && confidential <= 1, "confidential", confidential, "0 to 1");
    ToyOptions.check(
        findings >= 0 && findings <= ToyFindings.FINDINGS_MAX,
        "findings",
        findings,
        "0 to " + ToyFindings.FINDINGS_MAX);
    ToyOptions.check(offsetMax >= 0, "offset max", offsetMax, "0 or more");
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects options; every one has a default. */
  public static final class Builder extends ToyOptions.Builder<Builder> {
    private double confidential = 0.05;
    private int findings = 40;
    private Security security = Security.ULTIMATE;
    private Keyset keyset = Keyset.SUPPORTED;
    private int offsetMax = 50_000;

    private Builder() {
      super(Naming.GITLAB, 2_000, 500, Duration.ofMinutes(1));
    }

    @Override
    Builder self() {
      return this;
    }

    /** Gives a project its own size; seed and shares are those of the others. */
    public Builder project(String fullPath, int itsIssues) {
      return repository(fullPath, itsIssues);
    }

    /** Their share among the issues, 0 to 1. */
    public Builder confidential(double share) {
      confidential = share;
      return this;
    }

    public Builder findings(int aProject) {
      findings = aProject;
      return this;
    }

    public Builder security(Security value) {
      security = value;
      return this;
    }

    public Builder keyset(Keyset value) {
      keyset = value;
      return this;
    }

    public Builder offsetMax(int records) {
      offsetMax = records;
      return this;
    }

    public ToyGitlabOptions build() {
      return new ToyGitlabOptions(common(), confidential, findings, security, keyset, offsetMax);
    }
  }
}

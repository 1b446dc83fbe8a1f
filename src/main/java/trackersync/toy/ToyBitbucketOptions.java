package trackersync.toy;

import java.time.Duration;

/**
 * How a toy Bitbucket Cloud behaves.
 *
 * @param gone the status of everything under issues, 410 or 404, as since the vendor took the
 *     tracker away; 0 where it is still there
 */
public record ToyBitbucketOptions(ToyOptions common, int gone) {

  public ToyBitbucketOptions {
    checkGone(gone);
  }

  static void checkGone(int gone) {
    ToyOptions.check(gone == 0 || gone == 404 || gone == 410, "gone", gone, "0, 404 or 410");
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects options; every one has a default. */
  public static final class Builder extends ToyOptions.Builder<Builder> {
    private int gone;

    private Builder() {
      super(Naming.BITBUCKET, 1_000, 60, Duration.ofHours(1));
    }

    @Override
    Builder self() {
      return this;
    }

    public Builder gone(int status) {
      gone = status;
      return this;
    }

    public ToyBitbucketOptions build() {
      return new ToyBitbucketOptions(common(), gone);
    }
  }
}

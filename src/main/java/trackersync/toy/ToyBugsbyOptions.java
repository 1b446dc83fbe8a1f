package trackersync.toy;

import java.time.Duration;

/** How a toy Bugsby behaves. */
public record ToyBugsbyOptions(ToyOptions common) {

  public ToyBugsbyOptions {
    ToyOptions.check(
        common.replay().isEmpty(), "replay", "a file", "left out: nobody has recorded Bugsby");
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects options; every one has a default. There is no limit unless one is set. */
  public static final class Builder extends ToyOptions.Builder<Builder> {
    private Builder() {
      super(Naming.BUGSBY, 0, 0, Duration.ofMinutes(1));
    }

    @Override
    Builder self() {
      return this;
    }

    public ToyBugsbyOptions build() {
      return new ToyBugsbyOptions(common());
    }
  }
}

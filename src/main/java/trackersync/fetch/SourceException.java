package trackersync.fetch;

import java.time.Instant;
import java.util.Objects;

/**
 * Why a page could not be read, and what to do. The message is one sentence that names tracker,
 * what came and where from, followed by the cure; it never holds a token or a body.
 */
public abstract sealed class SourceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String cure;

  SourceException(String words, String cure) {
    super(Objects.requireNonNull(words));
    this.cure = Objects.requireNonNull(cure);
  }

  public final String cure() {
    return cure;
  }

  /** The budget is used up; nobody with this token calls before {@link #until()}. */
  public static final class Limit extends SourceException {
    private static final long serialVersionUID = 1L;
    private final transient Instant until;
    private final boolean asked;

    /**
     * @param until when to call again, UTC; null where the source did not say
     * @param asked the source itself said so; false when our ledger kept the call back
     */
    public Limit(String words, String cure, Instant until, boolean asked) {
      super(words, cure);
      this.until = until;
      this.asked = asked;
    }

    public boolean asked() {
      return asked;
    }

    public Instant until() {
      return until;
    }
  }

  /** May be better on the next try: the same page is tried again, a bounded number of times. */
  public static final class Unavailable extends SourceException {
    private static final long serialVersionUID = 1L;
    private final transient Instant until;

    /**
     * @param until not before this, when the source said so (Retry-After); else null
     */
    public Unavailable(String words, String cure, Instant until) {
      super(words, cure);
      this.until = until;
    }

    public Instant until() {
      return until;
    }
  }

  /** No further try can help until somebody acts. */
  public static final class Refused extends SourceException {
    private static final long serialVersionUID = 1L;
    private final boolean sourceGone;

    /**
     * @param sourceGone the source itself is gone: schedules stop asking for it
     */
    public Refused(String words, String cure, boolean sourceGone) {
      super(words, cure);
      this.sourceGone = sourceGone;
    }

    public boolean sourceGone() {
      return sourceGone;
    }
  }
}

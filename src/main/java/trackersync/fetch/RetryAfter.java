package trackersync.fetch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * When a source wants to be asked again. Its own Date header is the clock for what it says in
 * absolute times, so that neither its clock nor ours being wrong shortens or stretches a wait.
 */
final class RetryAfter {
  /** 1973; no window is that long, and none ended so early. */
  private static final long FIRST_EPOCH_SECOND = 100_000_000;

  private final Clock clock;

  RetryAfter(Clock clock) {
    this.clock = clock;
  }

  /**
   * @param value Retry-After (RFC 9110 10.2.3): seconds, or an HTTP date
   * @param date the answer's Date, or null
   * @return when to ask again, at least one second from now; empty when absent or unreadable
   */
  Optional<Instant> header(String value, Instant date) {
    if (value == null || value.isBlank()) {
      return Optional.empty();
    }
    String text = value.trim();
    Instant now = clock.instant();
    if (text.matches("-?\\d{1,18}")) {
      long seconds =
          Math.max(1, Math.min(Long.parseLong(text), Duration.ofDays(36_500).toSeconds()));
      return Optional.of(now.plusSeconds(seconds));
    }
    return httpDate(text).map(at -> byTheirClock(at, date));
  }

  /**
   * @param value a reset header: epoch seconds (GitHub, GitLab), or seconds from now (Bitbucket)
   */
  Optional<Instant> reset(String value, Instant date) {
    if (value == null || !value.trim().matches("\\d{1,12}")) {
      return Optional.empty();
    }
    long seconds = Long.parseLong(value.trim());
    return Optional.of(
        seconds < FIRST_EPOCH_SECOND
            ? clock.instant().plusSeconds(Math.max(1, seconds))
            : byTheirClock(Instant.ofEpochSecond(seconds), date));
  }

  /** Whether a reset header holds a point in time, and so names its window. */
  static boolean isEpoch(String value) {
    return value != null
        && value.trim().matches("\\d{1,12}")
        && Long.parseLong(value.trim()) >= FIRST_EPOCH_SECOND;
  }

  static Optional<Instant> httpDate(String value) {
    try {
      return value == null
          ? Optional.empty()
          : Optional.of(
              ZonedDateTime.parse(value.trim(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private Instant byTheirClock(Instant at, Instant date) {
    Instant now = clock.instant();
    Instant mine = date == null ? at : now.plus(Duration.between(date, at));
    return mine.isBefore(now.plusSeconds(1)) ? now.plusSeconds(1) : mine;
  }
}

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
   * @param epochSeconds a reset header in epoch seconds
   */
  Optional<Instant> epoch(String epochSeconds, Instant date) {
    if (epochSeconds == null || !epochSeconds.trim().matches("\\d{1,12}")) {
      return Optional.empty();
    }
    return Optional.of(
        byTheirClock(Instant.ofEpochSecond(Long.parseLong(epochSeconds.trim())), date));
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

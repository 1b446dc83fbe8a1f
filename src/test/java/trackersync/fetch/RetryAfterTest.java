package trackersync.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private final RetryAfter retryAfter = new RetryAfter(Clock.fixed(NOW, ZoneOffset.UTC));

  @ParameterizedTest
  @DisplayName(
      "ISSUE-36 U01 Retry-After is understood as seconds and as a date, never below a second")
  @CsvSource(
      delimiter = '|',
      value = {
        "30 | 30",
        "0 | 1",
        "-5 | 1",
        "Sat, 21 Nov 2026 10:02:00 GMT | 120",
        "Sat, 21 Nov 2026 09:00:00 GMT | 1"
      })
  void retryAfterIsUnderstood(String header, long seconds) {
    assertThat(retryAfter.header(header, null)).contains(NOW.plusSeconds(seconds));
  }

  @Test
  @DisplayName("ISSUE-35 U14 a time is read by the source's own clock, however wrong")
  void aTimeIsReadByTheSourcesClock() {
    Instant theirs = NOW.plus(Duration.ofMinutes(10));
    assertThat(retryAfter.reset(Long.toString(theirs.plusSeconds(60).getEpochSecond()), theirs))
        .contains(NOW.plusSeconds(60));
    assertThat(retryAfter.header("Sat, 21 Nov 2026 10:11:00 GMT", theirs))
        .contains(NOW.plusSeconds(60));
  }

  @Test
  @DisplayName("ISSUE-35 a reset header holds epoch seconds, or the seconds that are left")
  void resetIsATimeOrWhatIsLeft() {
    assertThat(retryAfter.reset("880", null)).contains(NOW.plusSeconds(880));
    assertThat(retryAfter.reset("0", null)).contains(NOW.plusSeconds(1));
    assertThat(retryAfter.reset(Long.toString(NOW.plusSeconds(90).getEpochSecond()), null))
        .contains(NOW.plusSeconds(90));
  }

  @ParameterizedTest
  @DisplayName("ISSUE-36 what nobody can read counts as absent")
  @CsvSource({"soon", "''", "1.5", "9999999999999999999999"})
  void unreadableCountsAsAbsent(String header) {
    assertThat(retryAfter.header(header, null)).isEmpty();
    assertThat(retryAfter.reset("12:00", null)).isEmpty();
  }
}

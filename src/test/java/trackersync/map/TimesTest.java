package trackersync.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-01-05T09:30:00Z",
        "2024-02-29T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-01-32T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T23:60:00Z",
        "2026-01-01T23:59:60Z",
        "2026-01-05 09:30:00Z",
        "2026-01-05T09:30:00",
        "",
        "yesterday",
        "2026-01-05T09:30:00.5Z",
        "2026-01-05T09:30:00+02:00",
        "2026-01-05T09:30:00+99:00",
        "0000-01-01T00:00:00Z",
        "２０26-01-01T00:00:00Z"
      })
  @DisplayName("CORE-8 what is a time is what java.time takes for one")
  void isTime(String text) {
    boolean expected;
    try {
      OffsetDateTime.parse(text);
      expected = true;
    } catch (DateTimeException e) {
      expected = false;
    }
    assertThat(Times.isTime(text)).as(text).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-05T09:30:01Z, 2026-01-05T09:30:00Z, true",
    "2026-01-05T09:30:00Z, 2026-01-05T09:30:00Z, false",
    "2026-01-05T09:30:00Z, 2026-01-05T09:30:00.5Z, false",
    "2026-01-05T09:30:00.5Z, 2026-01-05T09:30:00Z, true",
    "2026-01-05T09:30:00+00:00, 2026-01-05T10:00:00+01:00, true",
    "2026-01-05T09:30:00.000001+00:00, 2026-01-05T09:30:00Z, true"
  })
  @DisplayName("CORE-6 the later of two times, however each is written")
  void isAfter(String a, String b, boolean after) {
    assertThat(Times.isAfter(a, b)).isEqualTo(after);
  }
}

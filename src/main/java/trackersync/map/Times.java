package trackersync.map;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;

/** Times of the unified issue: ISO 8601 with an offset, as the source wrote them. */
final class Times {
  private static final String SECONDS = "dddd-dd-ddTdd:dd:ddZ";

  private Times() {}

  /** Whether it is a date and time that there is; the usual form is looked at letter by letter. */
  static boolean isTime(String text) {
    if (!hasForm(text)) {
      return parsed(text) != null;
    }
    int year = number(text, 0, 4);
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    return month >= 1
        && month <= 12
        && day >= 1
        && (day <= 28 || day <= YearMonth.of(year, month).lengthOfMonth())
        && number(text, 11, 13) < 24
        && number(text, 14, 16) < 60
        && number(text, 17, 19) < 60;
  }

  /** Whether {@code a} is later than {@code b}; both must be times. */
  static boolean isAfter(String a, String b) {
    return hasForm(a) && hasForm(b) ? a.compareTo(b) > 0 : parsed(a).isAfter(parsed(b));
  }

  private static boolean hasForm(String text) {
    if (text.length() != SECONDS.length()) {
      return false;
    }
    for (int i = 0; i < SECONDS.length(); i++) {
      char c = text.charAt(i);
      char due = SECONDS.charAt(i);
      if (due == 'd' ? c < '0' || c > '9' : c != due) {
        return false;
      }
    }
    return true;
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }

  private static Instant parsed(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}

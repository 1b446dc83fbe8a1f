package trackersync.toy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in an order by time and number. On the wire it is a text that tells a client nothing.
 *
 * @param page the ordinal of the page that is wanted, for faults that name one
 */
record PageCursor(long time, int number, int page) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,18}):(\\d{1,9}):(\\d{1,9})");

  /**
   * Reads a cursor.
   *
   * @throws IllegalArgumentException for a text that is none
   */
  static PageCursor parse(String text) {
    String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    Matcher parts = TEXT.matcher(plain);
    if (!parts.matches()) {
      throw new IllegalArgumentException("toy: no cursor: " + text);
    }
    return new PageCursor(
        Long.parseLong(parts.group(1)),
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)));
  }

  /** The page a cursor's text asks for; 1 without one, and for one that cannot be read. */
  static int page(String text) {
    try {
      return text == null || text.isEmpty() ? 1 : Math.max(1, parse(text).page());
    } catch (IllegalArgumentException e) {
      return 1; // the list itself refuses the cursor
    }
  }

  String text() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString("%d:%d:%d".formatted(time, number, page).getBytes(StandardCharsets.UTF_8));
  }
}

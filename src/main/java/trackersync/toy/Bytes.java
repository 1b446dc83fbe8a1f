package trackersync.toy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte array with the few writers that fast JSON needs. Not for several threads. */
final class Bytes {
  private static final byte[] DIGITS =
      "0123456789".repeat(10).getBytes(StandardCharsets.US_ASCII); // ones of 0..99
  private static final byte[] TENS = tens();

  private byte[] array;
  private int length;

  Bytes(int capacity) {
    array = new byte[capacity];
  }

  private static byte[] tens() {
    byte[] tens = new byte[100];
    for (int i = 0; i < 100; i++) {
      tens[i] = (byte) ('0' + i / 10);
    }
    return tens;
  }

  Bytes clear() {
    length = 0;
    return this;
  }

  /** Drops everything from a place on. */
  Bytes cut(int at) {
    length = at;
    return this;
  }

  int length() {
    return length;
  }

  byte[] array() {
    return array;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(array, length);
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(array, 0, length);
  }

  Bytes put(byte[] bytes) {
    return put(bytes, 0, bytes.length);
  }

  Bytes put(byte[] bytes, int from, int count) {
    room(count);
    System.arraycopy(bytes, from, array, length, count);
    length += count;
    return this;
  }

  Bytes put(char ascii) {
    room(1);
    array[length++] = (byte) ascii;
    return this;
  }

  /** ASCII text as it is; anything else belongs into {@link #putJson}. */
  Bytes put(String ascii) {
    room(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      array[length++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  Bytes put(long number) {
    room(20);
    if (number < 0) {
      array[length++] = '-';
      number = -number;
    }
    int start = length;
    do {
      array[length++] = (byte) ('0' + number % 10);
      number /= 10;
    } while (number > 0);
    for (int i = start, j = length - 1; i < j; i++, j--) {
      byte b = array[i];
      array[i] = array[j];
      array[j] = b;
    }
    return this;
  }

  /** Text inside a JSON string, escaped and in UTF-8, without the quotes. */
  Bytes putJson(String text) {
    return put(json(text));
  }

  /** A time as GitHub writes it: {@code 2026-01-02T03:04:05Z}. */
  Bytes putTime(long epochSecond) {
    return putLocalTime(epochSecond).put('Z');
  }

  /** A time as GitLab writes it: {@code 2026-01-02T03:04:05.678Z}. */
  Bytes putMillis(long epochMilli) {
    return putLocalTime(Math.floorDiv(epochMilli, 1_000L))
        .fraction(Math.floorMod(epochMilli, 1_000), 3)
        .put('Z');
  }

  /** A time as Bitbucket writes it: {@code 2026-01-02T03:04:05.678901+00:00}. */
  Bytes putMicros(long epochMicro) {
    return putLocalTime(Math.floorDiv(epochMicro, 1_000_000L))
        .fraction(Math.floorMod(epochMicro, 1_000_000), 6)
        .put("+00:00");
  }

  private Bytes fraction(int parts, int digits) {
    put('.');
    room(digits);
    for (int i = digits - 1; i >= 0; i--) {
      array[length + i] = (byte) ('0' + parts % 10);
      parts /= 10;
    }
    length += digits;
    return this;
  }

  private Bytes putLocalTime(long epochSecond) {
    room(20);
    long days = Math.floorDiv(epochSecond, 86_400);
    int second = Math.floorMod(epochSecond, 86_400);
    // Days to year, month, day: the proleptic Gregorian calendar, with the year starting in March
    long shifted = days + 719_468;
    long era = Math.floorDiv(shifted, 146_097);
    int dayOfEra = (int) (shifted - era * 146_097);
    int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int month = (5 * dayOfYear + 2) / 153;
    int day = dayOfYear - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    int year = (int) (yearOfEra + era * 400 + (month <= 2 ? 1 : 0));
    two(year / 100).two(year % 100);
    array[length++] = '-';
    two(month);
    array[length++] = '-';
    two(day);
    array[length++] = 'T';
    two(second / 3_600);
    array[length++] = ':';
    two(second / 60 % 60);
    array[length++] = ':';
    return two(second % 60);
  }

  static byte[] json(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> escaped.append("\\\"");
        case '\\' -> escaped.append("\\\\");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        default -> {
          if (c < 0x20) {
            escaped.append(String.format("\\u%04x", (int) c));
          } else {
            escaped.append(c);
          }
        }
      }
    }
    return escaped.toString().getBytes(StandardCharsets.UTF_8);
  }

  private Bytes two(int number) {
    array[length++] = TENS[number];
    array[length++] = DIGITS[number];
    return this;
  }

  private void room(int count) {
    if (array.length - length < count) {
      array = Arrays.copyOf(array, Math.max(array.length * 2, length + count));
    }
  }
}

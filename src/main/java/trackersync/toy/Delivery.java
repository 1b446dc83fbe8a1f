package trackersync.toy;

import java.time.Duration;

/** How an answer is sent over the socket. */
sealed interface Delivery {
  /** As a sound server sends it. */
  record Whole() implements Delivery {}

  /** The body's first bytes, then a TCP reset. */
  record Reset(Place after) implements Delivery {}

  /** The body's first bytes, then the connection is closed in order. */
  record Close(Place after) implements Delivery {}

  /** One byte of the body each interval. */
  record Drip(Duration interval) implements Delivery {}

  /** Status and headers, then nothing until the client leaves. */
  record HeadersOnly() implements Delivery {}

  /** Nothing at all until the client leaves. */
  record Hang() implements Delivery {}

  /** The same block again and again between a head and a tail; memory holds one block only. */
  record Repeat(byte[] block, int times, byte[] tail) implements Delivery {}

  /** A number of bytes, or a place relative to the length. */
  record Place(int bytes, boolean middle, boolean fromEnd) {
    static Place parse(String text) {
      return switch (text) {
        case "middle" -> new Place(0, true, false);
        case "last" -> new Place(1, false, true);
        default -> new Place(Integer.parseUnsignedInt(text), false, false);
      };
    }

    int in(int length) {
      int place = middle ? length / 2 : fromEnd ? length - bytes : bytes;
      return Math.max(0, Math.min(length, place));
    }
  }
}

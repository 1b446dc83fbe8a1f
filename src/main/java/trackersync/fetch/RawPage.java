package trackersync.fetch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * A parsed page beside the bytes it was parsed from, so that a raw record is stored as the source
 * wrote it. Parsed, a page takes several times its size: no more are held at once than there are
 * processors to work on them, from {@link #turn} until {@link #done}.
 */
public final class RawPage {
  private static final String PAGE = "trackerSyncRawPage";
  private static final String TURN = "trackerSyncRawPageTurn";
  private static final Semaphore TURNS =
      new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  private static final int PATIENCE_S = 120;

  private record Part(int start, int length) {}

  private final byte[] bytes;
  private final Map<JsonNode, Part> parts = new IdentityHashMap<>();

  private RawPage(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Waits until a processor is free; the turn ends with {@link #done}, or with the exchange.
   *
   * @throws InterruptedIOException if none was free within two minutes, or the program is stopping
   */
  static void turn(Exchange exchange) throws InterruptedIOException {
    try {
      if (!TURNS.tryAcquire(PATIENCE_S, TimeUnit.SECONDS)) {
        throw new InterruptedIOException(
            "no processor was free for this page within " + PATIENCE_S + " s; it is fetched again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a processor");
    }
    exchange.setProperty(TURN, TURNS);
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onDone(Exchange ended) {
                done(ended);
              }
            });
  }

  /** The page is mapped, or never will be: what it took is free again. Harmless twice. */
  public static void done(Exchange exchange) {
    exchange.removeProperty(PAGE);
    if (exchange.removeProperty(TURN) instanceof Semaphore turns) {
      turns.release();
    }
  }

  /** The page that {@link #parse} left with an exchange, or null. */
  public static RawPage of(Exchange exchange) {
    return exchange.getProperty(PAGE, RawPage.class);
  }

  /** Parses a page; what holds for a document as a whole holds here, nothing may follow it. */
  static JsonNode parse(Exchange exchange, ObjectReader reader, byte[] body) throws IOException {
    ObjectReader alone = reader.with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    try (JsonParser parser = reader.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        return alone.readValue(body);
      }
      RawPage page = new RawPage(body);
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
        long start = parser.currentTokenLocation().getByteOffset();
        JsonNode record = reader.readTree(parser);
        list.add(record);
        page.learn(record, start, parser.currentLocation().getByteOffset());
      }
      if (parser.nextToken() != null) {
        return alone.readValue(body);
      }
      exchange.setProperty(PAGE, page);
      return list;
    }
  }

  private void learn(JsonNode record, long start, long end) {
    // no offsets in other encodings than UTF-8
    boolean whole =
        start >= 0
            && end <= bytes.length
            && bytes[(int) start] == '{'
            && bytes[(int) end - 1] == '}';
    if (record.isObject() && whole) {
      parts.put(record, new Part((int) start, (int) (end - start)));
    }
  }

  /**
   * Whether a record's bytes hold neither an escape such as {@code \\u0000} nor half of a surrogate
   * pair.
   *
   * @return false as well when its bytes are not known
   */
  public boolean isPlain(JsonNode record) {
    Part part = parts.get(record);
    if (part == null) {
      return false;
    }
    for (int i = part.start(); i < part.start() + part.length() - 1; i++) {
      byte b = bytes[i];
      if (b == '\\') {
        i++;
        if (bytes[i] == 'u') {
          return false;
        }
      } else if (b == (byte) 0xed && (bytes[i + 1] & 0xe0) == 0xa0) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param record a node of the parsed page, itself and not one that equals it
   * @return false when nothing was written: its bytes are not known
   */
  public boolean copy(JsonNode record, OutputStream out) throws IOException {
    Part part = parts.get(record);
    if (part != null) {
      out.write(bytes, part.start(), part.length());
    }
    return part != null;
  }
}

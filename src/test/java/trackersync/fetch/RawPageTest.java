package trackersync.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RawPageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

  private List<String> records(String text, Charset charset) throws IOException {
    JsonNode page = RawPage.parse(exchange, JSON.readerFor(JsonNode.class), text.getBytes(charset));
    List<String> copies = new ArrayList<>();
    for (JsonNode record : page) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      boolean copied = RawPage.of(exchange).copy(record, out);
      copies.add(copied ? out.toString(StandardCharsets.UTF_8) : null);
    }
    return copies;
  }

  @Test
  @DisplayName("CORE-8 a raw record is stored as it was written: spaces, numbers, letters, order")
  void recordsAreCopiedAsWritten() throws IOException {
    assertThat(
            records(
                " [ {\"b\": 1.10, \"a\":\"é😀\"} ,{}, 5, null, \"x\",[{}], {\"n\":{\"d\":[1e2]}}\n]\n",
                StandardCharsets.UTF_8))
        .containsExactly(
            "{\"b\": 1.10, \"a\":\"é😀\"}", "{}", null, null, null, null, "{\"n\":{\"d\":[1e2]}}");
  }

  @Test
  @DisplayName("CORE-8 behind a byte order mark records are still whole; in UTF-16 none is copied")
  void otherEncodings() throws IOException {
    assertThat(records("\uFEFF[{\"a\":1},{\"b\":2}]", StandardCharsets.UTF_8))
        .containsExactly("{\"a\":1}", "{\"b\":2}");
    assertThat(records("[{\"a\":1}]", StandardCharsets.UTF_16BE)).containsExactly((String) null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":\"plain, \\\\u0000 and \\n and é😀\"} | true",
        "{\"a\":\"\\u0000\"} | false",
        "{\"a\":\"\\ud83d\\ude00\"} | false",
        "{\"\\ud800\":1} | false",
        "{\"a\":\"\uD7FF\"} | true"
      })
  @DisplayName("CORE-8 a record without such escapes need not be searched for NUL and half pairs")
  void plainRecords(String record, boolean plain) throws IOException {
    JsonNode page =
        RawPage.parse(
            exchange,
            JSON.readerFor(JsonNode.class),
            ("[" + record.trim() + "]").getBytes(StandardCharsets.UTF_8));
    assertThat(RawPage.of(exchange).isPlain(page.get(0))).as(record).isEqualTo(plain);
    assertThat(RawPage.of(exchange).isPlain(JSON.createObjectNode())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[{}] x", "[{}][{}]", "[{},", "[{]", "{} {}", "[{}", "", "[1 2]"})
  @DisplayName("CORE-6 U06 what is more, less or other than one document is refused")
  void brokenDocumentIsRefused(String text) {
    assertThatThrownBy(
            () -> {
              if (records(text, StandardCharsets.UTF_8).isEmpty()) {
                throw new com.fasterxml.jackson.core.JsonParseException(null, "nothing");
              }
            })
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  @Timeout(10)
  @DisplayName("CORE-6 a page that is not mapped gives its turn back when its exchange is done")
  void turnIsGivenBack() throws InterruptedIOException {
    for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
      Exchange failed = new DefaultExchange(new DefaultCamelContext());
      RawPage.turn(failed);
      failed.getExchangeExtension().handoverCompletions().forEach(done -> done.onFailure(failed));
    }
  }

  @Test
  @Timeout(10)
  @DisplayName("CORE-6 a program that stops is not held up by a page that waits for its turn")
  void waitIsInterrupted() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> RawPage.turn(exchange)).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}

package trackersync.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.RawValue;
import java.sql.Date;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.postgresql.util.PGobject;

/** JSON of requests and answers. */
final class Json {
  private static final int NESTING_MAX = 32;

  /** What callers send: duplicate keys, trailing text and deep nesting are errors. */
  static final ObjectMapper REQUESTS =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(NESTING_MAX).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final ObjectMapper ANSWERS = new ObjectMapper();

  private Json() {}

  static String text(Object value) {
    try {
      return ANSWERS.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer cannot be written as JSON", e);
    }
  }

  /** Names of an object's fields, given as text that was JSON a moment ago. */
  static List<String> fields(String object) {
    try {
      List<String> names = new ArrayList<>();
      REQUESTS.readTree(object).fieldNames().forEachRemaining(names::add);
      return names;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the body was JSON a moment ago", e);
    }
  }

  /** A row of a query as it goes out: instants in UTC, jsonb as it is, ids as text. */
  static Map<String, Object> row(Map<String, Object> row) {
    Map<String, Object> out = new LinkedHashMap<>();
    row.forEach((name, value) -> out.put(name, value(value)));
    return out;
  }

  private static Object value(Object value) {
    if (value instanceof Timestamp at) {
      return at.toInstant().toString();
    }
    if (value instanceof Date day) {
      return day.toLocalDate().toString();
    }
    if (value instanceof UUID id) {
      return id.toString();
    }
    if (value instanceof PGobject json) {
      return json.getValue() == null ? null : new RawValue(json.getValue());
    }
    return value;
  }
}

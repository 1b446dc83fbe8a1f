package trackersync.toy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;

/** One record of a page, made such as no tracker should send it. */
enum HostileRecord {
  NULL_ID((issue, json) -> text(issue.putNull("id"))),
  WRONG_TYPES(
      (issue, json) ->
          text(
              issue
                  .put("title", 42)
                  .put("state", true)
                  .put("labels", "bug")
                  .put("user", "somebody")
                  .put("number", "one"))),
  LONG_TITLE((issue, json) -> text(issue.put("title", "x".repeat(1024 * 1024)))),
  LONE_SURROGATE((issue, json) -> raw(issue, "title", "\"half \\ud83d of a pair\"")),
  MANY_LABELS(
      (issue, json) -> {
        ArrayNode labels = issue.putArray("labels");
        for (int i = 0; i < 400; i++) {
          labels
              .addObject()
              .put("id", 900_000 + i)
              .put("name", "label " + i)
              .put("color", "ededed");
        }
        return text(issue);
      }),
  NO_TITLE(
      (issue, json) -> {
        issue.remove("title");
        return text(issue);
      }),
  TEXT_ID((issue, json) -> text(issue.put("id", issue.get("id").asText()))),
  NUL_TITLE((issue, json) -> raw(issue, "title", "\"before\\u0000after\"")),
  HUGE_NUMBER((issue, json) -> raw(issue, "comments", "1e400")),
  NULL_RECORD((issue, json) -> "null"),
  NUMBER_RECORD((issue, json) -> "17"),
  BAD_TIME((issue, json) -> text(issue.put("updated_at", "the day before yesterday")));

  private static final ObjectMapper JSON = new ObjectMapper();
  private final BiFunction<ObjectNode, String, String> change;

  HostileRecord(BiFunction<ObjectNode, String, String> change) {
    this.change = change;
  }

  byte[] of(byte[] record) {
    String json = new String(record, StandardCharsets.UTF_8);
    try {
      ObjectNode issue = (ObjectNode) JSON.readTree(json);
      return change.apply(issue, json).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("toy: a record is not JSON", e);
    }
  }

  private static String raw(ObjectNode issue, String key, String value) {
    return text(issue.put(key, "@@raw@@")).replace("\"@@raw@@\"", value);
  }

  private static String text(ObjectNode issue) {
    return issue.toString();
  }
}

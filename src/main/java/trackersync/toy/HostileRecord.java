package trackersync.toy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** One record of a page, made such as no tracker should send it. */
enum HostileRecord {
  NULL_ID,
  WRONG_TYPES,
  LONG_TITLE,
  LONE_SURROGATE,
  MANY_LABELS,
  NO_TITLE,
  TEXT_ID,
  NUL_TITLE,
  HUGE_NUMBER,
  NULL_RECORD,
  NUMBER_RECORD,
  BAD_TIME;

  private static final ObjectMapper JSON = new ObjectMapper();

  byte[] of(byte[] record, RecordShape shape) {
    ObjectNode issue;
    try {
      issue = (ObjectNode) JSON.readTree(new String(record, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("toy: a record is not JSON", e);
    }
    String spoiled =
        switch (this) {
          case NULL_ID -> with(issue, shape.id(), null);
          case WRONG_TYPES -> {
            with(issue, shape.title(), JSON.valueToTree(42));
            with(issue, shape.state(), JSON.valueToTree(true));
            with(issue, shape.labels(), JSON.valueToTree("bug"));
            with(issue, shape.user(), JSON.valueToTree("somebody"));
            yield with(issue, shape.number(), JSON.valueToTree("one"));
          }
          case LONG_TITLE -> with(issue, shape.title(), JSON.valueToTree("x".repeat(1024 * 1024)));
          case LONE_SURROGATE -> withRaw(issue, shape.title(), "\"half \\ud83d of a pair\"");
          case MANY_LABELS -> with(issue, shape.labels(), labels(shape.labelObjects()));
          case NO_TITLE -> {
            holder(issue, shape.title()).remove(shape.titleKey());
            yield issue.toString();
          }
          case TEXT_ID -> with(issue, shape.id(), JSON.valueToTree(issue.at(shape.id()).asText()));
          case NUL_TITLE -> withRaw(issue, shape.title(), "\"before\\u0000after\"");
          case HUGE_NUMBER -> withRaw(issue, shape.count(), "1e400");
          case NULL_RECORD -> "null";
          case NUMBER_RECORD -> "17";
          case BAD_TIME ->
              with(issue, shape.updated(), JSON.valueToTree("the day before yesterday"));
        };
    return spoiled.getBytes(StandardCharsets.UTF_8);
  }

  private static ArrayNode labels(boolean objects) {
    ArrayNode labels = JSON.createArrayNode();
    for (int i = 0; i < 400; i++) {
      if (objects) {
        labels.addObject().put("id", 900_000 + i).put("name", "label " + i).put("color", "ededed");
      } else {
        labels.add("label " + i);
      }
    }
    return labels;
  }

  /** The object that holds a field; made where it is missing or null. */
  private static ObjectNode holder(ObjectNode record, String pointer) {
    JsonPointer head = JsonPointer.compile(pointer).head();
    if (head.matches()) {
      return record;
    }
    String name = head.getMatchingProperty();
    return record.get(name) instanceof ObjectNode known ? known : record.putObject(name);
  }

  /** Sets a field and answers the record's JSON. */
  private static String with(ObjectNode record, String pointer, JsonNode value) {
    String name = JsonPointer.compile(pointer).last().getMatchingProperty();
    holder(record, pointer).set(name, value);
    return record.toString();
  }

  private static String withRaw(ObjectNode record, String pointer, String value) {
    return with(record, pointer, JSON.valueToTree("@@raw@@")).replace("\"@@raw@@\"", value);
  }
}

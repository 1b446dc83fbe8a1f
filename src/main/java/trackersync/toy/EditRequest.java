package trackersync.toy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An edit as {@code POST /_toy/edits} takes it.
 *
 * @param at when the edit happened; now where the request does not say
 * @param done what is answered: op, repository, and what else there is to tell
 */
record EditRequest(JsonNode json, Instant at, ObjectNode done) {
  private static final int NUMBERS_MAX = 100_000;
  private static final Set<String> KEYS =
      Set.of(
          "op",
          "repository",
          "number",
          "numbers",
          "from",
          "until",
          "count",
          "title",
          "state",
          "labels",
          "reason",
          "confidential",
          "to",
          "field",
          "at");

  /** Reads an edit; an exception's message says what is wrong with it. */
  static EditRequest of(JsonNode json, Clock clock) {
    if (!json.isObject()) {
      throw new IllegalArgumentException("toy: an edit is an object with op and repository.");
    }
    json.fieldNames()
        .forEachRemaining(
            key -> {
              if (!KEYS.contains(key)) {
                throw new IllegalArgumentException(
                    "toy: an edit does not know \"%s\"; it knows %s."
                        .formatted(key, KEYS.stream().sorted().toList()));
              }
            });
    ObjectNode done =
        JsonNodeFactory.instance
            .objectNode()
            .put("op", json.path("op").asText())
            .put("repository", json.path("repository").asText());
    return new EditRequest(json, at(json, clock), done);
  }

  private static Instant at(JsonNode json, Clock clock) {
    if (!json.has("at")) {
      return clock.instant();
    }
    try {
      return Instant.parse(json.path("at").asText());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "toy: at is %s, must be a time such as 2026-01-02T03:04:05Z.".formatted(json.path("at")),
          e);
    }
  }

  String op() {
    return json.path("op").asText();
  }

  String repository() {
    return json.path("repository").asText();
  }

  String text(String key) {
    if (!json.path(key).isTextual()) {
      throw new IllegalArgumentException("toy: edit " + op() + " needs \"" + key + "\" as text.");
    }
    return json.path(key).asText();
  }

  boolean flag(String key) {
    if (!json.path(key).isBoolean()) {
      throw new IllegalArgumentException(
          "toy: edit " + op() + " needs \"" + key + "\" as true or false.");
    }
    return json.path(key).asBoolean();
  }

  List<String> labels() {
    List<String> labels = new ArrayList<>();
    json.path("labels").forEach(one -> labels.add(one.asText()));
    return labels;
  }

  int count() {
    int count = json.path("count").asInt(1);
    if (count < 1 || count > NUMBERS_MAX) {
      throw new IllegalArgumentException(
          "toy: count is " + count + ", must be 1 to " + NUMBERS_MAX + ".");
    }
    return count;
  }

  /** The records that are edited, by {@code number}, {@code numbers}, or from and until. */
  List<Integer> numbers() {
    List<Integer> numbers = new ArrayList<>();
    if (json.has("number")) {
      numbers.add(json.path("number").asInt());
    }
    json.path("numbers").forEach(one -> numbers.add(one.asInt()));
    if (json.has("from") || json.has("until")) {
      int from = json.path("from").asInt(1);
      int until = json.path("until").asInt(from);
      if (until - (long) from >= NUMBERS_MAX) {
        throw new IllegalArgumentException(
            "toy: from and until span more than " + NUMBERS_MAX + " issues.");
      }
      for (int n = from; n <= until; n++) {
        numbers.add(n);
      }
    }
    if (numbers.isEmpty()) {
      throw new IllegalArgumentException(
          "toy: edit " + op() + " needs number, numbers, or from and until.");
    }
    return numbers;
  }
}

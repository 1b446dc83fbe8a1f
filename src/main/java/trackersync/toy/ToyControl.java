package trackersync.toy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The toy's own paths under {@code /_toy/}: faults, edits, requests, reset. */
final class ToyControl {
  private static final ObjectMapper JSON = new ObjectMapper();
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
          "to",
          "at");

  private final ToyGithub toy;
  private final Clock clock;

  ToyControl(ToyGithub toy, Clock clock) {
    this.toy = toy;
    this.clock = clock;
  }

  Answer answer(ToyRequest request) {
    if (request.headers().containsKey("origin")) {
      return Answer.error(403, "The toy's control is not for web pages.");
    }
    try {
      return switch (request.method() + " " + request.path()) {
        case "POST /_toy/faults" -> addFaults(request);
        case "GET /_toy/faults" -> Answer.json(200, faults().toString());
        case "DELETE /_toy/faults" -> {
          toy.faults().clear();
          yield Answer.json(200, "[]");
        }
        case "POST /_toy/edits" -> edits(request);
        case "GET /_toy/requests" -> Answer.json(200, requests(request));
        case "POST /_toy/reset" -> {
          toy.reset();
          yield Answer.json(200, "{\"reset\":true}");
        }
        default ->
            Answer.error(
                404,
                "The toy knows GET, POST and DELETE /_toy/faults, POST /_toy/edits, GET"
                    + " /_toy/requests and POST /_toy/reset.");
      };
    } catch (IllegalArgumentException e) {
      return Answer.error(400, e.getMessage());
    }
  }

  private static JsonNode body(ToyRequest request) {
    try {
      return JSON.readTree(request.body());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("toy: the body is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("toy: the body cannot be read.", e);
    }
  }

  private Answer addFaults(ToyRequest request) {
    JsonNode body = body(request);
    List<Fault> read = new ArrayList<>();
    if (body.isArray()) {
      body.forEach(one -> read.add(Fault.fromJson(one)));
    } else {
      read.add(Fault.fromJson(body));
    }
    read.forEach(toy.faults()::add);
    return Answer.json(200, faults().toString());
  }

  private ArrayNode faults() {
    ArrayNode list = JSON.createArrayNode();
    for (Fault fault : toy.faults().pending()) {
      ObjectNode one = list.addObject().put("kind", fault.kind().word());
      one.put("target", fault.target().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
      one.put("repository", fault.repository()).put("page", fault.page());
      one.put("at", fault.at()).put("times", fault.times());
      fault.settings().forEach(one::put);
    }
    return list;
  }

  private String requests(ToyRequest request) {
    String last = request.parameter("last");
    if (last != null && !last.matches("\\d{1,6}")) {
      throw new IllegalArgumentException("toy: last is " + last + ", must be a whole number.");
    }
    List<Seen> all = toy.requests();
    int from = last == null ? 0 : Math.max(0, all.size() - Integer.parseInt(last));
    ObjectNode answer = JSON.createObjectNode().put("count", toy.requestCount());
    ArrayNode list = answer.putArray("requests");
    for (Seen seen : all.subList(from, all.size())) {
      ObjectNode one = list.addObject().put("time", seen.time().toString());
      one.put("method", seen.method()).put("path", seen.path()).put("query", seen.query());
      one.put("status", seen.status());
      ObjectNode headers = one.putObject("headers");
      seen.headers().forEach(headers::put);
    }
    return answer.toString();
  }

  private Answer edits(ToyRequest request) {
    JsonNode body = body(request);
    ArrayNode done = JSON.createArrayNode();
    if (body.isArray()) {
      body.forEach(one -> done.add(edit(one)));
    } else {
      done.add(edit(body));
    }
    return Answer.json(200, done.toString());
  }

  private ObjectNode edit(JsonNode edit) {
    if (!edit.isObject()) {
      throw new IllegalArgumentException("toy: an edit is an object with op and repository.");
    }
    edit.fieldNames()
        .forEachRemaining(
            key -> {
              if (!KEYS.contains(key)) {
                throw new IllegalArgumentException(
                    "toy: an edit does not know \"%s\"; it knows %s."
                        .formatted(key, KEYS.stream().sorted().toList()));
              }
            });
    String op = edit.path("op").asText();
    String name = edit.path("repository").asText();
    ToyRepository repository = toy.repository(name);
    Instant at = at(edit);
    ObjectNode done = JSON.createObjectNode().put("op", op).put("repository", name);
    switch (op) {
      case "title" -> numbers(edit).forEach(n -> repository.retitle(n, text(edit, "title"), at));
      case "state" -> {
        boolean closed = text(edit, "state").equals("closed");
        numbers(edit).forEach(n -> repository.setClosed(n, closed, at));
      }
      case "labels" -> {
        List<String> labels = new ArrayList<>();
        edit.path("labels").forEach(one -> labels.add(one.asText()));
        numbers(edit).forEach(n -> repository.setLabels(n, labels, at));
      }
      case "touch" -> numbers(edit).forEach(n -> repository.touch(n, at));
      case "pull-request" -> numbers(edit).forEach(n -> repository.turnIntoPullRequest(n, at));
      case "delete" -> numbers(edit).forEach(repository::delete);
      case "transfer" -> numbers(edit).forEach(n -> repository.transfer(n, text(edit, "to")));
      case "add" -> done.put("first", repository.add(count(edit), at));
      case "rename-repository" -> toy.renameRepository(name, text(edit, "to"));
      case "delete-repository" -> repository.delete();
      case "disable-issues" -> repository.disableIssues();
      default ->
          throw new IllegalArgumentException(
              "toy: there is no edit \"%s\". Known: title, state, labels, touch, pull-request,"
                      .formatted(op)
                  + " delete, transfer, add, rename-repository, delete-repository,"
                  + " disable-issues.");
    }
    return done;
  }

  private static int count(JsonNode edit) {
    int count = edit.path("count").asInt(1);
    if (count < 1 || count > NUMBERS_MAX) {
      throw new IllegalArgumentException(
          "toy: count is " + count + ", must be 1 to " + NUMBERS_MAX + ".");
    }
    return count;
  }

  private static String text(JsonNode edit, String key) {
    if (!edit.path(key).isTextual()) {
      throw new IllegalArgumentException(
          "toy: edit " + edit.path("op").asText() + " needs \"" + key + "\" as text.");
    }
    return edit.path(key).asText();
  }

  private static List<Integer> numbers(JsonNode edit) {
    List<Integer> numbers = new ArrayList<>();
    if (edit.has("number")) {
      numbers.add(edit.path("number").asInt());
    }
    edit.path("numbers").forEach(one -> numbers.add(one.asInt()));
    if (edit.has("from") || edit.has("until")) {
      int from = edit.path("from").asInt(1);
      int until = edit.path("until").asInt(from);
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
          "toy: edit " + edit.path("op").asText() + " needs number, numbers, or from and until.");
    }
    return numbers;
  }

  private Instant at(JsonNode edit) {
    if (!edit.has("at")) {
      return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
    try {
      return Instant.parse(edit.path("at").asText());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "toy: at is %s, must be a time such as 2026-01-02T03:04:05Z.".formatted(edit.path("at")),
          e);
    }
  }
}

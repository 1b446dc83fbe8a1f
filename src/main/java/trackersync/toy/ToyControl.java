package trackersync.toy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The toy's own paths under {@code /_toy/}: faults, edits, requests, reset. */
final class ToyControl {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> COMMON =
      List.of(
          "title",
          "state",
          "labels",
          "touch",
          "delete",
          "add",
          "rename-repository",
          "delete-repository",
          "disable-issues");

  private final Toy toy;

  ToyControl(Toy toy) {
    this.toy = toy;
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

  private ObjectNode edit(JsonNode json) {
    EditRequest edit = EditRequest.of(json, toy.clock());
    ToyRepository repository = toy.repository(edit.repository());
    switch (edit.op()) {
      case "title" ->
          edit.numbers().forEach(n -> repository.retitle(n, edit.text("title"), edit.at()));
      case "state" -> {
        String state = edit.text("state");
        edit.numbers().forEach(n -> toy.setState(repository, n, state, edit.at()));
      }
      case "labels" ->
          edit.numbers().forEach(n -> repository.setLabels(n, edit.labels(), edit.at()));
      case "touch" -> edit.numbers().forEach(n -> repository.touch(n, edit.at()));
      case "delete" -> edit.numbers().forEach(repository::delete);
      case "add" -> edit.done().put("first", repository.add(edit.count(), edit.at()));
      case "rename-repository" -> toy.renameRepository(edit.repository(), edit.text("to"));
      case "delete-repository" -> repository.delete();
      case "disable-issues" -> repository.disableIssues();
      default -> {
        if (!toy.edit(edit)) {
          List<String> known = new ArrayList<>(COMMON);
          known.addAll(toy.edits());
          throw new IllegalArgumentException(
              "toy: there is no edit \"%s\". Known: %s."
                  .formatted(edit.op(), String.join(", ", known)));
        }
      }
    }
    return edit.done();
  }
}

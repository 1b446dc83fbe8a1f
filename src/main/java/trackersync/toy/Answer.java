package trackersync.toy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What goes back: status, headers, body, and how it is sent. Changed in place while it is made. */
final class Answer {
  int status;
  final Map<String, String> headers = new LinkedHashMap<>();
  Bytes body;
  Delivery delivery = new Delivery.Whole();

  Answer(int status, Bytes body) {
    this.status = status;
    this.body = body;
  }

  static Answer json(int status, String json) {
    return of(status, "application/json; charset=utf-8", json.getBytes(StandardCharsets.UTF_8));
  }

  static Answer of(int status, String type, byte[] body) {
    Answer answer = new Answer(status, new Bytes(body.length).put(body));
    answer.headers.put("Content-Type", type);
    return answer;
  }

  /** An error as GitHub words it. */
  static Answer error(int status, String message) {
    return json(
        status,
        "{\"message\":\"%s\",\"documentation_url\":\"https://docs.github.com/rest\",\"status\":\"%d\"}"
            .formatted(new String(Bytes.json(message), StandardCharsets.UTF_8), status));
  }

  Answer header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  Answer delivery(Delivery how) {
    delivery = how;
    return this;
  }
}

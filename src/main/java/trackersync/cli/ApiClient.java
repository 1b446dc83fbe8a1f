package trackersync.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import trackersync.embedded.Running;

/** The API of the running program, as the command line uses it. Every call has a deadline. */
final class ApiClient {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Longer than the longest answer, {@code sync.answer-wait-max}. */
  private static final Duration DEADLINE = Duration.ofSeconds(90);

  private static final int PAGES_MAX = 1_000;

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final String base;
  private final String token;
  private final String owner;

  /**
   * @param base such as {@code http://127.0.0.1:8480}
   * @param owner who should answer, for messages
   */
  ApiClient(String base, String token, String owner) {
    this.base = base;
    this.token = token;
    this.owner = owner;
  }

  static ApiClient of(Running running, String token) {
    return new ApiClient(
        running.api().orElseThrow(),
        token,
        "process %d (%s)".formatted(running.pid(), running.command()));
  }

  /** An answer; {@code body} is a missing node when there was none. */
  record Answer(int status, JsonNode body) {}

  /** The body of a GET. */
  JsonNode get(String path) {
    return expectSuccess(path, send("GET", path, null)).body();
  }

  Answer post(String path, JsonNode body) {
    return send("POST", path, body);
  }

  Answer delete(String path) {
    return send("DELETE", path, null);
  }

  /** All items of a list, page by page. */
  List<JsonNode> all(String path) {
    List<JsonNode> items = new ArrayList<>();
    String next = path;
    for (int page = 0; next != null && page < PAGES_MAX; page++) {
      JsonNode answer = get(next);
      answer.path("items").forEach(items::add);
      String cursor = answer.path("nextCursor").asText("");
      next =
          cursor.isEmpty() || answer.path("nextCursor").isNull()
              ? null
              : path + (path.contains("?") ? "&" : "?") + "cursor=" + encoded(cursor);
    }
    return items;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /**
   * @throws CommandException with the words of the problem document
   */
  Answer expectSuccess(String path, Answer answer) {
    if (answer.status() / 100 == 2) {
      return answer;
    }
    JsonNode problem = answer.body();
    String words =
        problem.path("detail").asText(problem.path("title").asText("no words, HTTP " + path));
    StringBuilder message = new StringBuilder(words);
    problem
        .path("errors")
        .forEach(
            error ->
                message
                    .append("; ")
                    .append(error.path("at").asText(""))
                    .append(' ')
                    .append(error.path("message").asText("")));
    if (problem.hasNonNull("cure")) {
      message.append(" ").append(problem.path("cure").asText());
    }
    Exit exit =
        switch (answer.status()) {
          case 400, 401, 403, 404, 409, 415, 422, 429 -> Exit.REFUSED;
          default -> Exit.FAILED;
        };
    throw new CommandException(exit, "%s (HTTP %d)".formatted(message, answer.status()));
  }

  private Answer send(String method, String path, JsonNode body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(DEADLINE)
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json, application/problem+json");
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, BodyPublishers.ofString(body.toString()));
    }
    try {
      // the request's own deadline ends with the headers: this one holds for the body, too
      HttpResponse<String> response =
          http.sendAsync(request.build(), BodyHandlers.ofString())
              .get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(response.statusCode(), parse(path, response.body()));
    } catch (TimeoutException late) {
      throw unreachable(path, "no answer within " + DEADLINE.toSeconds() + " s", late);
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause();
      throw unreachable(
          path,
          cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(),
          cause);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new CommandException(Exit.FAILED, "interrupted", stop);
    }
  }

  private CommandException unreachable(String path, String words, Throwable cause) {
    return new CommandException(
        Exit.NOT_RUNNING,
        ("%s does not answer on %s%s: %s. Look at its log; if it hangs, stop it (kill) and start"
                + " it again.")
            .formatted(owner, base, path, words),
        cause);
  }

  private static JsonNode parse(String path, String text) {
    if (text == null || text.isBlank()) {
      return MissingNode.getInstance();
    }
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException notJson) {
      throw new CommandException(
          Exit.NOT_RUNNING,
          "%s answered something that is not JSON. Is another program on this port?"
              .formatted(path),
          notJson);
    }
  }

  /** Whether anything listens there. */
  boolean answers() {
    try {
      http.sendAsync(
              HttpRequest.newBuilder(URI.create(base + "/api/openapi.yaml"))
                  .timeout(CONNECT)
                  .build(),
              BodyHandlers.discarding())
          .get(CONNECT.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException none) {
      return false;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

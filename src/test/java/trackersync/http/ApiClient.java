package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Calls the API as a program would; every answer is held against the contract. */
final class ApiClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private static final Contract CONTRACT = Contract.load();
  private static final OpenApiInteractionValidator VALIDATOR =
      OpenApiInteractionValidator.createFor(CONTRACT.api()).build();

  private final String base;
  private final String token;
  private final Map<String, String> headers = new LinkedHashMap<>();

  ApiClient(String base, String token) {
    this.base = base;
    this.token = token;
  }

  record Answer(int status, String body, HttpResponse<String> response) {
    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    Answer is(int expected) {
      assertThat(status).as(body).isEqualTo(expected);
      return this;
    }

    /** As a problem document, and one that says nothing it should not. */
    JsonNode problem(int expected) {
      is(expected);
      assertThat(header("content-type")).isEqualTo("application/problem+json");
      assertThat(json().get("status").asInt()).isEqualTo(expected);
      assertThat(body)
          .doesNotContainPattern("(?i)exception|\\bat [a-z]+\\.|java\\.|trackersync\\.|camel")
          .doesNotContainPattern("(?i)\\bselect\\b|\\binsert\\b|\\.sql|\\.java|/srv/|/tmp/");
      return json();
    }
  }

  ApiClient with(String header, String value) {
    ApiClient other = new ApiClient(base, token);
    other.headers.putAll(headers);
    other.headers.put(header, value);
    return other;
  }

  Answer get(String path) {
    return send("GET", path, null);
  }

  Answer delete(String path) {
    return send("DELETE", path, null);
  }

  Answer post(String path, String json) {
    return send("POST", path, json);
  }

  Answer patch(String path, String json) {
    return send("PATCH", path, json);
  }

  Answer send(String method, String path, String json) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method,
                json == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(json));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (json != null && !headers.containsKey("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    headers.forEach(request::header);
    try {
      HttpResponse<String> response =
          HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      Answer answer = new Answer(response.statusCode(), response.body(), response);
      hold(method, path, answer);
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void hold(String method, String path, Answer answer) {
    int query = path.indexOf('?');
    String plain = query < 0 ? path : path.substring(0, query);
    if (!(CONTRACT.match(method, plain) instanceof Contract.Match.Found)
        || answer.status() == 204) {
      return;
    }
    SimpleResponse response =
        SimpleResponse.Builder.status(answer.status())
            .withContentType(answer.header("content-type"))
            .withBody(answer.body())
            .build();
    assertThat(VALIDATOR.validateResponse(plain, Request.Method.valueOf(method), response))
        .as("%s %s -> %s %s", method, path, answer.status(), answer.body())
        .satisfies(report -> assertThat(report.getMessages()).isEmpty());
  }
}

package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import trackersync.settings.Settings;
import trackersync.testing.RunningApp;
import trackersync.toy.ToyGithub;
import trackersync.toy.ToyGithubOptions;

/** The API over the real engine and a toy tracker: what the doubles stand for elsewhere. */
class ApiOnTheEngineTest {
  private static RunningApp app;
  private static ToyGithub toy;

  @BeforeAll
  static void start() {
    app = RunningApp.start(Map.of("sync.answer-wait-max", "20s"));
    toy = ToyGithub.start(ToyGithubOptions.builder().issues(120).build());
  }

  @AfterAll
  static void stop() {
    toy.close();
    app.close();
  }

  @Test
  @DisplayName("CORE-4 connect, test, sync, watch, read and remove over HTTP")
  void connectionGoesItsWay() {
    ApiClient admin = client("admin");
    String path =
        "/api/connections/"
            + admin
                .post(
                    "/api/connections",
                    "{\"name\":\"whole\",\"tracker\":\"github\",\"url\":\"https://github.com/acme/whole\","
                        + "\"token\":\"ghp_whole\",\"settings\":{\"api-url\":\""
                        + toy.baseUrl()
                        + "\"}}")
                .is(201)
                .json()
                .get("id")
                .asText();
    JsonNode test = admin.post(path + "/test", null).is(200).json();
    assertThat(test.get("ok").asBoolean()).as(test.toString()).isTrue();

    ApiClient.Answer started =
        admin.post(path + "/sync", "{\"includeClosed\":true,\"confirm\":[\"includeClosed\"]}");
    assertThat(started.status()).isIn(200, 202);
    String operation = "/api/operations/" + started.json().get("id").asText();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !admin.get(operation).json().get("completedAt").isNull());
    JsonNode ended = admin.get(operation).is(200).json();
    assertThat(ended.get("status").asText()).as(ended.toString()).isEqualTo("Completed");
    long created = ended.get("results").get("created").asLong();
    assertThat(created).isPositive();
    assertThat(admin.get(operation + "/events").is(200).body()).startsWith("event: end\n");

    JsonNode issues = admin.get("/api/issues?connection=whole&limit=200").is(200).json();
    assertThat(issues.get("items")).hasSize((int) created);
    String issue = issues.get("items").get(0).get("id").asText();
    assertThat(admin.get("/api/issues/" + issue + "?raw=true").is(200).json().get("raw"))
        .isNotEmpty();
    assertThat(admin.get("/api/trackers/github/status").is(200).json().get("connections"))
        .isNotEmpty();
    assertThat(admin.get(path).is(200).json().get("lastSyncAt").isNull()).isFalse();
    admin.delete(operation).is(200);
    admin.delete(path).is(204);
    admin.post(path + "/sync", "{}").problem(404);
  }

  @Test
  @DisplayName("ISSUE-38 a second sync with nothing new is answered with its results")
  void smallSyncIsAnsweredAtOnce() {
    ToyGithub small = ToyGithub.start(ToyGithubOptions.builder().issues(20).build());
    try {
      String id = app.connect("small", small.baseUrl());
      JsonNode operation =
          client("member").post("/api/connections/" + id + "/sync", "{}").is(200).json();
      assertThat(operation.get("status").asText()).as(operation.toString()).isEqualTo("Completed");
    } finally {
      small.close();
    }
  }

  @Test
  void rejectedTokenIsSaidInWords() {
    JsonNode result =
        client("admin")
            .post(
                "/api/connections/"
                    + app.connect("gone", java.net.URI.create("http://127.0.0.1:1"))
                    + "/test",
                null)
            .is(200)
            .json();
    assertThat(result.get("ok").asBoolean()).isFalse();
    assertThat(result.get("words").asText()).isNotBlank();
  }

  private static ApiClient client(String role) {
    Settings settings =
        app.app().camel().getRegistry().lookupByNameAndType("settings", Settings.class);
    String token =
        Keys.open(settings).mint(role + "@example.org", List.of(role), Duration.ofMinutes(10));
    return new ApiClient("http://127.0.0.1:" + app.app().httpPort(), token);
  }
}

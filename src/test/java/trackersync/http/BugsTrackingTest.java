package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A server that knows of a Bugsby: which connection a release becomes, and the direct queries. */
class BugsTrackingTest {
  private static ApiServer server;

  @BeforeAll
  static void start() {
    server =
        ApiServer.start(
            Map.of(
                "tracker.bugsby.url", "https://bugsby.example.org/",
                "bugsby.passthrough.enabled", "true"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonNode sync(String release) {
    return server
        .as("manager")
        .post("/bugsby/sync", "{\"release\":\"" + release + "\"}")
        .is(202)
        .json();
  }

  private static Map<String, Object> connection(String release) {
    return ApiServer.sql()
        .queryForMap(
            "select *, id::text as key from connections where settings ->> 'release' = ?", release);
  }

  @Test
  @DisplayName(
      "BUGSBY-22 BUGSBY-9 the first sync tracks a release: its connection and its schedule")
  void firstSyncTracks() {
    JsonNode answer = sync("Wifi Ooty/4.1");
    assertThat(answer.get("operation_status").asText()).isEqualTo("Pending");
    Map<String, Object> made = connection("Wifi Ooty/4.1");
    assertThat(made.get("url")).isEqualTo("https://bugsby.example.org/releases/Wifi%20Ooty%2F4.1");
    assertThat(made.get("name")).isEqualTo("bugsby-wifi-ooty-4-1");
    assertThat(made.get("schedule")).isEqualTo("0 0 3 * * ?");
    assertThat(made.get("include_closed")).isEqualTo(true);
    assertThat(made.get("token_encrypted")).isNull();
    // another release with a name that reads the same
    sync("wifi-ooty-4.1");
    assertThat(connection("wifi-ooty-4.1").get("name")).isEqualTo("bugsby-wifi-ooty-4-1-2");
    // the same one again: it is being synced
    server.as("manager").post("/bugsby/sync", "{\"release\":\"Wifi Ooty/4.1\"}").problem(409);
  }

  @Test
  @DisplayName("BUGSBY-22 of many first syncs at once one makes the release and one starts")
  void oneOfManyTracks() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(10);
    try {
      List<Callable<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        calls.add(
            () -> server.as("manager").post("/bugsby/sync", "{\"release\":\"rush\"}").status());
      }
      List<Integer> answers = new ArrayList<>();
      for (var answer : threads.invokeAll(calls)) {
        answers.add(answer.get());
      }
      assertThat(answers).containsOnly(202, 409);
    } finally {
      threads.shutdownNow();
    }
    assertThat(connection("rush").get("name")).isEqualTo("bugsby-rush");
  }

  @Test
  @DisplayName("BUGSBY-22 an untracked release comes back with its id when it is synced again")
  void untrackedReleaseComesBack() {
    sync("back");
    ApiServer.sql()
        .update(
            "update operations set status = 'Completed', started_at = now(), completed_at = now()"
                + " where connection_id = ?::uuid",
            connection("back").get("key"));
    Object id = connection("back").get("key");
    server.as("manager").delete("/bugsby/releases?release=back").is(204);
    assertThat(connection("back").get("removed_at")).isNotNull();
    sync("back");
    assertThat(connection("back").get("key")).isEqualTo(id);
    assertThat(connection("back").get("removed_at")).isNull();
    assertThat(connection("back").get("schedule")).isEqualTo("0 0 3 * * ?");
  }

  @Test
  @DisplayName("BUGSBY-9 a repeated Idempotency-Key gives the operation of the first call")
  void repeatedKeyStartsNothingNew() {
    ApiClient client = server.as("manager").with("Idempotency-Key", "weekly-1");
    String body = "{\"release\":\"keyed\"}";
    String first = client.post("/bugsby/sync", body).is(202).json().get("operation").asText();
    assertThat(client.post("/bugsby/sync", body).is(202).json().get("operation").asText())
        .isEqualTo(first);
  }

  @Test
  @DisplayName("BUGSBY-19 switched on, the direct query asks for no token in development only")
  void directQueryIsOpenInDevelopmentOnly() {
    assertThat(server.nobody().get("/bugsby-api/bugs").status()).isEqualTo(400);
    try (ApiServer real =
        ApiServer.start(
            Map.of(
                "auth.mode", "",
                "auth.jwt-secret", "0123456789abcdef0123456789abcdef",
                "auth.issuer", "https://id.example.org",
                "auth.audience", "tracker-sync",
                "bugsby.passthrough.enabled", "true"))) {
      ApiClient nobody = new ApiClient(real.base(), null);
      nobody.get("/bugsby-api/bugs?release=main").problem(401);
      nobody.get("/bugsby-api/bugs/1").problem(401);
    }
  }

  @Test
  @DisplayName("BUGSBY-19 unless it is switched on, there is no direct query")
  void directQueryIsOff() {
    ApiServer off = ApiServer.shared();
    for (ApiClient client : List.of(off.nobody(), off.as("admin"))) {
      client.get("/bugsby-api/bugs?release=main").problem(404);
      client.get("/bugsby-api/bugs/1").problem(404);
    }
    Production.shared().as("admin").get("/bugsby-api/bugs?release=main").problem(404);
  }
}

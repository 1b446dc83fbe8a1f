package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trackersync.secret.Secrets;

class ConnectionsApiTest {
  private static final String CANARY = "ghp_canary_7Qz1";

  private final ApiServer server = ApiServer.shared();
  private final ApiClient admin = server.as("admin");

  @Test
  @DisplayName("ISSUE-2 a token goes in encrypted and never comes out, in no answer and no log")
  void tokenNeverComesOut() {
    StringBuilder answers = new StringBuilder();
    List<String> log;
    JsonNode made;
    try (SilentLog silent = new SilentLog()) {
      ApiClient.Answer created =
          admin.post("/api/connections", connection("c-token", CANARY)).is(201);
      made = created.json();
      assertThat(created.header("location"))
          .isEqualTo("/api/connections/" + made.get("id").asText());
      answers.append(created.body());
      String path = "/api/connections/" + made.get("id").asText();
      answers.append(admin.get(path).is(200).body());
      answers.append(admin.get("/api/connections?limit=200").is(200).body());
      answers.append(
          admin.patch(path, "{\"token\":\"" + CANARY + "2\",\"schedule\":\"x\"}").is(400).body());
      answers.append(admin.patch(path, "{\"token\":\"" + CANARY + " \\u0007\"}").is(400).body());
      answers.append(
          admin.patch(path, "{\"token\":\"" + CANARY + "\",\"" + CANARY + "\":1}").body());
      answers.append(admin.patch(path, "{\"token\":[\"" + CANARY + "\"]}").is(400).body());
      answers.append(admin.post("/api/connections", connection("c-token", CANARY)).is(409).body());
      answers.append(admin.post(path + "/test", null).is(200).body());
      log = silent.lines();
    }
    assertThat(answers.toString()).doesNotContain(CANARY);
    assertThat(log).isNotEmpty().noneMatch(line -> line.contains(CANARY));
    assertThat(made.get("hasToken").asBoolean()).isTrue();
    UUID id = UUID.fromString(made.get("id").asText());
    byte[] sealed =
        ApiServer.sql()
            .queryForObject(
                "select token_encrypted from connections where id = ?", byte[].class, id);
    assertThat(new String(sealed, java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain(CANARY);
    Secrets secrets = server.camel().getRegistry().lookupByNameAndType("secrets", Secrets.class);
    assertThat(secrets.decrypt(id, sealed)).isEqualTo(CANARY);
  }

  @Test
  void defaultsAreFilledIn() {
    JsonNode made =
        admin
            .post(
                "/api/connections",
                "{\"name\":\"c-plain\",\"tracker\":\"github\",\"url\":\"https://github.com/a/b\"}")
            .is(201)
            .json();
    assertThat(made.get("sinks").toString()).isEqualTo("[\"postgres\"]");
    assertThat(made.get("enabled").asBoolean()).isTrue();
    assertThat(made.get("hasToken").asBoolean()).isFalse();
    assertThat(made.get("scheduleZone").asText()).isEqualTo("UTC");
    assertThat(made.get("nextRunAt").isNull()).isTrue();
    assertThat(made.get("settings").toString()).isEqualTo("{}");
    assertThat(made.get("declaredIn").asText()).isEqualTo("api");
  }

  @Test
  void scheduleSaysWhenItRunsNext() {
    JsonNode made =
        admin
            .post(
                "/api/connections",
                "{\"name\":\"c-schedule\",\"tracker\":\"github\",\"url\":\"https://github.com/a/s\","
                    + "\"schedule\":\"15m\"}")
            .is(201)
            .json();
    assertThat(Instant.parse(made.get("nextRunAt").asText())).isAfter(Instant.now());
  }

  @Test
  void changeLeavesAloneWhatItDoesNotName() {
    JsonNode made = make("c-change");
    String path = "/api/connections/" + made.get("id").asText();
    JsonNode changed =
        admin
            .patch(
                path,
                "{\"schedule\":\"0 0 3 * * ?\",\"scheduleZone\":\"Europe/Berlin\","
                    + "\"settings\":{\"streams\":\"issues\"}}")
            .is(200)
            .json();
    assertThat(changed.get("hasToken").asBoolean()).isTrue();
    assertThat(changed.get("sinks")).isEqualTo(made.get("sinks"));
    assertThat(changed.get("schedule").asText()).isEqualTo("0 0 3 * * ?");
    JsonNode wiped = admin.patch(path, "{\"token\":null,\"schedule\":null}").is(200).json();
    assertThat(wiped.get("hasToken").asBoolean()).isFalse();
    assertThat(wiped.get("schedule").isNull()).isTrue();
    assertThat(wiped.get("nextRunAt").isNull()).isTrue();
    assertThat(wiped.get("scheduleZone").asText()).isEqualTo("Europe/Berlin");
    assertThat(wiped.get("settings").get("streams").asText()).isEqualTo("issues");
    assertThat(admin.patch(path, "{\"enabled\":false}").is(200).json().get("enabled").asBoolean())
        .isFalse();
  }

  @Test
  @DisplayName("CORE-14 a stored token never follows its connection to another address")
  void tokenDoesNotFollowToAnotherAddress() {
    JsonNode made = make("c-address");
    String path = "/api/connections/" + made.get("id").asText();
    JsonNode kept = admin.patch(path, "{\"settings\":{\"streams\":\"issues\"}}").is(200).json();
    assertThat(kept.get("hasToken").asBoolean()).isTrue();
    String elsewhere = "\"settings\":{\"api-url\":\"https://proxy.example/api\"}";
    JsonNode moved = admin.patch(path, "{" + elsewhere + "}").is(200).json();
    assertThat(moved.get("hasToken").asBoolean()).isFalse();
    JsonNode again =
        admin
            .patch(
                path,
                "{\"settings\":{\"api-url\":\"https://other.example\"},\"token\":\"ghp_new\"}")
            .is(200)
            .json();
    assertThat(again.get("hasToken").asBoolean()).isTrue();
  }

  @Test
  void removedConnectionIsGoneItsTokenWipedAndItsNameBringsItBack() {
    JsonNode made = make("c-removed");
    String path = "/api/connections/" + made.get("id").asText();
    UUID id = UUID.fromString(made.get("id").asText());
    admin.delete(path).is(204);
    admin.get(path).problem(404);
    admin.delete(path).problem(404);
    Map<String, Object> row =
        ApiServer.sql()
            .queryForMap("select token_encrypted, removed_at from connections where id = ?", id);
    assertThat(row.get("token_encrypted")).isNull();
    assertThat(row.get("removed_at")).isNotNull();

    admin
        .post(
            "/api/connections",
            "{\"name\":\"c-removed\",\"tracker\":\"github\",\"url\":\"https://github.com/x/y\"}")
        .problem(409);
    JsonNode revived =
        admin.post("/api/connections", connection("c-removed", "ghp_new")).is(201).json();
    assertThat(revived.get("id")).isEqualTo(made.get("id"));
    assertThat(revived.get("enabled").asBoolean()).isTrue();
    Secrets secrets = server.camel().getRegistry().lookupByNameAndType("secrets", Secrets.class);
    byte[] sealed =
        ApiServer.sql()
            .queryForObject(
                "select token_encrypted from connections where id = ?", byte[].class, id);
    assertThat(secrets.decrypt(id, sealed)).isEqualTo("ghp_new");
  }

  @Test
  @DisplayName("ISSUE-23 a connection with a running operation is not removed: 409 names it")
  void runningConnectionIsNotRemoved() {
    JsonNode made = make("c-running");
    String path = "/api/connections/" + made.get("id").asText();
    JsonNode operation = server.as("member").post(path + "/sync", "{}").is(202).json();
    JsonNode problem = admin.delete(path).problem(409);
    assertThat(problem.get("operation")).isEqualTo(operation.get("id"));
    assertThat(admin.get(path).is(200).json().get("hasToken").asBoolean()).isTrue();
    admin.delete("/api/operations/" + operation.get("id").asText()).is(200);
    admin.delete(path).is(204);
  }

  @Test
  void takenNameIsRefused() {
    make("c-taken");
    admin.post("/api/connections", connection("c-taken", "other")).problem(409);
  }

  @Test
  void connectionOfTheSettingsIsChangedThere() {
    JsonNode made = make("c-declared");
    ApiServer.sql()
        .update("update connections set declared_in = 'settings' where name = ?", "c-declared");
    String path = "/api/connections/" + made.get("id").asText();
    assertThat(admin.patch(path, "{\"enabled\":false}").problem(409).get("cure").asText())
        .contains("connection.c-declared.");
    admin.delete(path).problem(409);
  }

  @Test
  void changesAreInTheAuditLog() {
    JsonNode made = make("c-audit");
    String path = "/api/connections/" + made.get("id").asText();
    admin.patch(path, "{\"token\":\"ghp_secret9\"}").is(200);
    admin.delete(path).is(204);
    List<Map<String, Object>> entries =
        ApiServer.sql()
            .queryForList(
                "select actor, action, detail::text from audit_log where target = ? order by id",
                made.get("id").asText());
    assertThat(entries)
        .extracting(it -> it.get("action"))
        .containsExactly("connection.create", "connection.update", "connection.delete");
    assertThat(entries).allMatch(it -> it.get("actor").equals("admin@example.org"));
    assertThat(entries.toString()).doesNotContain("ghp_");
  }

  @ParameterizedTest
  @DisplayName("ISSUE-44 hostile or wrong fields get 400 with the field's name")
  @ValueSource(
      strings = {
        "{\"name\":\"Bad Name\"}",
        "{\"name\":\"x';drop table connections;--\"}",
        "{\"url\":\"ftp://github.com/a/b\"}",
        "{\"url\":\"https://github.com/{{env:HOME}}\"}",
        "{\"url\":\"https://user:pass@github.com/a/b\"}",
        "{\"url\":\"https://github.com/a/b#c\"}",
        "{\"url\":\"javascript:alert(1)\"}",
        "{\"url\":\"file:///etc/passwd\"}",
        "{\"url\":\"https://a b/c\"}",
        "{\"tracker\":\"nosuch\"}",
        "{\"tracker\":5}",
        "{\"sinks\":[]}",
        "{\"sinks\":[\"nosuch\"]}",
        "{\"schedule\":\"often\"}",
        "{\"schedule\":\"0s\"}",
        "{\"schedule\":\"0 0 3 31 2 ? 2020\"}",
        "{\"scheduleZone\":\"Mars/Base\",\"schedule\":\"15m\"}",
        "{\"scheduleJitterMs\":-1}",
        "{\"scheduleJitterMs\":\"5\"}",
        "{\"enabled\":\"yes\"}",
        "{\"settings\":{\"api-url\":\"gopher://x\"}}",
        "{\"settings\":{\"api-url\":\"${bean:x}\"}}",
        "{\"settings\":{\"Weird Key\":\"x\"}}",
        "{\"id\":\"5f0c954e-36a3-4d6a-b1d5-b0f9f3a5cf0a\"}",
        "{\"hasToken\":true}",
        "{\"declaredIn\":\"settings\"}",
        "{\"__proto__\":{}}",
        "{\"token\":\"a\\u0000b\"}",
        "{\"token\":\"a\\nb\"}",
      })
  void wrongFieldIsRefused(String fields) {
    String rest = fields.substring(1, fields.length() - 1);
    StringBuilder body = new StringBuilder("{").append(rest);
    Map.of("name", "c-wrong", "tracker", "github", "url", "https://github.com/a/b")
        .forEach(
            (name, value) -> {
              if (!rest.contains("\"" + name + "\":")) {
                body.append(",\"").append(name).append("\":\"").append(value).append('"');
              }
            });
    JsonNode problem = admin.post("/api/connections", body.append('}').toString()).problem(400);
    assertThat(problem.get("errors")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"x\"",
        "{",
        "{\"name\":\"c-x\",\"name\":\"c-y\"}",
        "{\"name\":\"c-x\"} {}",
        "{\"tracker\":\"github\"}",
      })
  void bodyThatIsNoConnectionIsRefused(String body) {
    admin.post("/api/connections", body).problem(400);
  }

  @Test
  void deepBodyIsRefused() {
    admin.post("/api/connections", "[".repeat(100_000)).problem(400);
    admin
        .post("/api/connections", "{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000))
        .problem(400);
  }

  @ParameterizedTest
  @DisplayName("API7 outside development an address of this machine or its link is refused")
  @ValueSource(
      strings = {
        "http://127.0.0.1/a/b",
        "http://[::1]/a/b",
        "http://0x7f000001/a/b",
        "http://2130706433/a/b",
        "http://169.254.169.254/a/b",
        "http://[fd00::1]/a/b",
        "http://0.0.0.0/a/b",
        "http://localhost/a/b",
      })
  void ownAddressIsRefused(String url) {
    Production.shared()
        .as("admin")
        .post(
            "/api/connections",
            "{\"name\":\"c-ssrf\",\"tracker\":\"github\",\"url\":\"" + url + "\"}")
        .problem(400);
  }

  @Test
  void listIsPagedByName() {
    for (char c = 'a'; c <= 'e'; c++) {
      make("c-page-" + c);
    }
    String cursor = "";
    StringBuilder names = new StringBuilder();
    do {
      JsonNode page =
          admin
              .get("/api/connections?limit=3" + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
              .is(200)
              .json();
      page.get("items").forEach(it -> names.append(it.get("name").asText()).append(' '));
      cursor = page.get("nextCursor").isNull() ? "" : page.get("nextCursor").asText();
    } while (!cursor.isEmpty());
    List<String> all =
        ApiServer.sql()
            .queryForList(
                "select name from connections where removed_at is null order by name",
                String.class);
    assertThat(names.toString().trim().split(" ")).containsExactlyElementsOf(all);
    assertThat(admin.get("/api/connections?tracker=shortcut").is(200).json().get("items"))
        .isEmpty();
    assertThat(admin.get("/api/connections?name=c-page-b").is(200).json().get("items")).hasSize(1);
  }

  @Test
  void testOfAConnectionSaysWhatTheSourceSaid() {
    JsonNode made = make("c-test");
    JsonNode result =
        server
            .as("member")
            .post("/api/connections/" + made.get("id").asText() + "/test", null)
            .is(200)
            .json();
    assertThat(result.get("ok").asBoolean()).isTrue();
    assertThat(result.get("scopes").toString()).isEqualTo("\"repo\"");
    server.as("member").post("/api/connections/" + UUID.randomUUID() + "/test", null).problem(404);
  }

  @Test
  @DisplayName("16.5.1 what a route throws stays in the log; the caller gets the exchange's id")
  void failureInsideARouteShowsNothing() {
    JsonNode made = make("broken");
    JsonNode problem =
        admin.post("/api/connections/" + made.get("id").asText() + "/test", null).problem(500);
    assertThat(problem.get("exchange").asText()).isNotBlank();
    assertThat(problem.toString()).doesNotContain("secret").doesNotContain("line 3");
  }

  private JsonNode make(String name) {
    return admin.post("/api/connections", connection(name, "ghp_x")).is(201).json();
  }

  static String connection(String name, String token) {
    return "{\"name\":\"%s\",\"tracker\":\"github\",\"url\":\"https://github.com/acme/%s\",\"token\":\"%s\"}"
        .formatted(name, name, token);
  }
}

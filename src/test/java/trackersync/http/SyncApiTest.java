package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SyncApiTest {
  private final ApiServer server = ApiServer.shared();
  private final ApiClient member = server.as("member");

  @Test
  @DisplayName("ISSUE-38 an operation that takes longer is 202 with its address")
  void longOperationIsAccepted() {
    ApiClient.Answer answer = member.post(sync("s-long"), "{}").is(202);
    JsonNode operation = answer.json();
    assertThat(answer.header("location"))
        .isEqualTo("/api/operations/" + operation.get("id").asText());
    assertThat(operation.get("status").asText()).isEqualTo("Pending");
    assertThat(operation.get("syncType").asText()).isEqualTo("Full");
    assertThat(operation.get("requestedBy").asText()).isEqualTo("member@example.org");
    assertThat(operation.get("trigger").asText()).isEqualTo("manual");
    member.get(answer.header("location")).is(200);
  }

  @Test
  @DisplayName("ISSUE-38 a small operation that is over in time is 200 with results")
  void smallOperationIsAnsweredWithResults() {
    JsonNode operation = member.post(sync("quick-small"), "{}").is(200).json();
    assertThat(operation.get("status").asText()).isEqualTo("Completed");
    assertThat(operation.get("results").get("created").asInt()).isEqualTo(2);
  }

  @Test
  @DisplayName("ISSUE-38 more than sync.answer-threshold records are 202, over or not")
  void largeOperationIsAccepted() {
    member.post(sync("quick-many"), "{}").is(202);
  }

  @Test
  @DisplayName("ISSUE-23 a second call is 409 and names the running operation")
  void secondOperationIsRefused() {
    String path = sync("s-twice");
    JsonNode first = member.post(path, "{}").is(202).json();
    JsonNode problem = member.post(path, "{}").problem(409);
    assertThat(problem.get("operation")).isEqualTo(first.get("id"));
    assertThat(problem.get("cure").asText()).isNotBlank();
  }

  @Test
  @DisplayName("ISSUE-43 closed issues need a confirmation, and nothing starts without")
  void closedIssuesNeedAConfirmation() {
    String path = sync("s-closed");
    JsonNode asked = member.post(path, "{\"includeClosed\":true}").is(200).json();
    assertThat(asked.get("requiresConfirmation").asBoolean()).isTrue();
    assertThat(asked.get("reasons").toString()).isEqualTo("[\"includeClosed\"]");
    assertThat(asked.get("id")).isNull();
    assertThat(operations("s-closed")).isZero();
    member.post(path, "{\"includeClosed\":true,\"confirm\":[]}").is(200);
    assertThat(operations("s-closed")).isZero();
    JsonNode started =
        member
            .post(path, "{\"includeClosed\":true,\"confirm\":[\"includeClosed\"]}")
            .is(202)
            .json();
    assertThat(started.get("includeClosed").asBoolean()).isTrue();
  }

  @Test
  void repeatedIdempotencyKeyGivesTheFirstOperation() {
    String path = sync("s-key");
    ApiClient keyed = member.with("Idempotency-Key", "key-1");
    JsonNode first = keyed.post(path, "{}").is(202).json();
    assertThat(keyed.post(path, "{}").is(202).json().get("id")).isEqualTo(first.get("id"));
    assertThat(operations("s-key")).isEqualTo(1);
    member.delete("/api/operations/" + first.get("id").asText()).is(200);
    JsonNode over = keyed.post(path, "{}").is(200).json();
    assertThat(over.get("id")).isEqualTo(first.get("id"));
    assertThat(over.get("status").asText()).isEqualTo("Failed");
    assertThat(over.get("error").asText()).contains("cancelled by member@example.org");
    assertThat(operations("s-key")).isEqualTo(1);
    assertThat(keyed.post(path, "{\"syncType\":\"IssuesOnly\"}").problem(409).get("operation"))
        .isEqualTo(first.get("id"));
    keyed.post(sync("s-key-other"), "{}").problem(409);
    server.as("manager").with("Idempotency-Key", "key-1").post(path, "{}").is(202);
    member.with("Idempotency-Key", "a b").post(path, "{}").problem(400);
    member.with("Idempotency-Key", "k".repeat(201)).post(path, "{}").problem(400);
  }

  @Test
  void disabledConnectionIsRefusedWithTheCure() {
    String path = sync("s-disabled");
    ApiServer.sql()
        .update(
            "update connections set enabled = false, disabled_reason = 'token rejected'"
                + " where name = 's-disabled'");
    JsonNode problem = member.post(path, "{}").problem(409);
    assertThat(problem.get("detail").asText()).contains("token rejected");
    assertThat(problem.get("cure").asText()).contains("enabled");
  }

  @Test
  @DisplayName("ISSUE-42 checks come in the order 401, 403, 404, 400, 409, confirmation")
  void checksComeInOrder() {
    String path = sync("s-order");
    String unknown = "/api/connections/" + UUID.randomUUID() + "/sync";
    String bad = "{\"syncType\":\"Half\",\"includeClosed\":true}";
    server.nobody().post(unknown, bad).problem(401);
    server.as("viewer").post(unknown, bad).problem(403);
    member.post(unknown, bad).problem(404);
    member.post(path, "{}").is(202);
    member.post(path, bad).problem(400);
    member.post(path, "{\"includeClosed\":true}").problem(409);
  }

  @Test
  @DisplayName("ISSUE-44 the body is checked")
  void wrongBodyIsRefused() {
    String path = sync("s-body");
    for (String body :
        new String[] {
          "{\"syncType\":\"full\"}",
          "{\"includeClosed\":\"true\"}",
          "{\"includeClosed\":1}",
          "{\"confirm\":\"includeClosed\"}",
          "{\"confirm\":[\"everything\"]}",
          "{\"extra\":1}",
          "[]",
          "",
        }) {
      member.post(path, body).problem(400);
    }
    assertThat(operations("s-body")).isZero();
  }

  @Test
  @DisplayName("CORE-4 all connections of a tracker start with one call")
  void trackerSyncStartsEveryConnection() {
    String one = connect("t-one", "gitlab");
    connect("t-two", "gitlab");
    String off = connect("t-off", "gitlab");
    ApiServer.sql().update("update connections set enabled = false where id = ?::uuid", off);
    member.post("/api/connections/" + one + "/sync", "{}").is(202);
    JsonNode asked =
        member.post("/api/trackers/gitlab/sync", "{\"includeClosed\":true}").is(200).json();
    assertThat(asked.get("requiresConfirmation").asBoolean()).isTrue();
    JsonNode started =
        member
            .with("Idempotency-Key", "tracker-1")
            .post("/api/trackers/gitlab/sync", "{}")
            .is(202)
            .json();
    assertThat(started.get("operations")).hasSize(2);
    assertThat(started.get("operations").findValuesAsText("outcome"))
        .containsExactly("running", "started");
    assertThat(started.get("operations").findValuesAsText("connection"))
        .containsExactly("t-one", "t-two");
    member.post("/api/trackers/gitlab/sync", "{}").problem(409);
    member.post("/api/trackers/nosuch/sync", "{\"x\":1}").problem(404);

    JsonNode status = server.as("viewer").get("/api/trackers/gitlab/status").is(200).json();
    assertThat(status.get("connections").findValuesAsText("name"))
        .containsExactly("t-off", "t-one", "t-two");
    assertThat(status.get("connections").get(1).get("operation").get("status").asText())
        .isEqualTo("Pending");
    server.as("viewer").get("/api/trackers/nosuch/status").problem(404);
  }

  @Test
  @DisplayName("ISSUE-28 a running operation is cancelled")
  void operationIsCancelled() {
    JsonNode pending = member.post(sync("s-cancel"), "{}").is(202).json();
    String path = "/api/operations/" + pending.get("id").asText();
    JsonNode over = member.delete(path).is(200).json();
    assertThat(over.get("status").asText()).isEqualTo("Failed");
    assertThat(over.get("cancelledBy").asText()).isEqualTo("member@example.org");
    member.delete(path).is(200);
    member.delete("/api/operations/" + UUID.randomUUID()).problem(404);

    JsonNode running = member.post(sync("s-cancel-running"), "{}").is(202).json();
    ApiServer.sql()
        .update(
            "update operations set status = 'InProgress' where id = ?::uuid",
            running.get("id").asText());
    JsonNode ending = member.delete("/api/operations/" + running.get("id").asText()).is(202).json();
    assertThat(ending.get("status").asText()).isEqualTo("InProgress");
  }

  private String sync(String name) {
    return "/api/connections/" + connect(name, "github") + "/sync";
  }

  private String connect(String name, String tracker) {
    return server
        .as("admin")
        .post(
            "/api/connections",
            "{\"name\":\"%s\",\"tracker\":\"%s\",\"url\":\"https://example.org/acme/%s\"}"
                .formatted(name, tracker, name))
        .is(201)
        .json()
        .get("id")
        .asText();
  }

  private static int operations(String connection) {
    return ApiServer.sql()
        .queryForObject(
            "select count(*) from operations o join connections c on c.id = o.connection_id"
                + " where c.name = ?",
            Integer.class,
            connection);
  }
}

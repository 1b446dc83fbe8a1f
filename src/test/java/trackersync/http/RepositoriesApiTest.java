package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trackersync.secret.Secrets;

/** Repositories of a project and their syncs, as the reference words them. */
class RepositoriesApiTest {
  private static final String CANARY = "canary_5kPq";
  private static final AtomicInteger INSIDE = new AtomicInteger();
  private static String project;

  private final ApiServer server = ApiServer.shared();
  private final ApiClient admin = server.as("admin");

  @Test
  @DisplayName("ISSUE-1 ISSUE-3 ISSUE-4 a repository has the shape of the reference")
  void repositoryHasTheShape() {
    ApiClient.Answer answer = admin.post(base(), repository("Acme/Shape.git", "")).is(201);
    JsonNode made = answer.json();
    assertThat(answer.header("location")).isEqualTo(base() + "/" + made.get("id").asText());
    assertThat(made.get("projectId").asText()).isEqualTo(project());
    assertThat(made.get("repositoryUrl").asText()).isEqualTo("https://github.com/Acme/Shape.git");
    assertThat(made.get("serviceType").asText()).isEqualTo("GitHub");
    assertThat(made.get("name").asText()).isEqualTo("acme-shape");
    assertThat(made.get("isActive").asBoolean()).isTrue();
    assertThat(made.get("lastSyncAt").isNull()).isTrue();
    assertThat(made.get("createdAt").asText()).isNotBlank();
    assertThat(admin.get(base() + "/" + made.get("id").asText()).is(200).json()).isEqualTo(made);
    assertThat(admin.get(base() + "?limit=200").is(200).json().get("items").findValuesAsText("id"))
        .contains(made.get("id").asText());
  }

  @Test
  @DisplayName("ISSUE-1 an address is connected once, whatever the case of its host")
  void addressIsUnique() {
    admin.post(base(), repository("acme/once", "")).is(201);
    for (String url :
        List.of(
            "https://github.com/acme/once",
            "https://GitHub.COM/acme/once",
            "https://github.com/acme/once/",
            "https://github.com/acme/once.git")) {
      JsonNode problem =
          admin
              .post(base(), "{\"repositoryUrl\":\"" + url + "\",\"serviceType\":\"GitHub\"}")
              .problem(409);
      assertThat(problem.get("detail").asText()).contains("address");
    }
    // the name of the second one is made up around the first
    assertThat(
            admin
                .post(
                    base(),
                    "{\"repositoryUrl\":\"https://gitlab.com/acme/once\",\"serviceType\":\"GitLab\"}")
                .is(201)
                .json()
                .get("name")
                .asText())
        .isEqualTo("acme-once-2");
  }

  @Test
  @DisplayName("ISSUE-2 both secrets go in encrypted, bound to row and kind, and never come out")
  void secretsNeverComeOut() {
    StringBuilder answers = new StringBuilder();
    List<String> log;
    JsonNode made;
    try (SilentLog silent = new SilentLog()) {
      String secrets = ",\"accessToken\":\"" + CANARY + "\",\"webhookSecret\":\"" + CANARY + "w\"";
      made = admin.post(base(), repository("acme/secret", secrets)).is(201).json();
      String path = base() + "/" + made.get("id").asText();
      answers.append(made);
      answers.append(admin.get(path).is(200).body());
      answers.append(admin.get(base()).is(200).body());
      answers.append(admin.patch(path, "{\"webhookSecret\":\"" + CANARY + " x\"}").is(400).body());
      answers.append(admin.patch(path, "{\"accessToken\":[\"" + CANARY + "\"]}").is(400).body());
      answers.append(admin.post(base(), repository("acme/secret", secrets)).is(409).body());
      log = silent.lines();
    }
    assertThat(answers.toString()).doesNotContain(CANARY);
    assertThat(log).noneMatch(line -> line.contains(CANARY));
    assertThat(made.get("hasAccessToken").asBoolean()).isTrue();
    assertThat(made.get("hasWebhookSecret").asBoolean()).isTrue();
    UUID id = UUID.fromString(made.get("id").asText());
    Secrets secrets = server.camel().getRegistry().lookupByNameAndType("secrets", Secrets.class);
    byte[] sealed = column(id, "webhook_secret_encrypted");
    assertThat(secrets.decrypt(id, ConnectionRules.WEBHOOK_SECRET, sealed)).isEqualTo(CANARY + "w");
    assertThat(secrets.decrypt(id, column(id, "token_encrypted"))).isEqualTo(CANARY);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> secrets.decrypt(id, sealed))
        .isInstanceOf(IllegalStateException.class);

    String path = base() + "/" + id;
    JsonNode wiped =
        admin.patch(path, "{\"webhookSecret\":null,\"isActive\":false}").is(200).json();
    assertThat(wiped.get("hasWebhookSecret").asBoolean()).isFalse();
    assertThat(wiped.get("hasAccessToken").asBoolean()).isTrue();
    assertThat(wiped.get("isActive").asBoolean()).isFalse();
    JsonNode moved =
        admin
            .patch(path, "{\"settings\":{\"api-url\":\"https://elsewhere.example/api\"}}")
            .is(200)
            .json();
    assertThat(moved.get("hasAccessToken").asBoolean())
        .as("a token never follows to another address")
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://github.com/acme/x",
        "https://127.0.0.1/acme/x",
        "https://[::1]/acme/x",
        "https://0x7f000001/acme/x",
        "https://2130706433/acme/x",
        "https://169.254.169.254/acme/x",
        "https://10.1.2.3/acme/x",
        "https://192.168.1.1/acme/x",
        "https://[fd00::1]/acme/x",
        "https://localhost/acme/x",
        "https://github.com@127.0.0.1/acme/x",
        "https://github.com.evil.test/acme/x",
        "https://github.com\\\\@evil.test/acme/x",
        "https://github.com/acme/x#y",
        "https://github.com/acme/x?y=1",
        "https://github.com/acme/x\\ty",
        "https://github.com/acme/x y",
        "https://gіthub.com/acme/x",
        "file:///etc/passwd",
        "gopher://github.com/acme/x",
        "jar:https://github.com/acme/x",
        "https://github.com/acme/{{env:HOME}}",
        "https://github.com/acme/${sys.java.version}",
        "https://github.com/acme/../../x",
        "https://github.com/acme",
        "https://github.com",
        "https://gitlab.com/acme/x",
        "github.com/acme/x",
        "",
      })
  @DisplayName("B-07 ISSUE-13 a hostile or useless repository address is refused in words")
  void hostileAddressIsRefused(String url) {
    JsonNode problem =
        admin
            .post(base(), "{\"repositoryUrl\":\"" + url + "\",\"serviceType\":\"GitHub\"}")
            .problem(400);
    assertThat(problem.get("errors").get(0).get("at").asText()).isEqualTo("repositoryUrl");
    assertThat(
            ApiServer.sql()
                .queryForObject(
                    "select count(*) from connections where url = ?", Integer.class, url))
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8481/observe",
        "http://localhost/x",
        "http://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/api",
        "http://192.168.0.1",
        "http://[fd00::1]/",
        "http://[::1]:80/",
        "https://user:word@example.org/",
        "file:///etc/passwd",
        "https://example.org/#x",
        "{{env:HOME}}",
      })
  @DisplayName("B-07 settings of a repository lead nowhere inside")
  void settingsLeadNowhereInside(String address) {
    String id = ProjectsApiTest.project(server, "INSIDE" + INSIDE.incrementAndGet());
    ApiClient production = Production.shared().as("admin");
    JsonNode problem =
        production
            .post(
                "/api/projects/" + id + "/repositories",
                repository("acme/inside", ",\"settings\":{\"api-url\":\"" + address + "\"}"))
            .problem(400);
    assertThat(problem.get("errors").get(0).get("at").asText()).isEqualTo("settings.api-url");
  }

  @Test
  @DisplayName("ISSUE-1 unknown service, unknown field, too long an address, bad settings: 400")
  void badFieldsAreRefused() {
    for (String body :
        List.of(
            "{\"repositoryUrl\":\"https://github.com/a/bad\",\"serviceType\":\"Gitea\"}",
            "{\"repositoryUrl\":\"https://github.com/a/bad\",\"serviceType\":\"github\"}",
            "{\"serviceType\":\"GitHub\"}",
            "{\"repositoryUrl\":null,\"serviceType\":\"GitHub\"}",
            repository("a/bad", ",\"id\":\"x\""),
            repository("a/bad", ",\"projectId\":\"" + project() + "\""),
            repository("a/bad", ",\"lastSyncAt\":\"2026-01-01T00:00:00Z\""),
            repository("a/bad", ",\"isActive\":\"yes\""),
            repository("a/bad", ",\"schedule\":\"sometimes\""),
            repository("a/bad", ",\"settings\":{\"api-url\":\"{{env:HOME}}\"}"),
            repository("a/" + "b".repeat(400), ""))) {
      admin.post(base(), body).problem(400);
    }
    assertThat(
            ApiServer.sql()
                .queryForObject(
                    "select count(*) from connections where url ~ '/a/(bad|bbbb)'", Integer.class))
        .isZero();
    String path = base() + "/" + make("a/unchanged");
    admin.patch(path, "{\"repositoryUrl\":\"https://github.com/a/other\"}").problem(400);
    admin.patch(path, "{\"serviceType\":\"GitLab\"}").problem(400);
    admin.patch(path, "{}").problem(400);
  }

  @Test
  @DisplayName("ISSUE-1 a removed repository is gone, its secrets wiped, its address free again")
  void repositoryIsRemoved() {
    String id = make("acme/removed");
    admin.delete(base() + "/" + id).is(204);
    admin.get(base() + "/" + id).problem(404);
    admin.delete(base() + "/" + id).problem(404);
    admin.post(base() + "/" + id + "/sync", "{}").problem(404);
    make("acme/removed");
  }

  @Test
  @DisplayName("ISSUE-39 ISSUE-17 ISSUE-18 ISSUE-38 a sync is 202 and a SyncOperation")
  void syncIsAnOperation() {
    String path = base() + "/" + make("acme/long") + "/sync";
    ApiClient.Answer answer =
        admin.post(path, "{\"syncType\":\"SecurityOnly\",\"confirm\":[\"activeWebhook\"]}");
    JsonNode operation = answer.is(202).json();
    assertThat(answer.header("location")).isEqualTo(path + "/" + operation.get("id").asText());
    assertThat(operation.get("status").asText()).isEqualTo("Pending");
    assertThat(operation.get("syncType").asText()).isEqualTo("SecurityOnly");
    assertThat(operation.get("includeClosed").asBoolean()).isFalse();
    assertThat(operation.get("projectId").asText()).isEqualTo(project());
    assertThat(
            ApiServer.sql()
                .queryForObject(
                    "select email from users where id = ?::uuid",
                    String.class,
                    operation.get("userId").asText()))
        .isEqualTo("admin@example.org");
    assertThat(admin.get(answer.header("location")).is(200).json().get("id"))
        .isEqualTo(operation.get("id"));
    assertThat(admin.get(path + "?status=Pending").is(200).json().get("items")).hasSize(1);
    assertThat(admin.get(path + "?status=Failed").is(200).json().get("items")).isEmpty();
    admin.get(path + "?status=Unknown").problem(400);
  }

  @Test
  @DisplayName("ISSUE-38 a small sync is answered with its results")
  void smallSyncIsAnswered() {
    String path = base() + "/" + make("quick/small") + "/sync";
    JsonNode operation = admin.post(path, "{\"confirm\":[\"activeWebhook\"]}").is(200).json();
    assertThat(operation.get("status").asText()).isEqualTo("Completed");
    assertThat(operation.get("results").get("created").asInt()).isEqualTo(2);
    String events = admin.get(path + "/" + operation.get("id").asText() + "/events").is(200).body();
    assertThat(events).startsWith("event: end\ndata: {").contains("repositoryConnectionId");
  }

  @Test
  @DisplayName("ISSUE-42 ISSUE-43 each reason is confirmed by name, and nothing starts before")
  void reasonsAreConfirmed() {
    String id = make("acme/confirm");
    String path = base() + "/" + id + "/sync";
    assertThat(reasons(path, "{}")).isEqualTo("[\"activeWebhook\"]");
    assertThat(reasons(path, "{\"includeClosed\":true}"))
        .isEqualTo("[\"activeWebhook\",\"includeClosed\"]");
    assertThat(reasons(path, "{\"includeClosed\":true,\"confirm\":[\"activeWebhook\"]}"))
        .isEqualTo("[\"includeClosed\"]");
    assertThat(reasons(path, "{\"includeClosed\":true,\"confirm\":[\"includeClosed\"]}"))
        .isEqualTo("[\"activeWebhook\"]");
    assertThat(operations(id)).isZero();
    admin.patch(base() + "/" + id, "{\"isActive\":false}").is(200);
    assertThat(reasons(path, "{\"includeClosed\":true}")).isEqualTo("[\"includeClosed\"]");
    assertThat(operations(id)).isZero();
    admin.post(path, "{}").is(202);
  }

  @Test
  @DisplayName("ISSUE-42 checks come in the order 401, 403, 404, 400, 409, confirmation")
  void checksComeInOrder() {
    member("reads@example.org", "viewer");
    member("works@example.org", "member");
    ApiClient reads = server.as("manager", "reads@example.org");
    ApiClient works = server.as("viewer", "works@example.org");
    String unknown = base() + "/" + UUID.randomUUID() + "/sync";
    String id = make("acme/order");
    String path = base() + "/" + id + "/sync";
    String bad = "{\"syncType\":\"Half\",\"includeClosed\":true}";
    server.nobody().post(unknown, bad).problem(401);
    reads.post(unknown, bad).problem(403);
    reads.post(path, "{}").problem(403);
    server.as("manager", "foreign@example.org").post(path, bad).problem(404);
    works.post(unknown, bad).problem(404);
    String elsewhere =
        "/api/projects/" + ProjectsApiTest.project(server, "ORDER") + "/repositories/" + id;
    admin.post(elsewhere + "/sync", bad).problem(404);
    works.post(elsewhere + "/sync", bad).problem(404);
    works.post(path, "{\"confirm\":[\"activeWebhook\"]}").is(202);
    works.post(path, bad).problem(400);
    works.post(path, "{\"includeClosed\":true}").problem(409);
  }

  @Test
  @DisplayName("ISSUE-23 a second sync is 409 and names the running operation")
  void secondSyncIsRefused() {
    String path = base() + "/" + make("acme/twice") + "/sync";
    JsonNode first = admin.post(path, "{\"confirm\":[\"activeWebhook\"]}").is(202).json();
    assertThat(admin.post(path, "{}").problem(409).get("operation")).isEqualTo(first.get("id"));
  }

  @Test
  @DisplayName("ISSUE-23 a repeated Idempotency-Key gives the operation the first call started")
  void repeatedKeyGivesTheFirstOperation() {
    String path = base() + "/" + make("acme/key") + "/sync";
    ApiClient keyed = admin.with("Idempotency-Key", "repository-key-1");
    String body = "{\"confirm\":[\"activeWebhook\"]}";
    ApiClient.Answer first = keyed.post(path, body).is(202);
    ApiClient.Answer again = keyed.post(path, body).is(202);
    assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));
    assertThat(again.header("location")).isEqualTo(first.header("location"));
    keyed.post(path, "{\"syncType\":\"IssuesOnly\"}").problem(409);
  }

  @Test
  @DisplayName("ISSUE-44 the body of a sync is checked")
  void wrongBodyIsRefused() {
    String id = make("acme/body");
    for (String body :
        List.of(
            "{\"syncType\":\"full\"}",
            "{\"includeClosed\":\"true\"}",
            "{\"includeClosed\":null,\"x\":1}",
            "{\"confirm\":[\"everything\"]}",
            "{\"confirm\":\"activeWebhook\"}",
            "[]",
            "")) {
      admin.post(base() + "/" + id + "/sync", body).problem(400);
    }
    assertThat(operations(id)).isZero();
  }

  @Test
  @DisplayName("ISSUE-45 ISSUE-28 an operation is found and cancelled under its own path only")
  void operationBelongsToItsRepository() {
    String one = base() + "/" + make("acme/cancel") + "/sync";
    String two = base() + "/" + make("acme/other") + "/sync";
    String id =
        admin.post(one, "{\"confirm\":[\"activeWebhook\"]}").is(202).json().get("id").asText();
    admin.get(two + "/" + id).problem(404);
    admin.get(two + "/" + id + "/events").problem(404);
    admin.delete(two + "/" + id).problem(404);
    admin.get(one.replace(project(), ProjectsApiTest.INBOX) + "/" + id).problem(404);
    JsonNode over = admin.delete(one + "/" + id).is(200).json();
    assertThat(over.get("status").asText()).isEqualTo("Failed");
    assertThat(over.get("error").asText()).isEqualTo("cancelled by admin@example.org");
    assertThat(over.get("completedAt").isNull()).isFalse();
  }

  @Test
  @DisplayName("ISSUE-40 the older paths show and do no more than the caller's projects allow")
  void olderPathsKeepToTheProjects() {
    String id = make("acme/older");
    String operation =
        admin
            .post(base() + "/" + id + "/sync", "{\"confirm\":[\"activeWebhook\"]}")
            .is(202)
            .json()
            .get("id")
            .asText();
    member("older.reads@example.org", "viewer");
    ApiClient reads = server.as("member", "older.reads@example.org");
    ApiClient stranger = server.as("member", "older.stranger@example.org");
    reads.get("/api/connections/" + id).is(200);
    reads.get("/api/operations/" + operation).is(200);
    reads.post("/api/connections/" + id + "/sync", "{}").problem(403);
    reads.post("/api/connections/" + id + "/test", null).problem(403);
    reads.delete("/api/operations/" + operation).problem(403);
    stranger.get("/api/connections/" + id).problem(404);
    stranger.get("/api/operations/" + operation).problem(404);
    stranger.get("/api/operations/" + operation + "/events").problem(404);
    stranger.post("/api/connections/" + id + "/sync", "{}").problem(404);
    stranger.delete("/api/operations/" + operation).problem(404);
    for (String list :
        List.of(
            "/api/connections?name=acme-older",
            "/api/operations?connection=acme-older",
            "/api/issues?connection=acme-older",
            "/api/set-aside?connection=acme-older")) {
      assertThat(stranger.get(list).is(200).json().get("items")).as(list).isEmpty();
    }
    assertThat(reads.get("/api/connections?name=acme-older").json().get("items")).hasSize(1);
    assertThat(reads.get("/api/operations?connection=acme-older").json().get("items")).hasSize(1);
    server.as("manager", "older.manager@example.org").get("/api/connections/" + id).is(200);
  }

  private String reasons(String path, String body) {
    JsonNode asked = admin.post(path, body).is(200).json();
    assertThat(asked.get("requiresConfirmation").asBoolean()).isTrue();
    return asked.get("reasons").toString();
  }

  private void member(String email, String role) {
    admin
        .send(
            "PUT",
            "/api/projects/" + project() + "/members",
            "{\"email\":\"" + email + "\",\"role\":\"" + role + "\"}")
        .is(200);
  }

  private String make(String path) {
    return admin.post(base(), repository(path, "")).is(201).json().get("id").asText();
  }

  private static String repository(String path, String more) {
    return "{\"repositoryUrl\":\"https://github.com/%s\",\"serviceType\":\"GitHub\"%s}"
        .formatted(path, more);
  }

  private String base() {
    return "/api/projects/" + project() + "/repositories";
  }

  private synchronized String project() {
    if (project == null) {
      project = ProjectsApiTest.project(server, "REPOS");
    }
    return project;
  }

  private static byte[] column(UUID id, String name) {
    return ApiServer.sql()
        .queryForObject("select " + name + " from connections where id = ?", byte[].class, id);
  }

  private static int operations(String connection) {
    return ApiServer.sql()
        .queryForObject(
            "select count(*) from operations where connection_id = ?::uuid",
            Integer.class,
            connection);
  }
}

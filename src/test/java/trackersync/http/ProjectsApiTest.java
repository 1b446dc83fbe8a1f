package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Projects and the people in them. */
class ProjectsApiTest {
  static final String INBOX = "00000000-0000-4000-8000-000000000001";

  private final ApiServer server = ApiServer.shared();
  private final ApiClient admin = server.as("admin");

  @Test
  @DisplayName("ISSUE-5 a project is made with a key, which is taken from then on and stays")
  void projectIsMade() {
    ApiClient ann = server.as("manager", "ann.making@example.org");
    ApiClient.Answer made = ann.post("/api/projects", "{\"key\":\"MADE\",\"name\":\"Made\"}");
    JsonNode project = made.is(201).json();
    assertThat(made.header("location")).isEqualTo("/api/projects/" + project.get("id").asText());
    assertThat(project.get("role").asText()).isEqualTo("admin");
    String path = "/api/projects/" + project.get("id").asText();
    assertThat(ann.get(path + "/members").is(200).json().get("items").findValuesAsText("email"))
        .containsExactly("ann.making@example.org");
    assertThat(ann.patch(path, "{\"name\":\"Made anew\"}").is(200).json().get("name").asText())
        .isEqualTo("Made anew");
    ann.patch(path, "{\"key\":\"OTHER\"}").problem(400);
    assertThat(
            ann.post("/api/projects", "{\"key\":\"MADE\",\"name\":\"Twice\"}")
                .problem(409)
                .get("detail")
                .asText())
        .contains("key");
    server.as("member").post("/api/projects", "{\"key\":\"NOT\",\"name\":\"x\"}").problem(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "A", "shop", "1SHOP", "SHOP-1", "ABCDEFGHIJK", "SH OP", "", "ÄB"})
  @DisplayName("ISSUE-5 a key is 2 to 10 capital letters and digits")
  void otherKeysAreRefused(String key) {
    admin.post("/api/projects", "{\"key\":\"" + key + "\",\"name\":\"x\"}").problem(400);
  }

  @Test
  @DisplayName("ISSUE-41 a project one is no member of is not there, in no list and by no id")
  void foreignProjectIsNotThere() {
    String id = project(server, "HIDDEN");
    ApiClient stranger = server.as("manager", "stranger@example.org");
    String unknown = "/api/projects/" + UUID.randomUUID();
    for (String tail : List.of("", "/members", "/repositories", "/issues", "/cycles")) {
      String there = stranger.get("/api/projects/" + id + tail).problem(404).toString();
      assertThat(there).isEqualTo(stranger.get(unknown + tail).problem(404).toString());
    }
    stranger.patch("/api/projects/" + id, "{\"wrong\":1}").problem(404);
    assertThat(keys(stranger)).doesNotContain("HIDDEN");
    assertThat(keys(admin)).contains("HIDDEN", "INBOX");
    stranger.get("/api/projects/x").problem(400);
  }

  @Test
  @DisplayName("ISSUE-40 a role in a project decides there, whatever the token's")
  void roleInTheProjectDecides() {
    String path = "/api/projects/" + project(server, "ROLES");
    JsonNode member = put(path, "Bo.Roles@example.org", "viewer");
    ApiClient bo = server.as("viewer", "bo.roles@example.org");
    assertThat(bo.get(path).is(200).json().get("role").asText()).isEqualTo("viewer");
    bo.post(path + "/issues", "{\"title\":\"x\"}").problem(403);
    assertThat(put(path, "bo.roles@EXAMPLE.org", "member").get("userId"))
        .isEqualTo(member.get("userId"));
    bo.post(path + "/issues", "{\"title\":\"x\"}").is(201);
    bo.send("PUT", path + "/members", "{\"email\":\"bo.roles@example.org\",\"role\":\"admin\"}")
        .problem(403);
    put(path, "bo.roles@example.org", "admin");
    bo.patch(path, "{\"name\":\"Bo's\"}").is(200);
    admin.delete(path + "/members/" + member.get("userId").asText()).is(204);
    admin.delete(path + "/members/" + member.get("userId").asText()).problem(404);
    bo.get(path).problem(404);
    admin
        .send("PUT", path + "/members", "{\"email\":\"no address\",\"role\":\"viewer\"}")
        .problem(400);
    admin
        .send("PUT", path + "/members", "{\"email\":\"a@example.org\",\"role\":\"manager\"}")
        .problem(400);
    assertThat(
            ApiServer.sql()
                .queryForObject(
                    "select count(*) from audit_log where action like 'member.%' and detail ->>"
                        + " 'user' = ?",
                    Integer.class, member.get("userId").asText()))
        .isEqualTo(4);
  }

  @Test
  @DisplayName("ISSUE-40 in the inbox, which belongs to nobody, the token's role counts")
  void inboxIsForEverybody() {
    String path = "/api/projects/" + INBOX;
    assertThat(server.as("viewer").get(path).is(200).json().get("role").asText())
        .isEqualTo("viewer");
    assertThat(server.as("manager").get(path).is(200).json().get("role").asText())
        .isEqualTo("member");
    server.as("viewer").post(path + "/issues", "{\"title\":\"x\"}").problem(403);
    server.as("member").patch(path, "{\"name\":\"Mine\"}").problem(403);
    admin
        .send("PUT", path + "/members", "{\"email\":\"a@example.org\",\"role\":\"admin\"}")
        .problem(409);
  }

  @Test
  @DisplayName("ISSUE-40 a person is known by a verified e-mail only, not by one that is claimed")
  void emailHasToBeVerified() {
    ApiServer production = Production.shared().server();
    String path = "/api/projects/" + project(server, "VERIFIED");
    put(path, "cara@example.org", "member");
    String sub = "idp|4711";
    ApiClient claimed =
        Production.shared()
            .with(
                Production.token(
                    Production.claims("viewer")
                        .subject(sub)
                        .claim("email", "cara@example.org")
                        .build()));
    claimed.get(path).problem(404);
    ApiClient named =
        Production.shared()
            .with(
                Production.token(Production.claims("viewer").subject("cara@example.org").build()));
    named.get(path).problem(404);
    ApiClient verified =
        Production.shared()
            .with(
                Production.token(
                    Production.claims("viewer")
                        .subject(sub)
                        .claim("email", "cara@example.org")
                        .claim("email_verified", true)
                        .build()));
    verified.get(path).is(200);
    verified.post(path + "/issues", "{\"title\":\"mine\"}").is(201);
    // met once, the subject alone will do
    claimed.get(path).is(200);
    assertThat(production).isNotNull();
  }

  @Test
  @DisplayName("ISSUE-6 a project has cycles, by name once")
  void cyclesAreMade() {
    String path = "/api/projects/" + project(server, "CYCLES") + "/cycles";
    JsonNode cycle =
        admin
            .post(
                path, "{\"name\":\"Spring\",\"startsOn\":\"2026-03-01\",\"endsOn\":\"2026-03-31\"}")
            .is(201)
            .json();
    assertThat(cycle.get("startsOn").asText()).isEqualTo("2026-03-01");
    assertThat(admin.get(path).is(200).json().get("items")).hasSize(1);
    admin.post(path, "{\"name\":\"Spring\"}").problem(409);
    admin.post(path, "{\"name\":\"Odd\",\"startsOn\":\"2026-02-30\"}").problem(400);
    admin
        .post(path, "{\"name\":\"Odd\",\"startsOn\":\"2026-03-02\",\"endsOn\":\"2026-03-01\"}")
        .problem(400);
  }

  @Test
  @DisplayName("ISSUE-6 a cycle is changed field by field, and its issues stay when it is removed")
  void cyclesAreChanged() {
    String project = "/api/projects/" + project(server, "CYCLED");
    String path = project + "/cycles";
    String spring =
        admin
            .post(
                path, "{\"name\":\"Spring\",\"startsOn\":\"2026-03-01\",\"endsOn\":\"2026-03-31\"}")
            .is(201)
            .json()
            .get("id")
            .asText();
    admin.post(path, "{\"name\":\"Summer\"}").is(201);
    JsonNode later = admin.patch(path + "/" + spring, "{\"endsOn\":\"2026-04-15\"}").is(200).json();
    assertThat(later.get("name").asText()).isEqualTo("Spring");
    assertThat(later.get("startsOn").asText()).isEqualTo("2026-03-01");
    assertThat(later.get("endsOn").asText()).isEqualTo("2026-04-15");
    admin.patch(path + "/" + spring, "{\"endsOn\":\"2026-02-01\"}").problem(400);
    admin.patch(path + "/" + spring, "{\"name\":\"Summer\"}").problem(409);
    admin.patch(path + "/" + UUID.randomUUID(), "{\"name\":\"Autumn\"}").problem(404);
    assertThat(
            admin
                .patch(path + "/" + spring, "{\"endsOn\":null}")
                .is(200)
                .json()
                .get("endsOn")
                .isNull())
        .isTrue();
    String issue =
        admin
            .post(project + "/issues", "{\"title\":\"x\",\"cycleId\":\"" + spring + "\"}")
            .is(201)
            .json()
            .get("id")
            .asText();
    admin.delete(path + "/" + spring).is(204);
    admin.delete(path + "/" + spring).problem(404);
    assertThat(admin.get(project + "/issues/" + issue).is(200).json().get("cycleId").isNull())
        .isTrue();
  }

  @Test
  @DisplayName("ISSUE-6 a tracker's login is given an owner, once a login")
  void loginsHaveOwners() {
    String path = "/api/external-identities";
    JsonNode one =
        admin
            .send(
                "PUT",
                path,
                "{\"tracker\":\"github\",\"login\":\"Dora\",\"email\":\"dora@example.org\"}")
            .is(200)
            .json();
    JsonNode again =
        admin
            .send(
                "PUT",
                path,
                "{\"tracker\":\"github\",\"login\":\"dora\",\"email\":\"DORA@example.org\"}")
            .is(200)
            .json();
    assertThat(again.get("id")).isEqualTo(one.get("id"));
    assertThat(again.get("userId")).isEqualTo(one.get("userId"));
    assertThat(
            admin
                .get(path + "?tracker=github&limit=200")
                .is(200)
                .json()
                .get("items")
                .findValuesAsText("login"))
        .contains("Dora");
    server.as("manager").get(path).problem(403);
    admin.delete(path + "/" + one.get("id").asText()).is(204);
    admin.delete(path + "/" + one.get("id").asText()).problem(404);
  }

  private JsonNode put(String project, String email, String role) {
    return admin
        .send(
            "PUT", project + "/members", "{\"email\":\"" + email + "\",\"role\":\"" + role + "\"}")
        .is(200)
        .json();
  }

  private static List<String> keys(ApiClient caller) {
    return caller
        .get("/api/projects?limit=200")
        .is(200)
        .json()
        .get("items")
        .findValuesAsText("key");
  }

  /** Makes a project; answers its id. */
  static String project(ApiServer server, String key) {
    return server
        .as("admin")
        .post("/api/projects", "{\"key\":\"" + key + "\",\"name\":\"" + key + "\"}")
        .is(201)
        .json()
        .get("id")
        .asText();
  }
}

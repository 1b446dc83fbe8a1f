package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Issues of a project: made, changed, linked by hand. */
class ProjectIssuesApiTest {
  private static String project;

  private final ApiServer server = ApiServer.shared();
  private final ApiClient admin = server.as("admin");

  @Test
  @DisplayName("ISSUE-5 ISSUE-6 ISSUE-7 ISSUE-10 an issue made by hand has key, type and reporter")
  void issueIsMade() {
    ApiClient.Answer answer =
        admin.post(
            base(),
            "{\"title\":\"Made by hand\",\"priority\":\"High\",\"storyPoints\":5,"
                + "\"customFields\":{\"team\":\"checkout\",\"gone\":null}}");
    JsonNode issue = answer.is(201).json();
    assertThat(answer.header("location")).isEqualTo(base() + "/" + issue.get("id").asText());
    assertThat(issue.get("key").asText()).matches("ISSUES-[1-9][0-9]*");
    assertThat(issue.get("type").asText()).isEqualTo("Task");
    assertThat(issue.get("status").asText()).isEqualTo("open");
    assertThat(issue.get("customFields").toString()).isEqualTo("{\"team\":\"checkout\"}");
    assertThat(issue.get("repositoryId").isNull()).isTrue();
    assertThat(
            ApiServer.sql()
                .queryForObject(
                    "select email from users where id = ?::uuid",
                    String.class,
                    issue.get("reporterId").asText()))
        .isEqualTo("admin@example.org");
    assertThat(admin.get(base() + "/" + issue.get("key").asText()).is(200).json()).isEqualTo(issue);
    JsonNode next = make("{\"title\":\"Next\"}");
    assertThat(number(next)).isEqualTo(number(issue) + 1);
  }

  @Test
  @DisplayName(
      "ISSUE-5 oversized title, unknown enum, unknown field, null title: 400, nothing made")
  void badIssuesAreRefused() {
    int before = count();
    for (String body :
        List.of(
            "{}",
            "{\"title\":null}",
            "{\"title\":\"\"}",
            "{\"title\":\"  \"}",
            "{\"title\":\"" + "x".repeat(256) + "\"}",
            "{\"title\":5}",
            "{\"title\":\"a\\u0000b\"}",
            "{\"title\":\"\\ud83d\"}",
            "{\"title\":\"x\",\"type\":\"Story\"}",
            "{\"title\":\"x\",\"priority\":\"P0\"}",
            "{\"title\":\"x\",\"status\":\"done\"}",
            "{\"title\":\"x\",\"storyPoints\":-1}",
            "{\"title\":\"x\",\"storyPoints\":\"3\"}",
            "{\"title\":\"x\",\"id\":\"" + UUID.randomUUID() + "\"}",
            "{\"title\":\"x\",\"key\":\"ISSUES-1\"}",
            "{\"title\":\"x\",\"projectId\":\"" + ProjectsApiTest.INBOX + "\"}",
            "{\"title\":\"x\",\"reporterId\":\"" + UUID.randomUUID() + "\"}",
            "{\"title\":\"x\",\"assigneeId\":\"" + UUID.randomUUID() + "\"}",
            "{\"title\":\"x\",\"cycleId\":\"" + UUID.randomUUID() + "\"}",
            "{\"title\":\"x\",\"repositoryId\":\"" + UUID.randomUUID() + "\"}",
            "{\"title\":\"x\",\"customFields\":[]}",
            "{\"title\":\"x\",\"customFields\":{\"externalId\":\"github:https://x/y:1\"}}",
            "{\"title\":\"x\",\"customFields\":{\"externalSync\":{}}}",
            "{\"title\":\"x\",\"title\":\"y\"}")) {
      admin.post(base(), body).problem(400);
    }
    assertThat(count()).isEqualTo(before);
    assertThat(make("{\"title\":\"🐞 läuft\"}").get("title").asText()).isEqualTo("🐞 läuft");
  }

  @Test
  @DisplayName("ISSUE-7 a change leaves alone what it does not name; null removes a custom field")
  void issueIsChanged() {
    JsonNode issue =
        make("{\"title\":\"Change me\",\"customFields\":{\"a\":1,\"b\":{\"c\":null}}}");
    String path = base() + "/" + issue.get("id").asText();
    JsonNode changed =
        admin
            .patch(path, "{\"customFields\":{\"a\":null,\"d\":[true]},\"status\":\"closed\"}")
            .is(200)
            .json();
    assertThat(changed.get("customFields").toString())
        .isEqualTo("{\"b\":{\"c\":null},\"d\":[true]}");
    assertThat(changed.get("title")).isEqualTo(issue.get("title"));
    assertThat(changed.get("closedAt").isNull()).isFalse();
    assertThat(
            admin
                .patch(path, "{\"status\":\"open\",\"description\":\"words\"}")
                .is(200)
                .json()
                .get("closedAt")
                .isNull())
        .isTrue();
    for (String body :
        List.of(
            "{}",
            "{\"title\":null}",
            "{\"customFields\":null}",
            "{\"key\":\"X-1\"}",
            "{\"reporterId\":\"" + UUID.randomUUID() + "\"}",
            "{\"customFields\":{\"externalId\":null}}",
            "{\"customFields\":{\"externalSync\":null}}")) {
      admin.patch(path, body).problem(400);
    }
    admin.patch(base() + "/" + UUID.randomUUID(), "{\"wrong\":1}").problem(404);
    admin.patch(base() + "/INBOX-1", "{\"storyPoints\":1}").problem(404);
    admin.get(base() + "/not-a-key").problem(400);
  }

  @Test
  @DisplayName("ISSUE-6 cycle and assignee are of the project")
  void referencesAreOfTheProject() {
    String cycles = "/api/projects/" + project() + "/cycles";
    String cycle = admin.post(cycles, "{\"name\":\"One\"}").is(201).json().get("id").asText();
    String foreign =
        admin
            .post(
                "/api/projects/" + ProjectsApiTest.project(server, "FOREIGN") + "/cycles",
                "{\"name\":\"One\"}")
            .is(201)
            .json()
            .get("id")
            .asText();
    String user =
        admin
            .send(
                "PUT",
                "/api/projects/" + project() + "/members",
                "{\"email\":\"eve@example.org\",\"role\":\"viewer\"}")
            .is(200)
            .json()
            .get("userId")
            .asText();
    JsonNode issue =
        make(
            "{\"title\":\"Planned\",\"cycleId\":\"%s\",\"assigneeId\":\"%s\"}"
                .formatted(cycle, user));
    assertThat(issue.get("cycleId").asText()).isEqualTo(cycle);
    assertThat(items("?cycleId=" + cycle)).hasSize(1);
    assertThat(items("?assigneeId=" + user)).hasSize(1);
    String path = base() + "/" + issue.get("id").asText();
    admin.patch(path, "{\"cycleId\":\"" + foreign + "\"}").problem(400);
    assertThat(admin.patch(path, "{\"cycleId\":null}").is(200).json().get("cycleId").isNull())
        .isTrue();
  }

  @Test
  @DisplayName("ISSUE-5 issues are listed by filters, page by page")
  void issuesAreListed() {
    for (int i = 0; i < 5; i++) {
      make("{\"title\":\"Listed " + i + "\",\"type\":\"Epic\"}");
    }
    JsonNode first =
        admin.get(base() + "?type=Epic&q=LISTED&limit=3&sort=createdAt").is(200).json();
    assertThat(first.get("items").findValuesAsText("title"))
        .containsExactly("Listed 0", "Listed 1", "Listed 2");
    JsonNode second =
        admin
            .get(
                base()
                    + "?type=Epic&q=LISTED&limit=3&sort=createdAt&cursor="
                    + first.get("nextCursor").asText())
            .is(200)
            .json();
    assertThat(second.get("items").findValuesAsText("title"))
        .containsExactly("Listed 3", "Listed 4");
    admin.get(base() + "?type=Story").problem(400);
    admin.get(base() + "?unknown=1").problem(400);
    admin.get(base() + "?cycleId=x").problem(400);
  }

  @Test
  @DisplayName("ISSUE-48 ISSUE-8 ISSUE-13 an issue is linked by the address people see")
  void issueIsLinked() {
    String repository = repository("https://github.com/Acme/Linked");
    JsonNode issue = make("{\"title\":\"Link me\",\"customFields\":{\"team\":\"a\"}}");
    String path = base() + "/" + issue.get("key").asText() + "/link";
    JsonNode linked =
        admin
            .post(path, "{\"externalUrl\":\"https://GitHub.com/Acme/Linked/issues/12#issue-9\"}")
            .is(200)
            .json();
    String externalId = "github:https://github.com/Acme/Linked:12";
    JsonNode fields = linked.get("customFields");
    assertThat(fields.get("externalId").asText()).isEqualTo(externalId);
    assertThat(fields.get("team").asText()).isEqualTo("a");
    assertThat(fields.get("externalSync").get("providerType").asText()).isEqualTo("GitHub");
    assertThat(fields.get("externalSync").get("repositoryUrl").asText())
        .isEqualTo("https://github.com/Acme/Linked");
    assertThat(fields.get("externalSync").get("issueNumber").asInt()).isEqualTo(12);
    assertThat(items("?externalId=" + externalId)).hasSize(1);
    // again is no change; another one is a conflict, on either side
    admin.post(path, "{\"externalUrl\":\"https://github.com/Acme/Linked/issues/12\"}").is(200);
    assertThat(
            admin
                .post(path, "{\"externalUrl\":\"https://github.com/Acme/Linked/issues/13\"}")
                .problem(409)
                .get("detail")
                .asText())
        .contains(externalId);
    String other = base() + "/" + make("{\"title\":\"Other\"}").get("id").asText() + "/link";
    assertThat(
            admin
                .post(other, "{\"externalUrl\":\"https://github.com/Acme/Linked/issues/12\"}")
                .problem(409)
                .get("detail")
                .asText())
        .contains(issue.get("key").asText());
    JsonNode alert =
        admin
            .post(
                other, "{\"externalUrl\":\"https://github.com/Acme/Linked/security/dependabot/5\"}")
            .is(200)
            .json();
    assertThat(alert.get("customFields").get("externalId").asText())
        .isEqualTo("github:https://github.com/Acme/Linked:alert5");
    assertThat(repository).isNotBlank();
  }

  @Test
  @DisplayName("ISSUE-48 an address that is no issue of this project's repositories is refused")
  void otherAddressesAreRefused() {
    repository("https://github.com/acme/mine");
    String path = base() + "/" + make("{\"title\":\"Stay local\"}").get("id").asText();
    for (String url :
        List.of(
            "https://github.com/acme/other/issues/1",
            "https://github.com/acme/mine2/issues/1",
            "https://github.com.evil.test/acme/mine/issues/1",
            "https://github.com@evil.test/acme/mine/issues/1",
            "https://github.com/acme/mine/issues/",
            "https://github.com/acme/mine/issues/x",
            "https://github.com/acme/mine/pull/1",
            "https://github.com/acme/mine/issues/1x",
            "https://github.com/acme/mine",
            "http://github.com/acme/mine/issues/1",
            "{{env:HOME}}",
            "https://x y",
            "")) {
      assertThat(
              admin
                  .post(path + "/link", "{\"externalUrl\":\"" + url + "\"}")
                  .problem(400)
                  .get("errors")
                  .get(0)
                  .get("at")
                  .asText())
          .as(url)
          .isEqualTo("externalUrl");
    }
    admin.post(path + "/link", "{}").problem(400);
    admin.post(base() + "/" + UUID.randomUUID() + "/link", "{\"wrong\":1}").problem(404);
    assertThat(admin.get(path).is(200).json().get("customFields").toString()).isEqualTo("{}");
  }

  @Test
  @DisplayName("ISSUE-48 GitLab's and Bitbucket's addresses are read too, subgroups included")
  void addressesOfTheOtherForges() {
    admin
        .post(
            repositories(),
            "{\"repositoryUrl\":\"https://gitlab.com/group/sub/app\",\"serviceType\":\"GitLab\"}")
        .is(201);
    String path = base() + "/" + make("{\"title\":\"Of GitLab\"}").get("id").asText() + "/link";
    assertThat(
            admin
                .post(path, "{\"externalUrl\":\"https://gitlab.com/group/sub/app/-/issues/7\"}")
                .is(200)
                .json()
                .get("customFields")
                .get("externalId")
                .asText())
        .isEqualTo("gitlab:https://gitlab.com/group/sub/app:7");
  }

  @Test
  @DisplayName("ISSUE-48 nothing is linked while the repository is being synced")
  void nothingIsLinkedDuringASync() {
    String id = repository("https://github.com/acme/busy");
    String operation =
        admin
            .post(repositories() + "/" + id + "/sync", "{\"confirm\":[\"activeWebhook\"]}")
            .is(202)
            .json()
            .get("id")
            .asText();
    String path = base() + "/" + make("{\"title\":\"Wait\"}").get("id").asText() + "/link";
    assertThat(
            admin
                .post(path, "{\"externalUrl\":\"https://github.com/acme/busy/issues/1\"}")
                .problem(409)
                .get("operation")
                .asText())
        .isEqualTo(operation);
  }

  @Test
  @DisplayName("ISSUE-48 an unlinked issue is a local one, with its own fields")
  void issueIsUnlinked() {
    repository("https://github.com/acme/loose");
    JsonNode issue = make("{\"title\":\"Loose\",\"customFields\":{\"team\":\"a\"}}");
    String path = base() + "/" + issue.get("id").asText() + "/link";
    admin.delete(path).problem(409);
    admin.post(path, "{\"externalUrl\":\"https://github.com/acme/loose/issues/1\"}").is(200);
    JsonNode loose = admin.delete(path).is(200).json();
    assertThat(loose.get("customFields").toString()).isEqualTo("{\"team\":\"a\"}");
    assertThat(loose.get("key")).isEqualTo(issue.get("key"));
    assertThat(loose.get("repositoryId").isNull()).isTrue();
    admin.delete(path).problem(409);
    admin.delete(base() + "/" + UUID.randomUUID() + "/link").problem(404);
  }

  @Test
  @DisplayName("ISSUE-15 a backfill shows first, then sets what is clear and no more")
  void backfillShowsFirst() {
    String id = ProjectsApiTest.project(server, "BACKFILL");
    String path = "/api/projects/" + id + "/issues";
    String url = "https://github.com/acme/old";
    admin
        .post(
            "/api/projects/" + id + "/repositories",
            "{\"repositoryUrl\":\"" + url + "\",\"serviceType\":\"GitHub\"}")
        .is(201);
    String byNumber = old(id, path, url, 1, null);
    String byUrl = old(id, path, null, 0, url + "/issues/2");
    String twinA = old(id, path, url, 3, null);
    String twinB = old(id, path, url, 3, null);
    String linked = old(id, path, null, 0, null);
    admin.post(path + "/" + linked + "/link", "{\"externalUrl\":\"" + url + "/issues/4\"}").is(200);
    String taken = old(id, path, url, 4, null);
    old(id, path, "https://github.com/acme/unknown", 1, null);

    JsonNode seen = admin.post(path + "/backfill", "{}").is(200).json();
    assertThat(seen.get("dryRun").asBoolean()).isTrue();
    assertThat(seen.get("found").asInt()).isEqualTo(5);
    assertThat(seen.get("set").asInt()).isEqualTo(2);
    assertThat(seen.get("taken").asInt()).isEqualTo(1);
    assertThat(seen.get("ambiguous").asInt()).isEqualTo(2);
    assertThat(externalId(path, byNumber)).isNull();

    JsonNode done = admin.post(path + "/backfill", "{\"dryRun\":false}").is(200).json();
    assertThat(done.get("set").asInt()).isEqualTo(2);
    assertThat(done.get("dryRun").asBoolean()).isFalse();
    assertThat(externalId(path, byNumber)).isEqualTo("github:" + url + ":1");
    assertThat(externalId(path, byUrl)).isEqualTo("github:" + url + ":2");
    for (String other : List.of(twinA, twinB, taken)) {
      assertThat(externalId(path, other)).isNull();
    }
    assertThat(
            admin.post(path + "/backfill", "{\"dryRun\":false}").is(200).json().get("set").asInt())
        .isZero();
    admin.post(path + "/backfill", "{\"dryRun\":\"no\"}").problem(400);
  }

  /** An issue from before there were externalIds, as an import leaves it. */
  private String old(String project, String path, String repository, int number, String url) {
    String id = admin.post(path, "{\"title\":\"Old\"}").is(201).json().get("id").asText();
    ApiServer.sql()
        .update(
            "update issues set url = ?, custom_fields = case when ?::text is null then"
                + " custom_fields else jsonb_build_object('externalSync', jsonb_build_object("
                + "'repositoryUrl', ?::text, 'issueNumber', ?)) end where id = ?::uuid",
            url,
            repository,
            repository,
            number,
            id);
    return id;
  }

  private String externalId(String path, String id) {
    JsonNode value =
        admin.get(path + "/" + id).is(200).json().get("customFields").get("externalId");
    return value == null ? null : value.asText();
  }

  private JsonNode make(String body) {
    return admin.post(base(), body).is(201).json();
  }

  private JsonNode items(String query) {
    return admin.get(base() + query).is(200).json().get("items");
  }

  private String repository(String url) {
    return admin
        .post(repositories(), "{\"repositoryUrl\":\"" + url + "\",\"serviceType\":\"GitHub\"}")
        .is(201)
        .json()
        .get("id")
        .asText();
  }

  private String repositories() {
    return "/api/projects/" + project() + "/repositories";
  }

  private String base() {
    return "/api/projects/" + project() + "/issues";
  }

  private synchronized String project() {
    if (project == null) {
      project = ProjectsApiTest.project(server, "ISSUES");
    }
    return project;
  }

  private static long number(JsonNode issue) {
    return Long.parseLong(issue.get("key").asText().replaceAll(".*-", ""));
  }

  private int count() {
    return ApiServer.sql()
        .queryForObject(
            "select count(*) from issues where project_id = ?::uuid", Integer.class, project());
  }
}

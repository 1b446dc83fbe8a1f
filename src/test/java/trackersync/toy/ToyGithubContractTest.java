package trackersync.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import trackersync.contract.GithubContract;
import trackersync.contract.OpenApiContract.Answered;
import trackersync.contract.OpenApiContract.Asked;

@DisplayName("CORE-16 the toy GitHub keeps to GitHub's OpenAPI document")
class ToyGithubContractTest {
  private static GithubContract contract;
  private static ToyGithub toy;
  private static ToyClient client;

  @BeforeAll
  static void start() {
    contract = GithubContract.load().orElse(null);
    toy =
        ToyGithub.start(
            ToyGithubOptions.builder()
                .issues(400)
                .repository("acme/none", 0)
                .tokens(Set.of("good", "poor"))
                .rateLimit(100)
                .build());
    client = new ToyClient(toy.baseUrl());
  }

  @AfterAll
  static void stop() {
    toy.close();
  }

  @BeforeEach
  void needsTheDocument() {
    assumeTrue(
        contract != null,
        "skipped: the shared folder with GitHub's OpenAPI document is not beside the project");
  }

  private static List<String> check(int status, String path, String... more) throws IOException {
    List<String> all = new ArrayList<>(List.of("Authorization", "Bearer good"));
    all.addAll(List.of(more));
    return checkAs(status, path, all.toArray(String[]::new));
  }

  private static List<String> checkAs(int status, String path, String... headers)
      throws IOException {
    HttpResponse<byte[]> response = client.get(path, headers);
    assertThat(response.statusCode()).as(path).isEqualTo(status);
    Map<String, List<String>> sent = new LinkedHashMap<>(Map.of("User-Agent", List.of("test")));
    for (int i = 0; i < headers.length; i += 2) {
      sent.put(headers[i], List.of(headers[i + 1]));
    }
    Asked asked = new Asked("GET", client.at(path), sent);
    List<String> found = new ArrayList<>(contract.violations(asked));
    found.addAll(
        contract.violations(
            asked, new Answered(status, response.headers().map(), response.body())));
    return found;
  }

  @Test
  void everyListIsSound() throws IOException {
    for (String query :
        List.of(
            "?state=all&sort=created&direction=asc&per_page=100",
            "?state=all&sort=created&direction=asc&per_page=100&page=4",
            "?state=closed&sort=updated&since=2021-01-01T00:00:00Z",
            "?labels=bug&sort=comments&direction=desc",
            "")) {
      assertThat(check(200, "/repos/acme/shop/issues" + query)).as(query).isEmpty();
    }
    assertThat(check(200, "/repos/acme/none/issues")).isEmpty();
    assertThat(check(200, "/api/v3/repos/acme/shop/issues?state=all")).isEmpty();
  }

  @Test
  void pagesByNumberAreSound() throws IOException {
    HttpResponse<byte[]> first =
        client.get("/repos/acme/shop/issues", "Authorization", "Bearer good");
    assertThat(check(200, ToyClient.next(first))).isEmpty();
  }

  @Test
  void everySingleAnswerIsSound() throws IOException {
    for (int number = 1; number <= 20; number++) {
      assertThat(check(200, "/repos/acme/shop/issues/" + number)).isEmpty();
    }
    assertThat(check(200, "/repos/acme/shop")).isEmpty();
    assertThat(check(200, "/user")).isEmpty();
    assertThat(check(200, "/rate_limit")).isEmpty();
  }

  @Test
  void alertsAreSound() throws IOException {
    String list = "/repos/acme/shop/dependabot/alerts";
    for (String query :
        List.of("", "?per_page=5&sort=updated&direction=asc", "?state=open,fixed&severity=high")) {
      assertThat(check(200, list + query)).as(query).isEmpty();
    }
    HttpResponse<byte[]> first = client.get(list + "?per_page=5", "Authorization", "Bearer good");
    assertThat(check(200, ToyClient.next(first))).isEmpty();
    for (int number = 1; number <= 25; number++) {
      assertThat(check(200, list + "/" + number)).isEmpty();
    }
    assertThat(check(404, list + "/26")).isEmpty();
    assertThat(check(422, list + "?state=ajar")).isEmpty();
    toy.alerts("acme/quiet").setAccess(ToyAlerts.Access.DISABLED);
    assertThat(check(403, "/repos/acme/quiet/dependabot/alerts")).isEmpty();
    assertThat(check(400, list + "?page=2"))
        .as("the answer is sound, the request is not")
        .anyMatch(v -> v.contains("'page' is unexpected"))
        .anyMatch(v -> v.contains("by cursor"))
        .hasSize(2);
  }

  @Test
  void recordedAnswersAreSoundToo() throws IOException {
    // the last two are answers to a PATCH, which is an alert as well
    assertThat(contract.violations("github/dependabot-alerts-list.json", body -> body)).isEmpty();
  }

  @Test
  void unchangedIsSound() throws IOException {
    String path = "/repos/acme/shop/issues?state=all";
    String etag =
        client.get(path, "Authorization", "Bearer good").headers().firstValue("etag").orElseThrow();
    assertThat(check(304, path, "If-None-Match", etag)).isEmpty();
  }

  @Test
  void errorsAreSound() throws IOException {
    assertThat(checkAs(401, "/repos/acme/shop/issues", "Authorization", "Bearer bad")).isEmpty();
    assertThat(checkAs(401, "/user")).isEmpty();
    assertThat(check(404, "/repos/acme/shop/issues/4000")).isEmpty();
    toy.repository("acme/gone").disableIssues();
    assertThat(check(410, "/repos/acme/gone/issues")).isEmpty();
    toy.repository("acme/dead").delete();
    assertThat(check(404, "/repos/acme/dead/issues")).isEmpty();
    toy.renameRepository("acme/old", "acme/new");
    assertThat(check(301, "/repos/acme/old/issues")).isEmpty();
    toy.repository("acme/shop").delete(30);
    assertThat(check(410, "/repos/acme/shop/issues/30")).isEmpty();
    toy.repository("acme/shop").transfer(31, "acme/other#1");
    assertThat(check(301, "/repos/acme/shop/issues/31")).isEmpty();
    for (int i = 0; i < 100; i++) {
      client.get("/repos/acme/none/issues", "Authorization", "Bearer poor");
    }
    assertThat(checkAs(403, "/repos/acme/shop/issues", "Authorization", "Bearer poor")).isEmpty();
  }

  @Test
  void wrongRequestIsRefusedByBoth() throws IOException {
    String path = "/repos/acme/shop/issues?state=half-open";
    assertThat(check(422, path)).singleElement().asString().contains("half-open");
    assertThat(
            contract.violations(
                new Asked("GET", client.at("/repos/acme/shop/issues?per_page=500"), Map.of())))
        .contains("the User-Agent header is missing", "per_page is 500, must be 1 to 100");
    assertThat(toy.requests())
        .last()
        .satisfies(seen -> assertThat(contract.violations(seen)).hasSize(1));
  }

  @Test
  void wrongAnswerIsSeen() throws IOException {
    toy.faults().add(Fault.of(Fault.Kind.RECORD).with("bad", "no-title").repository("acme/bad"));
    assertThat(check(200, "/repos/acme/bad/issues"))
        .anySatisfy(found -> assertThat(found).contains("title"));
  }
}

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
import trackersync.contract.GitlabContract;
import trackersync.contract.OpenApiContract;
import trackersync.contract.OpenApiContract.Answered;
import trackersync.contract.OpenApiContract.Asked;

@DisplayName(
    "CORE-16 ISSUE-32 the toy GitLab keeps to GitLab's OpenAPI document, where that is right")
class ToyGitlabContractTest {
  private static final String LIST = "/projects/acme%2Fteam%2Fshop/issues";
  private static final String FINDINGS = "/projects/acme%2Fteam%2Fshop/vulnerability_findings";
  private static GitlabContract contract;
  private static ToyGitlab toy;
  private static ToyClient client;

  @BeforeAll
  static void start() {
    contract = GitlabContract.load().orElse(null);
    toy =
        ToyGitlab.start(
            ToyGitlabOptions.builder()
                .issues(400)
                .project("acme/none", 0)
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
        "skipped: the shared folder with GitLab's OpenAPI document is not beside the project");
  }

  private static List<String> check(int status, String path, String... more) throws IOException {
    List<String> all = new ArrayList<>(List.of("PRIVATE-TOKEN", "good"));
    all.addAll(List.of(more));
    return checkAs(contract, client, status, path, all.toArray(String[]::new));
  }

  static List<String> checkAs(
      OpenApiContract judge, ToyClient asking, int status, String path, String... headers)
      throws IOException {
    HttpResponse<byte[]> response = asking.get(path, headers);
    assertThat(response.statusCode()).as(path).isEqualTo(status);
    Map<String, List<String>> sent = new LinkedHashMap<>(Map.of("User-Agent", List.of("test")));
    for (int i = 0; i < headers.length; i += 2) {
      sent.put(headers[i], List.of(headers[i + 1]));
    }
    Asked asked = new Asked("GET", asking.at(path), sent);
    List<String> found = new ArrayList<>(judge.violations(asked));
    found.addAll(
        judge.violations(asked, new Answered(status, response.headers().map(), response.body())));
    return found;
  }

  @Test
  void everyListIsSound() throws IOException {
    for (String query :
        List.of(
            "?state=all&order_by=updated_at&sort=asc&per_page=100",
            "?per_page=100&page=4",
            "?state=closed&updated_after=2021-01-01T00:00:00.5Z&issue_type=incident",
            "?labels=bug&with_labels_details=true",
            "?confidential=true&iids%5B%5D=3",
            "?pagination=keyset&order_by=updated_at&sort=asc&per_page=100",
            "")) {
      assertThat(check(200, LIST + query)).as(query).isEmpty();
    }
    assertThat(check(200, "/projects/acme%2Fnone/issues")).isEmpty();
  }

  @Test
  void nextPagesAreSound() throws IOException {
    for (String query : List.of("", "?pagination=keyset&order_by=updated_at&sort=asc")) {
      String next = ToyClient.next(client.get(LIST + query, "PRIVATE-TOKEN", "good"));
      assertThat(check(200, next))
          .as("the project's id in a next link is no parameter of the document")
          .allMatch(v -> v.contains("'id'"));
    }
  }

  @Test
  void everySingleAnswerIsSound() throws IOException {
    for (int number = 1; number <= 20; number++) {
      assertThat(check(200, LIST + "/" + number)).isEmpty();
    }
    assertThat(check(200, "/projects/acme%2Fteam%2Fshop")).isEmpty();
    assertThat(check(200, "/user")).isEmpty();
    assertThat(check(200, "/version")).isEmpty();
    assertThat(check(200, "/metadata")).isEmpty();
  }

  @Test
  void findingsAreSoundByTheSupplement() throws IOException {
    assertThat(check(200, FINDINGS)).isEmpty();
    assertThat(check(200, FINDINGS + "?scope=all&severity=high,low&report_type=sast&per_page=5"))
        .isEmpty();
  }

  @Test
  void errorsAreSound() throws IOException {
    assertThat(checkAs(contract, client, 401, LIST, "PRIVATE-TOKEN", "bad")).isEmpty();
    assertThat(checkAs(contract, client, 401, "/version")).isEmpty();
    assertThat(check(404, LIST + "/4000")).isEmpty();
    assertThat(check(404, "/projects/17/issues")).isEmpty();
    toy.renameRepository("acme/old", "acme/new");
    assertThat(check(301, "/projects/acme%2Fold/issues")).isEmpty();
    String etag =
        client.get(LIST, "PRIVATE-TOKEN", "good").headers().firstValue("etag").orElseThrow();
    assertThat(check(304, LIST, "If-None-Match", etag)).isEmpty();
    for (int i = 0; i < 100; i++) {
      client.get("/projects/acme%2Fnone/issues", "PRIVATE-TOKEN", "poor");
    }
    assertThat(checkAs(contract, client, 429, LIST, "PRIVATE-TOKEN", "poor")).isEmpty();
  }

  @Test
  void recordedAnswersAreSoundToo() throws IOException {
    for (String sample :
        List.of(
            "gitlab/issues-list-page1-of-2-with-headers.json",
            "gitlab/vulnerability-findings-DOC.json")) {
      assertThat(contract.violations(sample, body -> body)).as(sample).isEmpty();
    }
  }

  @Test
  void wrongRequestIsRefusedByBoth() throws IOException {
    assertThat(check(400, LIST + "?state=open")).anyMatch(v -> v.contains("open"));
    assertThat(check(400, LIST + "?updated_after=2026-01-01T00:00:00+00:00"))
        .anyMatch(v -> v.contains("%2B"));
    assertThat(check(404, "/projects/acme/shop/issues")).anyMatch(v -> v.contains("%2F"));
    assertThat(check(400, LIST + "?pagination=keyset")).anyMatch(v -> v.contains("order_by"));
    assertThat(toy.requests())
        .last()
        .satisfies(seen -> assertThat(contract.violations(seen)).isNotEmpty());
  }

  @Test
  void wrongAnswerIsSeen() throws IOException {
    for (String bad : List.of("no-title", "wrong-types", "bad-time", "null-id")) {
      toy.faults().add(Fault.of(Fault.Kind.RECORD).with("bad", bad));
      assertThat(check(200, LIST)).as(bad).isNotEmpty();
    }
    toy.faults().add(Fault.of(Fault.Kind.OBJECT));
    assertThat(check(200, LIST)).containsExactly("a list must be an array");
  }
}

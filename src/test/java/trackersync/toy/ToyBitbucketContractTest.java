package trackersync.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import trackersync.contract.BitbucketContract;

@DisplayName("CORE-16 ISSUE-33 the toy Bitbucket keeps to the Swagger document of 2024")
class ToyBitbucketContractTest {
  private static final String REPOSITORY = "/repositories/acme/shop";
  private static final String LIST = REPOSITORY + "/issues";
  private static BitbucketContract contract;
  private static ToyBitbucket toy;
  private static ToyClient client;

  @BeforeAll
  static void start() {
    contract = BitbucketContract.load().orElse(null);
    toy =
        ToyBitbucket.start(
            ToyBitbucketOptions.builder()
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
        "skipped: the shared folder with Bitbucket's Swagger document is not beside the project");
  }

  private static List<String> check(int status, String path, String... more) throws IOException {
    List<String> all = new ArrayList<>(List.of("Authorization", "Bearer good"));
    all.addAll(List.of(more));
    return ToyGitlabContractTest.checkAs(
        contract, client, status, path, all.toArray(String[]::new));
  }

  private static List<String> checkAs(int status, String path, String authorization)
      throws IOException {
    return ToyGitlabContractTest.checkAs(
        contract, client, status, path, "Authorization", authorization);
  }

  @Test
  void everyListIsSound() throws IOException {
    for (String query :
        List.of(
            "?pagelen=100&sort=updated_on",
            "?pagelen=100&page=4",
            "?q=updated_on+%3E%3D+2021-01-01T00:00:00%2B00:00&sort=-updated_on",
            "")) {
      assertThat(check(200, LIST + query)).as(query).isEmpty();
    }
    assertThat(check(200, "/repositories/acme/none/issues")).isEmpty();
  }

  @Test
  void everySingleAnswerIsSound() throws IOException {
    for (int number = 1; number <= 20; number++) {
      assertThat(check(200, LIST + "/" + number)).isEmpty();
    }
    assertThat(check(200, REPOSITORY)).isEmpty();
    assertThat(check(200, "/user")).isEmpty();
  }

  @Test
  void errorsAreSound() throws IOException {
    assertThat(checkAs(401, LIST, "Bearer bad")).isEmpty();
    assertThat(check(404, LIST + "/4000")).isEmpty();
    assertThat(check(400, LIST + "?q=nonsense")).isEmpty();
    String etag =
        client.get(LIST, "Authorization", "Bearer good").headers().firstValue("etag").orElseThrow();
    assertThat(check(304, LIST, "If-None-Match", etag)).isEmpty();
    for (int status : List.of(404, 410)) {
      toy.setGone(status);
      assertThat(check(status, LIST)).isEmpty();
      assertThat(check(status, LIST + "/1")).isEmpty();
      assertThat(check(200, REPOSITORY)).isEmpty();
    }
    toy.setGone(0);
    for (int i = 0; i < 100; i++) {
      client.get("/repositories/acme/none/issues", "Authorization", "Bearer poor");
    }
    assertThat(checkAs(429, LIST, "Bearer poor")).isEmpty();
  }

  @Test
  void recordedAnswersAreSoundToo() throws IOException {
    assertThat(contract.violations("bitbucket/repository-2026-no-has_issues.json", body -> body))
        .isEmpty();
    assertThat(contract.violations("bitbucket/removed-api-410-QUOTED.json", body -> body))
        .isEmpty();
    assertThat(
            contract.violations(
                "bitbucket/issues-30-rows.json",
                rows -> ToyClient.JSON.createObjectNode().set("values", rows)))
        .as("the rows in the envelope that was not kept")
        .isEmpty();
  }

  @Test
  void wrongRequestIsSeen() throws IOException {
    assertThat(check(400, LIST + "?pagelen=500")).anyMatch(v -> v.contains("pagelen is 500"));
    assertThat(checkAs(401, LIST, "token good")).anyMatch(v -> v.contains("Basic or Bearer"));
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
    assertThat(check(200, LIST)).contains("a page has no values");
  }
}

package trackersync.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trackersync.contract.OpenApiContract;

@DisplayName("CORE-16 recorded pages are replayed")
class ToyReplayTest {
  private static final String FIRST =
      "/repos/any/name/issues?state=all&sort=created&direction=asc&per_page=100";
  private static Path file;
  private static ToyGithub toy;
  private static ToyClient client;

  @BeforeAll
  static void start() {
    file =
        OpenApiContract.shared()
            .map(s -> s.resolve("samples/github/issues-closed-21-pages-with-headers.json"))
            .filter(Files::exists)
            .orElse(null);
    if (file == null) {
      return;
    }
    toy = ToyGithub.start(ToyGithubOptions.builder().replay(file).anonymousRateLimit(0).build());
    client = new ToyClient(toy.baseUrl());
  }

  @AfterAll
  static void stop() {
    if (toy != null) {
      toy.close();
    }
  }

  @BeforeEach
  void needsTheRecording() {
    assumeTrue(
        file != null, "skipped: the shared folder with recorded answers is not beside the project");
  }

  @Test
  void all606ItemsComeOn21Pages() throws IOException {
    for (int run = 0; run < 2; run++) {
      List<List<JsonNode>> pages = client.walk(FIRST);
      assertThat(pages).hasSize(21);
      assertThat(ToyClient.numbers(pages)).hasSize(606).doesNotHaveDuplicates();
      assertThat(pages.stream().flatMap(List::stream).filter(i -> i.has("pull_request")))
          .hasSize(363);
    }
  }

  @Test
  void linksAreTheRecordedOnesOnOurHost() throws IOException {
    String next = FIRST;
    for (JsonNode exchange : ToyClient.JSON.readTree(file.toFile()).path("exchanges")) {
      HttpResponse<byte[]> response = client.get(next);
      assertThat(response.headers().firstValue("link"))
          .contains(
              exchange
                  .at("/response/headers/Link")
                  .asText()
                  .replace("https://api.github.com", toy.baseUrl().toString()));
      assertThat(ToyClient.JSON.readTree(response.body())).isEqualTo(exchange.at("/response/body"));
      next = ToyClient.next(response);
    }
    assertThat(next).isNull();
  }

  @Test
  void unchangedPageIs304() throws IOException {
    String etag = client.get(FIRST).headers().firstValue("etag").orElseThrow();
    assertThat(client.get(FIRST, "If-None-Match", etag).statusCode()).isEqualTo(304);
  }

  @Test
  void sinceFiltersAndSorts() throws IOException {
    List<JsonNode> all = client.walk(FIRST).stream().flatMap(List::stream).toList();
    String since = "2019-06-01T00:00:00Z";
    long wanted =
        all.stream().filter(i -> i.path("updated_at").asText().compareTo(since) >= 0).count();
    List<List<JsonNode>> pages =
        client.walk(
            "/repos/any/name/issues?state=all&sort=updated&direction=asc&per_page=50&since="
                + since);
    assertThat(pages.get(0)).hasSize(50);
    List<JsonNode> found = pages.stream().flatMap(List::stream).toList();
    assertThat(found).hasSize((int) wanted);
    assertThat(found).extracting(i -> i.path("updated_at").asText()).isSorted();
    assertThat(new HashSet<>(ToyClient.numbers(pages))).hasSize((int) wanted);
    assertThat(client.json(FIRST + "&since=2030-01-01T00:00:00Z")).isEmpty();
  }

  @Test
  void singleIssueAndRepositoryAreServed() throws IOException {
    assertThat(client.json("/repos/any/name/issues/641").path("id").asLong()).isEqualTo(536514666);
    assertThat(client.get("/repos/any/name/issues/999999").statusCode()).isEqualTo(404);
    assertThat(client.json("/repos/any/name").path("id").asLong()).isEqualTo(617210);
  }

  private static Path sample(String name) {
    return OpenApiContract.shared().orElseThrow().resolve("samples").resolve(name);
  }

  @Test
  void gitlabPagesAreServedInTheirOrder() throws IOException {
    Path pages = sample("gitlab/issues-list-2-pages.json");
    JsonNode exchanges = ToyClient.JSON.readTree(pages.toFile()).path("exchanges");
    try (ToyGitlab gitlab =
        ToyGitlab.start(ToyGitlabOptions.builder().replay(pages).anonymousRateLimit(0).build())) {
      ToyClient asking = new ToyClient(gitlab.baseUrl());
      String next = "/projects/any%2Fname/issues?sort=asc";
      for (JsonNode exchange : exchanges) {
        HttpResponse<byte[]> response = asking.get(next);
        assertThat(ToyClient.JSON.readTree(response.body()))
            .isEqualTo(exchange.at("/response/body"));
        next = ToyClient.next(response);
      }
      assertThat(next).isNull();
    }
  }

  @Test
  void gitlabPageWithHeadersKeepsItsProject() throws IOException {
    Path page = sample("gitlab/issues-list-page1-of-2-with-headers.json");
    JsonNode recorded = ToyClient.JSON.readTree(page.toFile()).at("/exchanges/0/response");
    try (ToyGitlab gitlab =
        ToyGitlab.start(ToyGitlabOptions.builder().replay(page).anonymousRateLimit(0).build())) {
      ToyClient asking = new ToyClient(gitlab.baseUrl());
      assertThat(asking.json("/projects/any%2Fname").path("id").asLong()).isEqualTo(15578026);
      assertThat(asking.json("/projects/15578026/issues?per_page=2"))
          .isEqualTo(recorded.path("body"));
      assertThat(asking.json("/projects/15578026/issues/2")).isEqualTo(recorded.at("/body/1"));
      assertThat(asking.json("/projects/15578026/issues?updated_after=2019-11-28T08:46:00Z"))
          .singleElement()
          .isEqualTo(recorded.at("/body/0"));
    }
  }

  @Test
  void bitbucketRowsAreServedInTheirEnvelope() throws IOException {
    Path rows = sample("bitbucket/issues-30-rows.json");
    JsonNode recorded = ToyClient.JSON.readTree(rows.toFile()).at("/exchanges/0/response/body");
    try (ToyBitbucket bitbucket =
        ToyBitbucket.start(
            ToyBitbucketOptions.builder().replay(rows).anonymousRateLimit(0).build())) {
      ToyClient asking = new ToyClient(bitbucket.baseUrl());
      JsonNode all = asking.json("/repositories/any/name/issues?pagelen=100");
      assertThat(all.path("values")).isEqualTo(recorded);
      assertThat(all.path("size").asInt()).isEqualTo(30);
      assertThat(all.has("next")).isFalse();
      assertThat(asking.json("/repositories/any/name/issues/27").path("title").asText())
          .isEqualTo(recorded.at("/0/title").asText());
      List<List<JsonNode>> since =
          asking.walkBodies(
              "/repositories/any/name/issues?sort=updated_on"
                  + "&q=updated_on+%3E%3D+2022-01-01T00:00:00%2B00:00");
      assertThat(since).hasSize(3);
      assertThat(ToyClient.numbers(since, "id")).hasSize(30).doesNotHaveDuplicates();
    }
  }

  @Test
  void fileWithoutPagesIsRefused(@TempDir Path folder) throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.json"), "{\"exchanges\":[]}");
    assertThatThrownBy(() -> ToyGithub.start(ToyGithubOptions.builder().replay(empty).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no recorded page")
        .hasMessageContaining("empty.json");
  }
}

package trackersync.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("CORE-16 the toy GitHub behaves like the real one")
class ToyGithubTest {
  private static final String ALL = "/repos/acme/shop/issues?state=all&per_page=100";
  private final List<ToyGithub> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(ToyGithub::close);
  }

  private ToyGithub start(ToyGithubOptions.Builder options) {
    ToyGithub toy = ToyGithub.start(options.anonymousRateLimit(0).build());
    open.add(toy);
    return toy;
  }

  private static ToyClient client(ToyGithub toy) {
    return new ToyClient(toy.baseUrl());
  }

  @Test
  void pagesHoldEveryNumberOnceInEveryOrder() throws IOException {
    ToyClient client = client(start(ToyGithubOptions.builder().issues(2_345)));
    for (String order :
        List.of(
            "&sort=created&direction=asc",
            "&sort=created&direction=desc",
            "&sort=updated&direction=asc",
            "&sort=updated&direction=desc",
            "&sort=comments&direction=asc")) {
      List<List<JsonNode>> pages = client.walk(ALL + order);
      assertThat(pages).as(order).hasSize(24);
      assertThat(ToyClient.numbers(pages))
          .as(order)
          .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 2_345).boxed().toList());
    }
  }

  @Test
  void ordersAreKept() throws IOException {
    ToyClient client = client(start(ToyGithubOptions.builder().issues(777).ties(7)));
    List<JsonNode> created = flat(client.walk(ALL + "&sort=created&direction=asc"));
    assertThat(created)
        .extracting(i -> i.path("created_at").asText())
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(created).extracting(i -> i.path("number").asInt()).isSorted();
    assertThat(created)
        .allSatisfy(
            i ->
                assertThat(i.path("updated_at").asText())
                    .isGreaterThanOrEqualTo(i.path("created_at").asText()));
    assertThat(flat(client.walk(ALL + "&sort=updated&direction=desc")))
        .extracting(i -> i.path("updated_at").asText())
        .isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(flat(client.walk(ALL + "&sort=comments&direction=desc")))
        .extracting(i -> i.path("comments").asInt())
        .isSortedAccordingTo(Comparator.reverseOrder());
  }

  @Test
  void statesAndLabelsAreFiltered() throws IOException {
    ToyClient client = client(start(ToyGithubOptions.builder().issues(2_500)));
    List<JsonNode> all = flat(client.walk(ALL));
    for (String state : List.of("open", "closed")) {
      List<Integer> wanted =
          all.stream()
              .filter(i -> i.path("state").asText().equals(state))
              .map(i -> i.path("number").asInt())
              .toList();
      assertThat(
              ToyClient.numbers(client.walk("/repos/acme/shop/issues?per_page=97&state=" + state)))
          .hasSizeGreaterThan(500)
          .isEqualTo(wanted);
    }
    List<Integer> bugs =
        all.stream()
            .filter(i -> i.path("labels").findValuesAsText("name").contains("bug"))
            .map(i -> i.path("number").asInt())
            .toList();
    assertThat(ToyClient.numbers(client.walk(ALL + "&labels=bug"))).isNotEmpty().isEqualTo(bugs);
  }

  @Test
  void sinceFindsWhatWasUpdatedThenOrLater() throws IOException {
    ToyGithub toy = start(ToyGithubOptions.builder().issues(900).ties(5));
    ToyClient client = client(toy);
    List<JsonNode> all = flat(client.walk(ALL + "&sort=updated&direction=asc"));
    String middle = all.get(451).path("updated_at").asText();
    Set<Integer> wanted = new HashSet<>();
    all.stream()
        .filter(i -> i.path("updated_at").asText().compareTo(middle) >= 0)
        .forEach(i -> wanted.add(i.path("number").asInt()));
    for (String sort :
        List.of("&sort=updated&direction=asc", "&sort=updated", "&sort=created", "")) {
      assertThat(ToyClient.numbers(client.walk(ALL + "&since=" + middle + sort)))
          .as(sort)
          .containsExactlyInAnyOrderElementsOf(wanted);
    }
    assertThat(client.walk(ALL + "&since=2099-01-01T00:00:00Z").get(0)).isEmpty();
  }

  @Test
  void tiesCrossPages() throws IOException {
    ToyClient client = client(start(ToyGithubOptions.builder().issues(1_200).ties(500)));
    List<JsonNode> all = flat(client.walk(ALL + "&sort=updated&direction=asc"));
    assertThat(all)
        .extracting(i -> i.path("number").asInt())
        .doesNotHaveDuplicates()
        .hasSize(1_200);
    assertThat(new HashSet<>(all.stream().map(i -> i.path("updated_at").asText()).toList()))
        .hasSize(3);
  }

  @Test
  void sameSeedGivesTheSameIssues() throws IOException {
    ToyClient one = client(start(ToyGithubOptions.builder().issues(250).seed(7)));
    ToyClient same = client(start(ToyGithubOptions.builder().issues(250).seed(7)));
    ToyClient other = client(start(ToyGithubOptions.builder().issues(250).seed(8)));
    byte[] page = one.get(ALL).body();
    assertThat(same.get(ALL).body()).isEqualTo(page);
    assertThat(other.get(ALL).body()).isNotEqualTo(page);
    assertThat(one.get("/repos/acme/other/issues?state=all&per_page=100").body())
        .isNotEqualTo(page);
    assertThat(one.get("/api/v3" + ALL).body()).isEqualTo(page);
  }

  @Test
  void recordsAreOfGithubsSizeAndVariety() throws IOException {
    ToyClient client = client(start(ToyGithubOptions.builder().issues(1_000)));
    List<JsonNode> all = flat(client.walk(ALL));
    double bytes =
        all.stream()
            .mapToInt(i -> i.toString().getBytes(StandardCharsets.UTF_8).length)
            .average()
            .orElse(0);
    assertThat(bytes).isBetween(4_000.0, 6_000.0);
    assertThat(all.stream().filter(i -> i.has("pull_request")).count()).isBetween(150L, 250L);
    assertThat(all).anyMatch(i -> i.path("body").isNull());
    assertThat(all).anyMatch(i -> i.path("user").path("login").asText().equals("ghost"));
    assertThat(all).anyMatch(i -> i.path("title").asText().codePoints().anyMatch(c -> c > 0xFFFF));
    assertThat(all).anyMatch(i -> i.path("assignees").size() == 2);
    assertThat(all).anyMatch(i -> i.path("milestone").isObject());
    ToyClient none = client(start(ToyGithubOptions.builder().issues(300).pullRequests(0)));
    assertThat(flat(none.walk(ALL))).noneMatch(i -> i.has("pull_request"));
  }

  @Test
  void linkIsGithubs() throws IOException {
    ToyGithub toy = start(ToyGithubOptions.builder().issues(250));
    ToyClient client = client(toy);
    long id = client.json("/repos/acme/shop").path("id").asLong();
    String page = toy.baseUrl() + "/repositories/" + id + "/issues?state=all&per_page=100&page=";
    assertThat(link(client, ALL))
        .isEqualTo("<" + page + "2>; rel=\"next\", <" + page + "3>; rel=\"last\"");
    assertThat(link(client, ALL + "&page=2"))
        .isEqualTo(
            "<%s1>; rel=\"prev\", <%s3>; rel=\"next\", <%s3>; rel=\"last\", <%s1>; rel=\"first\""
                .formatted(page, page, page, page));
    assertThat(link(client, ALL + "&page=3"))
        .isEqualTo("<%s2>; rel=\"prev\", <%s1>; rel=\"first\"".formatted(page, page));
    assertThat(client.get("/repos/acme/shop/issues?labels=no-such").headers().firstValue("link"))
        .isEmpty();
    assertThat(link(client, "/api/v3" + ALL))
        .startsWith("<" + toy.enterpriseUrl() + "/repositories/");
    assertThat(client.json("/repos/acme/shop/issues?state=all")).hasSize(30);
    assertThat(client.json("/repos/acme/shop/issues?state=all&per_page=500")).hasSize(100);
    assertThat(client.json("/repos/acme/shop/issues?state=all&page=99")).isEmpty();
  }

  private static String link(ToyClient client, String path) throws IOException {
    return client.get(path).headers().firstValue("link").orElse("");
  }

  @Test
  void unchangedPageIs304AndFree() throws IOException {
    ToyGithub toy = start(ToyGithubOptions.builder().rateLimit(50));
    ToyClient client = client(toy);
    String[] token = {"Authorization", "Bearer a"};
    HttpResponse<byte[]> first = client.get(ALL, token);
    String etag = first.headers().firstValue("etag").orElseThrow();
    assertThat(etag).startsWith("W/\"");
    HttpResponse<byte[]> second =
        client.get(ALL, "Authorization", "Bearer a", "If-None-Match", etag);
    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
    assertThat(second.headers().firstValue("x-ratelimit-remaining")).contains("49");
    toy.repository("acme/shop").retitle(300, "Changed", Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(client.get(ALL, "Authorization", "Bearer a", "If-None-Match", etag).statusCode())
        .isEqualTo(200);
    assertThat(client.get(ALL + "&page=2", "If-None-Match", etag).statusCode()).isEqualTo(200);
  }

  @Test
  void budgetsAreATokensOwnAndRefill() throws IOException {
    MovableClock clock = new MovableClock();
    ToyGithub toy =
        start(
            ToyGithubOptions.builder()
                .rateLimit(2)
                .rateWindow(Duration.ofSeconds(30))
                .clock(clock));
    ToyClient client = client(toy);
    assertThat(client.get("/user", "Authorization", "token a").statusCode()).isEqualTo(200);
    assertThat(client.get(ALL, "Authorization", "token a").statusCode()).isEqualTo(200);
    HttpResponse<byte[]> spent = client.get(ALL, "Authorization", "token a");
    assertThat(spent.statusCode()).isEqualTo(403);
    assertThat(spent.headers().firstValue("x-ratelimit-remaining")).contains("0");
    assertThat(spent.headers().firstValueAsLong("x-ratelimit-reset"))
        .hasValue(clock.instant().getEpochSecond() + 30);
    assertThat(client.get("/rate_limit", "Authorization", "token a").statusCode()).isEqualTo(200);
    assertThat(client.get(ALL, "Authorization", "token b").statusCode()).isEqualTo(200);
    assertThat(client.get(ALL).statusCode()).isEqualTo(200);
    clock.now = clock.now.plusSeconds(31);
    assertThat(client.get(ALL, "Authorization", "token a").statusCode()).isEqualTo(200);
  }

  private static final class MovableClock extends Clock {
    private volatile Instant now = Instant.parse("2026-02-03T04:05:06Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }
  }

  @Test
  void wrongRequestsAreRefused() throws IOException {
    ToyClient client =
        client(
            start(
                ToyGithubOptions.builder()
                    .tokens(Set.of("good"))
                    .onlyNamed(true)
                    .repository("acme/shop", 3)));
    String[] good = {"Authorization", "Bearer good"};
    assertThat(client.get(ALL, good).statusCode()).isEqualTo(200);
    assertThat(client.get(ALL, "Authorization", "Bearer bad").statusCode()).isEqualTo(401);
    assertThat(client.get("/user").statusCode()).isEqualTo(401);
    assertThat(client.get(ALL, "Authorization", "Bearer good", "User-Agent", "").statusCode())
        .isEqualTo(403);
    assertThat(
            client
                .get(ALL, "Authorization", "Bearer good", "X-GitHub-Api-Version", "2001-01-01")
                .statusCode())
        .isEqualTo(400);
    assertThat(client.get("/repos/acme/other/issues", good).statusCode()).isEqualTo(404);
    assertThat(client.get("/repositories/17/issues", good).statusCode()).isEqualTo(404);
    assertThat(client.get("/nothing", good).statusCode()).isEqualTo(404);
    assertThat(client.get("/repos/acme/shop/issues/4", good).statusCode()).isEqualTo(404);
    for (String wrong :
        List.of("sort=votes", "direction=up", "since=yesterday", "milestone=1", "state=x")) {
      assertThat(client.get("/repos/acme/shop/issues?" + wrong, good).statusCode())
          .as(wrong)
          .isEqualTo(422);
    }
  }

  @Test
  void newVersionHasNoAssignee() throws IOException {
    ToyClient client = client(start(ToyGithubOptions.builder()));
    JsonNode old = client.json(ALL, "X-GitHub-Api-Version", "2022-11-28").path(0);
    JsonNode now = client.json(ALL, "X-GitHub-Api-Version", "2026-03-10").path(0);
    assertThat(old.has("assignee")).isTrue();
    assertThat(now.has("assignee")).isFalse();
    assertThat(now.has("assignees")).isTrue();
  }

  @Test
  void editsShowEverywhere() throws IOException {
    ToyGithub toy = start(ToyGithubOptions.builder().issues(1_000));
    ToyClient client = client(toy);
    ToyRepository shop = toy.repository("acme/shop");
    Instant at = Instant.parse("2026-03-01T00:00:00Z");
    shop.retitle(10, "New \"title\" 🐛", at);
    shop.setClosed(11, false, at.plusSeconds(1));
    shop.setLabels(12, List.of("own label"), at.plusSeconds(1));
    shop.turnIntoPullRequest(13, at.plusSeconds(2));
    shop.delete(14);
    shop.transfer(15, "acme/other#7");
    shop.touch(16, Instant.parse("2021-01-01T00:00:00Z"));
    assertThat(shop.add(3, at.plusSeconds(3))).isEqualTo(1_001);

    List<JsonNode> changed =
        flat(client.walk(ALL + "&sort=updated&direction=asc&since=2026-03-01T00:00:00Z"));
    assertThat(changed)
        .extracting(i -> i.path("number").asInt())
        .containsExactly(10, 11, 12, 13, 1_001, 1_002, 1_003);
    assertThat(changed.get(0).path("title").asText()).isEqualTo("New \"title\" 🐛");
    assertThat(changed.get(1).path("state").asText()).isEqualTo("open");
    assertThat(changed.get(2).path("labels").path(0).path("name").asText()).isEqualTo("own label");
    assertThat(changed.get(3).has("pull_request")).isTrue();

    List<JsonNode> updated = flat(client.walk(ALL + "&sort=updated&direction=asc"));
    assertThat(updated).extracting(i -> i.path("updated_at").asText()).isSorted();
    assertThat(updated)
        .extracting(i -> i.path("number").asInt())
        .hasSize(1_001)
        .doesNotContain(14, 15)
        .doesNotHaveDuplicates();
    assertThat(ToyClient.numbers(client.walk(ALL + "&sort=created&direction=asc")))
        .hasSize(1_001)
        .isSorted();
    assertThat(client.get("/repos/acme/shop/issues/14").statusCode()).isEqualTo(410);
    HttpResponse<byte[]> moved = client.get("/repos/acme/shop/issues/15");
    assertThat(moved.statusCode()).isEqualTo(301);
    assertThat(moved.headers().firstValue("location"))
        .contains(toy.baseUrl() + "/repos/acme/other/issues/7");
    toy.reset();
    assertThat(ToyClient.numbers(client.walk(ALL))).hasSize(1_000);
  }

  @Test
  void renamedRepositoryAnswers301ToItsNumber() throws IOException {
    ToyGithub toy = start(ToyGithubOptions.builder().issues(30));
    ToyClient client = client(toy);
    JsonNode before = client.json(ALL);
    toy.renameRepository("acme/shop", "acme/store");
    HttpResponse<byte[]> moved = client.get(ALL);
    assertThat(moved.statusCode()).isEqualTo(301);
    String location = moved.headers().firstValue("location").orElseThrow();
    assertThat(location)
        .matches(toy.baseUrl() + "/repositories/\\d+/issues\\?state=all&per_page=100");
    JsonNode after = client.json(location);
    assertThat(after.findValuesAsText("node_id")).isEqualTo(before.findValuesAsText("node_id"));
    assertThat(after.path(0).path("html_url").asText()).contains("/acme/store/");
    assertThat(client.json("/repos/acme/store/issues?state=all&per_page=100")).isEqualTo(after);
  }

  @Test
  void aMillionIssuesCostNoMemory() throws IOException {
    ToyGithub toy = start(ToyGithubOptions.builder().issues(1_000_000));
    ToyClient client = client(toy);
    String deep = ALL + "&sort=updated&direction=asc&page=";
    client.get(deep + "1");
    long before = used();
    for (int page = 1; page <= 10_000; page += 499) {
      assertThat(client.json(deep + page)).hasSize(100);
    }
    List<List<JsonNode>> last = client.walk(deep + "9999");
    assertThat(ToyClient.numbers(last)).hasSize(200);
    assertThat(client.get("/repos/acme/shop/issues?state=closed&page=9000").statusCode())
        .isEqualTo(200);
    // An object an issue would be 16 MB at least
    assertThat(used() - before).isLessThan(8L * 1024 * 1024);
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void requestsAreLoggedWithoutTokens() throws IOException {
    ToyGithub toy = start(ToyGithubOptions.builder());
    ToyClient client = client(toy);
    client.get("/repos/acme/shop/issues?state=all", "Authorization", "Bearer canary-4711");
    client.get("/nothing");
    assertThat(toy.requests()).hasSize(2);
    Seen first = toy.requests().get(0);
    assertThat(first.path()).isEqualTo("/repos/acme/shop/issues");
    assertThat(first.query()).isEqualTo("state=all");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.headers().get("authorization")).matches("Bearer sha256:[0-9a-f]{8}");
    String log = new String(client.get("/_toy/requests?last=2").body(), StandardCharsets.UTF_8);
    assertThat(log).contains("sha256:").contains("\"count\":2").doesNotContain("canary");
    client.post("/_toy/reset", "");
    assertThat(toy.requests()).isEmpty();
  }

  @Test
  void editsAndFaultsAreTakenOverHttp() throws IOException {
    ToyGithub toy = start(ToyGithubOptions.builder().issues(50));
    ToyClient client = client(toy);
    assertThat(
            client
                .post(
                    "/_toy/edits",
                    """
                    [{"op":"title","repository":"acme/shop","number":3,"title":"Other"},
                     {"op":"touch","repository":"acme/shop","from":10,"until":19,
                      "at":"2026-05-05T05:05:05Z"},
                     {"op":"add","repository":"acme/shop","count":2}]
                    """)
                .statusCode())
        .isEqualTo(200);
    assertThat(client.json("/repos/acme/shop/issues/3").path("title").asText()).isEqualTo("Other");
    assertThat(client.json("/repos/acme/shop/issues/15").path("updated_at").asText())
        .isEqualTo("2026-05-05T05:05:05Z");
    assertThat(client.json(ALL)).hasSize(52);
    assertThat(
            client.post("/_toy/faults", "{\"kind\":\"server-error\",\"status\":502}").statusCode())
        .isEqualTo(200);
    assertThat(client.get(ALL).statusCode()).isEqualTo(502);
    assertThat(client.get(ALL).statusCode()).isEqualTo(200);
    for (String wrong :
        List.of("{", "{\"kind\":\"boom\"}", "{\"kind\":\"reset\",\"byte\":\"x\"}", "[1]")) {
      assertThat(client.post("/_toy/faults", wrong).statusCode()).as(wrong).isEqualTo(400);
    }
    for (String wrong :
        List.of(
            "{\"op\":\"boom\",\"repository\":\"a/b\"}",
            "{\"op\":\"title\",\"repository\":\"a/b\",\"number\":1}",
            "{\"op\":\"touch\",\"repository\":\"a/b\",\"number\":51}",
            "{\"op\":\"touch\",\"repository\":\"a/b\",\"nummer\":1}",
            "{\"op\":\"touch\",\"repository\":\"ab\",\"number\":1}")) {
      assertThat(client.post("/_toy/edits", wrong).statusCode()).as(wrong).isEqualTo(400);
    }
  }

  @Test
  void gzipOnlyWhenSwitchedOnAndAccepted() throws IOException {
    ToyClient plain = client(start(ToyGithubOptions.builder()));
    assertThat(plain.get(ALL, "Accept-Encoding", "gzip").headers().firstValue("content-encoding"))
        .isEmpty();
    ToyClient zipped = client(start(ToyGithubOptions.builder().gzip(true)));
    assertThat(zipped.get(ALL).headers().firstValue("content-encoding")).isEmpty();
    HttpResponse<byte[]> response = zipped.get(ALL, "Accept-Encoding", "gzip");
    assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
    assertThat(ToyFaultsTest.gunzip(response.body())).isEqualTo(plain.get(ALL).body());
  }

  @Test
  void latencyIsKept() throws IOException {
    ToyClient client = client(start(ToyGithubOptions.builder().latency(Duration.ofMillis(40))));
    long start = System.nanoTime();
    client.get(ALL);
    client.get(ALL);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(79));
  }

  @Test
  void programSaysItsAddressInOneLine() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    String[] arguments = {"--port", "0", "--issues", "40", "--seed", "9"};
    Thread program =
        new Thread(() -> ToyCommand.run(new ToyGithubCommand(print), arguments, print, print));
    program.start();
    await().until(() -> out.toString(StandardCharsets.UTF_8).contains("\n"));
    String line = out.toString(StandardCharsets.UTF_8);
    assertThat(line)
        .matches(
            "toy GitHub on http://127\\.0\\.0\\.1:\\d+ \\(40 issues a repository, seed 9\\)\\R");
    ToyClient client = new ToyClient(URI.create(line.split(" ")[3]));
    assertThat(client.json(ALL)).hasSize(40);
    program.interrupt();
    program.join(10_000);
    assertThat(program.isAlive()).isFalse();
  }

  @Test
  void wrongOptionsAreRefusedInWords() {
    assertThat(run("--issues", "1000001"))
        .startsWith("2 ")
        .contains("issues is 1000001", "1000000");
    assertThat(run("--fault", "boom")).startsWith("2 ").contains("no kind \"boom\"", "too-many");
    assertThat(run("--fault", "reset:byt=3")).startsWith("2 ").contains("byt", "byte");
    assertThat(run("--replay", "/no/such/file")).startsWith("2 ").contains("/no/such/file");
    assertThat(run("--repository", "acme/shop")).startsWith("2 ").contains("OWNER/REPO=ISSUES");
    assertThat(run("--help")).startsWith("0 ").contains("--replay=FILE");
    ToyGithub toy = start(ToyGithubOptions.builder());
    assertThat(run("--port", "" + toy.baseUrl().getPort()))
        .startsWith("1 ")
        .contains("is taken", "--port");
    assertThatThrownBy(() -> toy.repository("no repository"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code = ToyCommand.run(new ToyGithubCommand(print), args, print, print);
    return code + " " + out.toString(StandardCharsets.UTF_8);
  }

  private static List<JsonNode> flat(List<List<JsonNode>> pages) {
    return pages.stream().flatMap(List::stream).toList();
  }
}

package trackersync.toy;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("CORE-16 ISSUE-32 the toy GitLab behaves like the real one")
class ToyGitlabTest {
  private static final String PROJECT = "/projects/acme%2Fteam%2Fshop";
  private static final String ALL = PROJECT + "/issues?per_page=100";
  private static final String[] TOKEN = {"PRIVATE-TOKEN", "a"};
  private final List<ToyGitlab> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(ToyGitlab::close);
  }

  private ToyGitlab start(ToyGitlabOptions.Builder options) {
    ToyGitlab toy = ToyGitlab.start(options.anonymousRateLimit(0).build());
    open.add(toy);
    return toy;
  }

  private static ToyGitlabOptions.Builder plain(int issues) {
    return ToyGitlabOptions.builder().issues(issues).confidential(0);
  }

  private static ToyClient client(ToyGitlab toy) {
    return new ToyClient(toy.baseUrl());
  }

  private static String keyset(String by, String sort) {
    return ALL + "&pagination=keyset&order_by=" + by + "&sort=" + sort;
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  @ParameterizedTest
  @CsvSource({"created_at,asc", "created_at,desc", "updated_at,asc", "updated_at,desc"})
  void pagesHoldEveryNumberOnceInEveryOrder(String by, String sort) throws IOException {
    ToyClient client = client(start(plain(1_234).ties(7)));
    List<Integer> wanted = IntStream.rangeClosed(1, 1_234).boxed().toList();
    String order = "&order_by=" + by + "&sort=" + sort;
    for (String query : List.of(ALL + order, ALL + order + "&pagination=keyset")) {
      List<List<JsonNode>> pages = client.walk(query);
      assertThat(pages).as(query).hasSize(13);
      assertThat(ToyClient.numbers(pages, "iid"))
          .as(query)
          .containsExactlyInAnyOrderElementsOf(wanted);
      Comparator<String> way =
          sort.equals("asc") ? Comparator.naturalOrder() : Comparator.reverseOrder();
      assertThat(ToyClient.flat(pages))
          .extracting(i -> i.path(by).asText())
          .isSortedAccordingTo(way);
    }
  }

  @Test
  void keysetLosesNothingWhenRecordsMove() throws IOException {
    ToyGitlab toy = start(plain(500).ties(50));
    ToyClient client = client(toy);
    String next = keyset("updated_at", "asc") + "&per_page=30";
    Set<Integer> seen = new HashSet<>();
    int page = 0;
    while (next != null) {
      HttpResponse<byte[]> response = client.get(next.replace("per_page=100&", ""));
      ToyClient.JSON.readTree(response.body()).forEach(i -> seen.add(i.path("iid").asInt()));
      next = ToyClient.next(response);
      toy.project("acme/team/shop").delete(1 + page * 3);
      toy.project("acme/team/shop").touch(2 + page * 3, Instant.parse("2027-01-01T00:00:00Z"));
      page++;
    }
    Set<Integer> there = new HashSet<>(IntStream.rangeClosed(1, 500).boxed().toList());
    for (int i = 0; i < page; i++) {
      there.remove(1 + i * 3);
    }
    assertThat(seen).containsAll(there);
  }

  @Test
  void keysetHasNothingButALinkAndNoneAtItsEnd() throws IOException {
    ToyClient client = client(start(plain(200)));
    HttpResponse<byte[]> first = client.get(keyset("created_at", "asc"));
    assertThat(first.headers().map().keySet())
        .noneMatch(n -> n.matches("(?i)x-(total|page|next-page).*"));
    assertThat(header(first, "link")).matches("<[^>]*[?&]cursor=[^>]*>; rel=\"next\"");
    HttpResponse<byte[]> last = client.get(ToyClient.next(first));
    assertThat(ToyClient.JSON.readTree(last.body())).hasSize(100);
    assertThat(header(last, "link")).isNull();
    assertThat(client.get(ALL + "&pagination=keyset").statusCode()).isEqualTo(400);
    assertThat(client.get(keyset("created_at", "asc") + "&cursor=x").statusCode()).isEqualTo(400);
  }

  @Test
  void keysetOfOldServersIsRefusedOrIgnored() throws IOException {
    ToyClient refused = client(start(plain(150).keyset(ToyGitlabOptions.Keyset.REFUSED)));
    assertThat(refused.get(keyset("created_at", "asc")).statusCode()).isEqualTo(405);
    ToyClient ignored = client(start(plain(150).keyset(ToyGitlabOptions.Keyset.IGNORED)));
    assertThat(header(ignored.get(keyset("created_at", "asc")), "x-total")).isEqualTo("150");
  }

  @Test
  void numberedPagesHaveGitlabsHeaders() throws IOException {
    ToyGitlab toy = start(plain(250));
    ToyClient client = client(toy);
    HttpResponse<byte[]> first = client.get(ALL + "&state=all");
    assertThat(header(first, "x-next-page")).isEqualTo("2");
    assertThat(header(first, "x-prev-page")).isEmpty();
    assertThat(header(first, "x-page")).isEqualTo("1");
    assertThat(header(first, "x-per-page")).isEqualTo("100");
    assertThat(header(first, "x-total")).isEqualTo("250");
    assertThat(header(first, "x-total-pages")).isEqualTo("3");
    long id = client.json(PROJECT).path("id").asLong();
    String page = toy.baseUrl() + PROJECT + "/issues?id=" + id + "&order_by=created_at&page=";
    String rest = "&per_page=100&sort=desc&state=all&with_labels_details=false>; rel=";
    assertThat(header(first, "link"))
        .isEqualTo(
            "<%s2%s\"next\", <%s1%s\"first\", <%s3%s\"last\""
                .formatted(page, rest, page, rest, page, rest));
    HttpResponse<byte[]> last = client.get(ALL + "&page=3");
    assertThat(header(last, "x-next-page")).isEmpty();
    assertThat(ToyClient.next(last)).isNull();
    assertThat(client.json(ALL + "&page=9")).isEmpty();
    assertThat(client.json(PROJECT + "/issues")).hasSize(20);
    assertThat(client.json(PROJECT + "/issues?per_page=500")).hasSize(100);
  }

  @Test
  void largeListsAreNotCountedAndEndAtTheOffsetLimit() throws IOException {
    ToyClient client = client(start(plain(1_000_000)));
    HttpResponse<byte[]> deep = client.get(ALL + "&page=500");
    assertThat(header(deep, "x-total")).isNull();
    assertThat(header(deep, "x-total-pages")).isNull();
    assertThat(header(deep, "link")).doesNotContain("last");
    assertThat(header(deep, "x-next-page")).isEqualTo("501");
    HttpResponse<byte[]> tooDeep = client.get(ALL + "&page=501");
    assertThat(tooDeep.statusCode()).isEqualTo(405);
    assertThat(new String(tooDeep.body(), StandardCharsets.UTF_8)).contains("50000", "keyset");
    ToyClient old = client(start(plain(1_000_000).keyset(ToyGitlabOptions.Keyset.REFUSED)));
    assertThat(old.json(ALL + "&page=10000")).hasSize(100);
    List<JsonNode> page = new ArrayList<>();
    client.json(keyset("updated_at", "desc")).forEach(page::add);
    assertThat(page).hasSize(100);
  }

  @Test
  void filtersFindWhatTheySay() throws IOException {
    ToyClient client = client(start(ToyGitlabOptions.builder().issues(900).confidential(0.2)));
    List<JsonNode> all = new ArrayList<>();
    for (int page = 1; page <= 9; page++) {
      client.json(ALL + "&page=" + page, TOKEN).forEach(all::add);
    }
    assertThat(all).hasSize(900);
    String middle = all.get(400).path("updated_at").asText();
    String born = all.get(300).path("created_at").asText();
    assertFinds(client, "state=opened", all, i -> i.path("state").asText().equals("opened"));
    assertFinds(client, "state=closed", all, i -> i.path("state").asText().equals("closed"));
    assertFinds(client, "confidential=true", all, i -> i.path("confidential").asBoolean());
    assertFinds(client, "confidential=false", all, i -> !i.path("confidential").asBoolean());
    assertFinds(
        client, "issue_type=incident", all, i -> i.path("type").asText().equals("INCIDENT"));
    assertFinds(
        client,
        "labels=priority%3A%3Ahigh",
        all,
        i -> i.path("labels").toString().contains("\"priority::high\""));
    assertFinds(
        client,
        "updated_after=" + middle,
        all,
        i -> i.path("updated_at").asText().compareTo(middle) >= 0);
    assertFinds(
        client,
        "order_by=updated_at&updated_after=" + middle,
        all,
        i -> i.path("updated_at").asText().compareTo(middle) >= 0);
    assertFinds(
        client,
        "updated_before=" + middle,
        all,
        i -> i.path("updated_at").asText().compareTo(middle) <= 0);
    assertFinds(
        client,
        "created_after=" + born,
        all,
        i -> i.path("created_at").asText().compareTo(born) >= 0);
    assertFinds(client, "iids%5B%5D=3&iids%5B%5D=7", all, i -> isOf(i, 3, 7));
  }

  private static boolean isOf(JsonNode issue, int... iids) {
    return IntStream.of(iids).anyMatch(iid -> issue.path("iid").asInt() == iid);
  }

  private static void assertFinds(
      ToyClient client, String query, List<JsonNode> all, Predicate<JsonNode> fits)
      throws IOException {
    List<Integer> wanted =
        all.stream().filter(fits).map(i -> i.path("iid").asInt()).sorted().toList();
    for (String pages : List.of("", "&pagination=keyset&sort=asc")) {
      String more = pages.isEmpty() || query.contains("order_by") ? "" : "&order_by=created_at";
      List<Integer> found = new ArrayList<>();
      String next = ALL + "&" + query + pages + more;
      while (next != null) {
        HttpResponse<byte[]> response = client.get(next, TOKEN);
        ToyClient.JSON.readTree(response.body()).forEach(i -> found.add(i.path("iid").asInt()));
        next = ToyClient.next(response);
      }
      assertThat(found.stream().sorted().toList()).as(query + pages).isNotEmpty().isEqualTo(wanted);
    }
  }

  @Test
  void confidentialIssuesAreHiddenWithoutAToken() throws IOException {
    ToyGitlab toy = start(plain(100));
    ToyClient client = client(toy);
    toy.project("acme/team/shop").setConfidential(5, true, Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(client.json(ALL, TOKEN)).hasSize(100);
    assertThat(client.json(ALL)).hasSize(99).noneMatch(i -> i.path("iid").asInt() == 5);
    assertThat(client.get(PROJECT + "/issues/5").statusCode()).isEqualTo(404);
    assertThat(client.json(PROJECT + "/issues/5", TOKEN).path("confidential").asBoolean()).isTrue();
  }

  @Test
  void recordsAreOfGitlabsVariety() throws IOException {
    ToyClient client = client(start(ToyGitlabOptions.builder().issues(1_000)));
    List<JsonNode> all = new ArrayList<>();
    for (int page = 1; page <= 10; page++) {
      client.json(ALL + "&page=" + page, TOKEN).forEach(all::add);
    }
    assertThat(all)
        .allSatisfy(
            i -> {
              assertThat(i.path("created_at").asText())
                  .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
              assertThat(i.path("web_url").asText())
                  .isEqualTo(
                      "https://gitlab.example/acme/team/shop/-/work_items/"
                          + i.path("iid").asInt());
              assertThat(i.at("/references/full").asText())
                  .isEqualTo("acme/team/shop#" + i.path("iid").asInt());
              assertThat(scopes(i)).doesNotHaveDuplicates();
            });
    assertThat(all).anyMatch(i -> i.path("author").path("username").asText().equals("ghost"));
    assertThat(all).anyMatch(i -> i.path("description").isNull());
    assertThat(all).anyMatch(i -> i.path("description").asText("x").isEmpty());
    assertThat(all).anyMatch(i -> i.path("labels").toString().contains("::"));
    assertThat(all).anyMatch(i -> i.path("milestone").isObject());
    assertThat(all).anyMatch(i -> i.path("assignees").size() == 2);
    assertThat(all).anyMatch(i -> i.path("confidential").asBoolean());
    assertThat(all).extracting(i -> i.path("issue_type").asText()).contains("incident", "task");
    assertThat(all)
        .filteredOn(i -> i.path("state").asText().equals("closed"))
        .anyMatch(i -> i.path("closed_by").isNull())
        .allMatch(i -> i.path("closed_at").isTextual());
    JsonNode details = client.json(ALL + "&with_labels_details=true&labels=bug", TOKEN);
    assertThat(details.at("/0/labels/0/color").asText()).startsWith("#");
  }

  private static List<String> scopes(JsonNode issue) {
    List<String> scopes = new ArrayList<>();
    for (JsonNode label : issue.path("labels")) {
      int scope = label.asText().lastIndexOf("::");
      if (scope >= 0) {
        scopes.add(label.asText().substring(0, scope));
      }
    }
    return scopes;
  }

  @Test
  void sameSeedGivesTheSameIssues() throws IOException {
    byte[] one = client(start(plain(100).seed(7))).get(ALL).body();
    assertThat(client(start(plain(100).seed(7))).get(ALL).body()).isEqualTo(one);
    assertThat(client(start(plain(100).seed(8))).get(ALL).body()).isNotEqualTo(one);
  }

  @Test
  void projectIsFoundByPathAndNumber() throws IOException {
    ToyGitlab toy = start(plain(30));
    ToyClient client = client(toy);
    JsonNode project = client.json(PROJECT);
    assertThat(project.path("path_with_namespace").asText()).isEqualTo("acme/team/shop");
    long id = project.path("id").asLong();
    assertThat(client.json("/projects/" + id + "/issues?per_page=100")).isEqualTo(client.json(ALL));
    assertThat(client.json("/projects/" + id + "/issues/3").path("project_id").asLong())
        .isEqualTo(id);
    assertThat(client.get("/projects/acme/team/shop/issues").statusCode()).isEqualTo(404);
    assertThat(client.get("/projects/shop/issues").statusCode()).isEqualTo(404);
    assertThat(client.get("/projects/17/issues").statusCode()).isEqualTo(404);
  }

  @Test
  void movedProjectAnswers301ToItsNumberInText() throws IOException {
    ToyGitlab toy = start(plain(30));
    ToyClient client = client(toy);
    long id = client.json(PROJECT).path("id").asLong();
    toy.renameRepository("acme/team/shop", "acme/store");
    HttpResponse<byte[]> moved = client.get(ALL + "&state=all");
    assertThat(moved.statusCode()).isEqualTo(301);
    assertThat(header(moved, "content-type")).startsWith("text/plain");
    assertThat(header(moved, "location"))
        .isEqualTo(toy.baseUrl() + "/projects/" + id + "/issues?per_page=100&state=all");
    assertThat(client.json(header(moved, "location")).at("/0/references/full").asText())
        .startsWith("acme/store#");
  }

  @Test
  void selfManagedGitlabMayLiveUnderAPath() throws IOException {
    ToyGitlab toy = start(plain(150));
    ToyClient below = new ToyClient(toy.relativeUrl());
    assertThat(toy.relativeUrl().getPath()).isEqualTo("/gitlab/api/v4");
    assertThat(below.json(ALL)).isEqualTo(client(toy).json(ALL));
    assertThat(ToyClient.next(below.get(ALL))).startsWith(toy.relativeUrl() + PROJECT);
    assertThat(ToyClient.next(below.get(keyset("updated_at", "asc"))))
        .startsWith(toy.relativeUrl() + PROJECT);
    assertThat(below.get("/version", TOKEN).statusCode()).isEqualTo(200);
    toy.renameRepository("acme/team/shop", "acme/store");
    assertThat(header(below.get(ALL), "location")).startsWith(toy.relativeUrl() + "/projects/");
  }

  @Test
  void unchangedPageIs304AndCounts() throws IOException {
    ToyClient client = client(start(plain(50).rateLimit(10)));
    HttpResponse<byte[]> first = client.get(ALL, TOKEN);
    String etag = header(first, "etag");
    assertThat(etag).startsWith("W/\"");
    HttpResponse<byte[]> second = client.get(ALL, "PRIVATE-TOKEN", "a", "If-None-Match", etag);
    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
    assertThat(header(second, "ratelimit-remaining")).isEqualTo("8");
  }

  @Test
  void spentBudgetIs429InText() throws IOException {
    Clock clock = Clock.fixed(Instant.parse("2026-02-03T04:05:06Z"), ZoneOffset.UTC);
    ToyClient client =
        client(start(plain(50).rateLimit(2).rateWindow(Duration.ofSeconds(30)).clock(clock)));
    client.get(ALL, TOKEN);
    assertThat(header(client.get("/user", "Authorization", "Bearer a"), "ratelimit-observed"))
        .isEqualTo("2");
    HttpResponse<byte[]> spent = client.get(ALL, TOKEN);
    assertThat(spent.statusCode()).isEqualTo(429);
    assertThat(header(spent, "content-type")).startsWith("text/plain");
    assertThat(new String(spent.body(), StandardCharsets.UTF_8)).startsWith("Retry later");
    assertThat(header(spent, "retry-after")).isEqualTo("30");
    assertThat(header(spent, "ratelimit-reset"))
        .isEqualTo("" + (clock.instant().getEpochSecond() + 30));
    assertThat(header(spent, "ratelimit-resettime")).isEqualTo("Tue, 03 Feb 2026 04:05:36 GMT");
    assertThat(client.get(ALL, "PRIVATE-TOKEN", "b").statusCode()).isEqualTo(200);
    assertThat(header(client(start(plain(5).rateLimit(0))).get(ALL, TOKEN), "ratelimit-limit"))
        .isNull();
  }

  @Test
  void tokensAreTakenInBothHeaders() throws IOException {
    ToyGitlab toy = start(plain(10).tokens(Set.of("good")));
    ToyClient client = client(toy);
    for (String path : List.of("/user", "/version", "/metadata", ALL)) {
      assertThat(client.get(path, "PRIVATE-TOKEN", "good").statusCode()).as(path).isEqualTo(200);
      assertThat(client.get(path, "Authorization", "Bearer good").statusCode()).isEqualTo(200);
      assertThat(client.get(path, "PRIVATE-TOKEN", "bad").statusCode()).isEqualTo(401);
      assertThat(client.get(path).statusCode()).isEqualTo(401);
    }
    assertThat(client.json("/user").path("message").asText()).isEqualTo("401 Unauthorized");
    assertThat(toy.requests().get(0).headers().get("private-token")).matches("sha256:[0-9a-f]{8}");
    assertThat(toy.requests().toString()).doesNotContain("good").doesNotContain("bad");
  }

  @Test
  void wrongRequestsAreRefused() throws IOException {
    ToyClient client = client(start(plain(10)));
    for (String wrong :
        List.of(
            "state=open",
            "sort=up",
            "order_by=title",
            "updated_after=yesterday",
            "updated_after=2026-01-01T00:00:00+00:00",
            "iids%5B%5D=x",
            "confidential=maybe",
            "search=bug")) {
      HttpResponse<byte[]> response = client.get(PROJECT + "/issues?" + wrong);
      assertThat(response.statusCode()).as(wrong).isEqualTo(400);
      assertThat(ToyClient.JSON.readTree(response.body()).path("error").isTextual()).isTrue();
    }
    assertThat(client.get(PROJECT + "/issues/11").statusCode()).isEqualTo(404);
    assertThat(client.get("/nothing").statusCode()).isEqualTo(404);
    assertThat(client.post(PROJECT + "/issues", "{}").statusCode()).isEqualTo(405);
  }

  @Test
  void editsShowEverywhere() throws IOException {
    ToyGitlab toy = start(plain(300));
    ToyClient client = client(toy);
    ToyRepository shop = toy.project("acme/team/shop");
    Instant at = Instant.parse("2026-03-01T00:00:00.123Z");
    shop.retitle(10, "New title", at);
    shop.setClosed(11, true, at.plusMillis(1));
    shop.setLabels(12, List.of("own::label"), at.plusMillis(2));
    shop.setConfidential(13, true, at.plusMillis(3));
    shop.delete(14);
    assertThat(shop.add(2, at.plusMillis(4))).isEqualTo(301);
    JsonNode changed =
        client.json(
            ALL + "&order_by=updated_at&sort=asc&updated_after=2026-03-01T00:00:00.123Z", TOKEN);
    assertThat(changed)
        .extracting(i -> i.path("iid").asInt())
        .containsExactly(10, 11, 12, 13, 301, 302);
    assertThat(changed.path(0).path("updated_at").asText()).isEqualTo("2026-03-01T00:00:00.123Z");
    assertThat(changed.path(1).path("state").asText()).isEqualTo("closed");
    assertThat(changed.path(2).path("labels").path(0).asText()).isEqualTo("own::label");
    assertThat(changed.path(3).path("confidential").asBoolean()).isTrue();
    assertThat(client.get(PROJECT + "/issues/14").statusCode()).isEqualTo(404);
    shop.disableIssues();
    assertThat(client.json(ALL)).isEmpty();
    assertThat(client.get(PROJECT + "/issues/10").statusCode()).isEqualTo(404);
    assertThat(client.json(PROJECT).path("issues_enabled").asBoolean()).isFalse();
    shop.delete();
    assertThat(client.get(ALL).statusCode()).isEqualTo(404);
    toy.reset();
    assertThat(client.json(ALL)).hasSize(100);
  }

  @Test
  void editsAreTakenOverHttp() throws IOException {
    ToyGitlab toy = start(plain(50));
    ToyClient control = new ToyClient(URI.create(toy.origin()));
    assertThat(
            control
                .post(
                    "/_toy/edits",
                    """
                    [{"op":"confidential","repository":"acme/team/shop","number":3,
                      "confidential":true},
                     {"op":"state","repository":"acme/team/shop","number":4,"state":"closed"},
                     {"op":"finding-state","repository":"acme/team/shop","number":1,
                      "state":"resolved"},
                     {"op":"remove-finding","repository":"acme/team/shop","number":2},
                     {"op":"add-findings","repository":"acme/team/shop","count":2}]
                    """)
                .statusCode())
        .isEqualTo(200);
    assertThat(client(toy).get(PROJECT + "/issues/3").statusCode()).isEqualTo(404);
    assertThat(client(toy).json(PROJECT + "/issues/4").path("state").asText()).isEqualTo("closed");
    HttpResponse<byte[]> wrong =
        control.post("/_toy/edits", "{\"op\":\"transfer\",\"repository\":\"a/b\",\"number\":1}");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(new String(wrong.body(), StandardCharsets.UTF_8)).contains("confidential");
  }

  @Test
  void findingsArePagedByNumberAndKeyedByUuid() throws IOException {
    ToyGitlab toy = start(plain(1).findings(250));
    ToyClient client = client(toy);
    String all = PROJECT + "/vulnerability_findings?scope=all&per_page=100";
    List<List<JsonNode>> pages = client.walk(all);
    assertThat(pages).hasSize(3);
    List<JsonNode> found = ToyClient.flat(pages);
    assertThat(found).hasSize(250);
    assertThat(found)
        .extracting(f -> f.path("uuid").asText())
        .doesNotHaveDuplicates()
        .allMatch(u -> u.matches("[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-.{12}"));
    assertThat(found).anyMatch(f -> f.path("id").isNull()).anyMatch(f -> f.path("id").isNumber());
    assertThat(found).anyMatch(f -> f.path("state").asText().equals("dismissed"));
    assertThat(found).noneMatch(f -> f.has("updated_at"));
    assertThat(client.json(PROJECT + "/vulnerability_findings?per_page=100"))
        .as("without scope those that were dismissed are missing")
        .noneMatch(f -> f.path("state").asText().equals("dismissed"));
    assertThat(header(client.get(all), "x-total")).isEqualTo("250");
    assertThat(client.json(all + "&severity=critical,high&report_type=sast"))
        .isNotEmpty()
        .allMatch(f -> f.path("severity").asText().matches("critical|high"))
        .allMatch(f -> f.path("report_type").asText().equals("sast"));
    assertThat(client.get(all + "&severity=awful").statusCode()).isEqualTo(400);
    toy.findings("acme/team/shop").remove(1);
    toy.findings("acme/team/shop").setState(2, "dismissed");
    assertThat(toy.findings("acme/team/shop").add(3)).isEqualTo(251);
    assertThat(ToyClient.flat(client.walk(all)))
        .hasSize(252)
        .noneMatch(f -> f.path("uuid").asText().equals(toy.findings("acme/team/shop").uuid(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"forbidden", "not-found"})
  void findingsBelowTheTierAreRefusedAndIssuesGoOn(String word) throws IOException {
    ToyGitlabOptions.Security security =
        Fault.constant(ToyGitlabOptions.Security.values(), "security", word);
    ToyClient client = client(start(plain(10).security(security)));
    assertThat(client.get(PROJECT + "/vulnerability_findings", TOKEN).statusCode())
        .isEqualTo(word.equals("forbidden") ? 403 : 404);
    assertThat(client.json(ALL)).hasSize(10);
  }

  @Test
  void aMillionIssuesCostNoMemory() throws IOException {
    ToyClient client = client(start(ToyGitlabOptions.builder().issues(1_000_000).ties(500)));
    String next = keyset("updated_at", "asc");
    client.get(next, TOKEN);
    long before = used();
    for (int i = 0; i < 30; i++) {
      next = ToyClient.next(client.get(next, TOKEN));
    }
    assertThat(client.get(ALL + "&state=closed&page=500").statusCode()).isEqualTo(200);
    // An object an issue would be 16 MB at least
    assertThat(used() - before).isLessThan(8L * 1024 * 1024);
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void commandLineIsReadAndRefusedInWords() {
    assertThat(run("--help")).startsWith("0 ").contains("--offset-max", "--security", "--replay");
    assertThat(run("--security", "premium")).startsWith("2 ").contains("premium", "ultimate");
    assertThat(run("--confidential", "2")).startsWith("2 ").contains("0 to 1");
    assertThat(run("--project", "shop=3")).startsWith("2 ").contains("GROUP/PROJECT");
  }

  private static String run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code = ToyCommand.run(new ToyGitlabCommand(print), args, print, print);
    return code + " " + out.toString(StandardCharsets.UTF_8);
  }
}

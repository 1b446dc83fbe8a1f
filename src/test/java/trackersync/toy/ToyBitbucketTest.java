package trackersync.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
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

@DisplayName("CORE-16 ISSUE-33 the toy Bitbucket behaves like the real one did")
class ToyBitbucketTest {
  private static final String REPOSITORY = "/repositories/acme/shop";
  private static final String ALL = REPOSITORY + "/issues?pagelen=100";
  private final List<ToyBitbucket> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(ToyBitbucket::close);
  }

  private ToyBitbucket start(ToyBitbucketOptions.Builder options) {
    ToyBitbucket toy = ToyBitbucket.start(options.anonymousRateLimit(0).build());
    open.add(toy);
    return toy;
  }

  private static ToyBitbucketOptions.Builder of(int issues) {
    return ToyBitbucketOptions.builder().issues(issues);
  }

  private static ToyClient client(ToyBitbucket toy) {
    return new ToyClient(toy.baseUrl());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  private static String q(String filter) {
    return "&q=" + URLEncoder.encode(filter, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({"updated_on", "-updated_on", "created_on", "-created_on"})
  void pagesHoldEveryNumberOnceInEveryOrder(String sort) throws IOException {
    ToyClient client = client(start(of(1_234).ties(9)));
    List<List<JsonNode>> pages = client.walkBodies(ALL + "&sort=" + sort);
    assertThat(pages).hasSize(13);
    assertThat(ToyClient.numbers(pages, "id"))
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 1_234).boxed().toList());
    Comparator<String> way =
        sort.startsWith("-") ? Comparator.reverseOrder() : Comparator.naturalOrder();
    assertThat(ToyClient.flat(pages))
        .extracting(i -> i.path(sort.replace("-", "")).asText())
        .isSortedAccordingTo(way);
  }

  @Test
  void pageHasBitbucketsEnvelope() throws IOException {
    ToyBitbucket toy = start(of(25));
    ToyClient client = client(toy);
    JsonNode first = client.json(REPOSITORY + "/issues?sort=updated_on");
    assertThat(first.path("values")).hasSize(10);
    assertThat(first.path("pagelen").asInt()).isEqualTo(10);
    assertThat(first.path("size").asInt()).isEqualTo(25);
    assertThat(first.path("page").asInt()).isEqualTo(1);
    assertThat(first.has("previous")).isFalse();
    assertThat(first.path("next").asText())
        .isEqualTo(toy.baseUrl() + REPOSITORY + "/issues?sort=updated_on&page=2");
    JsonNode last = client.json(REPOSITORY + "/issues?sort=updated_on&page=3");
    assertThat(last.path("values")).hasSize(5);
    assertThat(last.has("next")).isFalse();
    assertThat(last.has("previous")).isTrue();
    JsonNode none = client(start(of(0))).json(ALL);
    assertThat(none.path("values")).isEmpty();
    assertThat(none.path("size").asInt()).isZero();
    assertThat(none.has("next")).isFalse();
  }

  @Test
  void filterFindsWhatItSays() throws IOException {
    ToyClient client = client(start(of(800).ties(3)));
    List<JsonNode> all = ToyClient.flat(client.walkBodies(ALL));
    String middle = all.get(400).path("updated_on").asText();
    assertFinds(client, "updated_on >= " + middle, all, i -> time(i).compareTo(middle) >= 0);
    assertFinds(
        client, "updated_on >= \"" + middle + "\"", all, i -> time(i).compareTo(middle) >= 0);
    assertFinds(client, "updated_on > " + middle, all, i -> time(i).compareTo(middle) > 0);
    assertFinds(client, "updated_on<" + middle, all, i -> time(i).compareTo(middle) < 0);
    assertFinds(client, "state = \"on hold\"", all, i -> text(i, "state").equals("on hold"));
    assertFinds(client, "kind != \"bug\"", all, i -> !text(i, "kind").equals("bug"));
    assertFinds(
        client,
        "priority >= \"critical\" AND updated_on > " + middle,
        all,
        i -> text(i, "priority").matches("critical|blocker") && time(i).compareTo(middle) > 0);
  }

  private static String time(JsonNode issue) {
    return text(issue, "updated_on");
  }

  private static String text(JsonNode issue, String field) {
    return issue.path(field).asText();
  }

  private static void assertFinds(
      ToyClient client, String filter, List<JsonNode> all, Predicate<JsonNode> fits)
      throws IOException {
    List<Integer> wanted = all.stream().filter(fits).map(i -> i.path("id").asInt()).toList();
    for (String sort : List.of("&sort=updated_on", "&sort=-created_on")) {
      assertThat(ToyClient.numbers(client.walkBodies(ALL + sort + q(filter)), "id"))
          .as(filter)
          .isNotEmpty()
          .hasSizeLessThan(all.size())
          .containsExactlyInAnyOrderElementsOf(wanted);
    }
  }

  @Test
  void recordsAreOfBitbucketsVariety() throws IOException {
    List<JsonNode> all = ToyClient.flat(client(start(of(1_000))).walkBodies(ALL));
    assertThat(all).extracting(i -> text(i, "state")).containsAll(BitbucketNature.STATES);
    assertThat(all)
        .extracting(i -> text(i, "kind"))
        .contains("bug", "enhancement", "proposal", "task");
    assertThat(all).extracting(i -> text(i, "priority")).containsAll(BitbucketNature.PRIORITIES);
    assertThat(all)
        .allMatch(i -> text(i, "created_on").matches("[0-9T:-]{19}\\.\\d{6}\\+00:00"))
        .allMatch(i -> text(i, "updated_on").compareTo(text(i, "created_on")) >= 0)
        .noneMatch(i -> i.has("labels"));
    assertThat(all).anyMatch(i -> i.path("reporter").isNull());
    assertThat(all).anyMatch(i -> i.path("assignee").isNull());
    assertThat(all).anyMatch(i -> i.path("assignee").isObject());
    assertThat(all).anyMatch(i -> i.at("/content/raw").isNull());
    assertThat(all).anyMatch(i -> i.at("/content/raw").asText("x").isEmpty());
    for (String name : List.of("milestone", "component", "version")) {
      assertThat(all).anyMatch(i -> i.path(name).isNull()).anyMatch(i -> i.path(name).isObject());
    }
    assertThat(all.get(0).at("/reporter/uuid").asText()).matches("\\{[0-9a-f-]{36}}");
    assertThat(all.toString()).doesNotContain("<script").doesNotContain("@");
  }

  @Test
  void sameSeedGivesTheSameIssues() throws IOException {
    String one = client(start(of(100).seed(7))).json(ALL).path("values").toString();
    assertThat(client(start(of(100).seed(7))).json(ALL).path("values")).hasToString(one);
    assertThat(client(start(of(100).seed(8))).json(ALL).path("values").toString())
        .isNotEqualTo(one);
  }

  @Test
  void resetIsInSecondsFromNow() throws IOException {
    Clock clock = Clock.fixed(Instant.parse("2026-02-03T04:05:06Z"), ZoneOffset.UTC);
    ToyClient client =
        client(start(of(5).rateLimit(2).rateWindow(Duration.ofSeconds(880)).clock(clock)));
    HttpResponse<byte[]> first = client.get(ALL, "Authorization", "Bearer a");
    assertThat(header(first, "x-ratelimit-limit")).isEqualTo("2, 2;w=880");
    assertThat(header(first, "x-ratelimit-remaining")).isEqualTo("1");
    assertThat(header(first, "x-ratelimit-reset")).isEqualTo("880");
    client.get(ALL, "Authorization", "Bearer a");
    HttpResponse<byte[]> spent = client.get(ALL, "Authorization", "Bearer a");
    assertThat(spent.statusCode()).isEqualTo(429);
    assertThat(header(spent, "x-ratelimit-reset")).isEqualTo("880");
    assertThat(header(spent, "retry-after")).isNull();
    assertThat(ToyClient.JSON.readTree(spent.body()).at("/error/message").asText())
        .contains("Rate limit");
    assertThat(client.get(ALL, "Authorization", "Bearer b").statusCode()).isEqualTo(200);
  }

  @Test
  void basicAndBearerAreTaken() throws IOException {
    ToyBitbucket toy = start(of(5).tokens(Set.of("good")));
    ToyClient client = client(toy);
    for (String path : List.of("/user", ALL, REPOSITORY)) {
      assertThat(status(client, path, "Bearer good")).as(path).isEqualTo(200);
      assertThat(status(client, path, basic("me@shop.example:good"))).isEqualTo(200);
      assertThat(status(client, path, "Bearer bad")).isEqualTo(401);
      assertThat(status(client, path, basic("me@shop.example:bad"))).isEqualTo(401);
      assertThat(status(client, path, "Basic ???")).isEqualTo(401);
      assertThat(client.get(path).statusCode()).isEqualTo(401);
    }
    assertThat(toy.requests().get(1).headers().get("authorization"))
        .matches("Basic sha256:[0-9a-f]{8}");
  }

  private static int status(ToyClient client, String path, String authorization)
      throws IOException {
    return client.get(path, "Authorization", authorization).statusCode();
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(ints = {410, 404})
  @DisplayName("ISSUE-33 a retired tracker refuses all issues and nothing else")
  void goneTrackerRefusesAllIssuesAndNothingElse(int status) throws IOException {
    ToyBitbucket toy = start(of(5));
    ToyClient client = client(toy);
    assertThat(client.json(REPOSITORY).path("has_issues").asBoolean()).isTrue();
    toy.setGone(status);
    for (String path : List.of(ALL, ALL + "&page=2", REPOSITORY + "/issues/1")) {
      HttpResponse<byte[]> response = client.get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(status);
      assertThat(ToyClient.JSON.readTree(response.body()).path("type").asText()).isEqualTo("error");
    }
    JsonNode repository = client.json(REPOSITORY);
    assertThat(repository.path("slug").asText()).isEqualTo("shop");
    assertThat(repository.has("has_issues")).isFalse();
    toy.setGone(0);
    assertThat(client.json(ALL).path("size").asInt()).isEqualTo(5);
    assertThatThrownBy(() -> toy.setGone(500)).hasMessageContaining("0, 404 or 410");
    assertThat(client(start(of(5).gone(status))).get(ALL).statusCode()).isEqualTo(status);
  }

  @Test
  void wrongRequestsAreRefused() throws IOException {
    ToyClient client = client(start(of(5).onlyNamed(true).repository("acme/shop", 5)));
    for (String wrong :
        List.of(
            "pagelen=101",
            "sort=votes",
            "state=new",
            "q=updated_on+%3E+yesterday",
            "q=updated_on+%3E+2026-01-01T00:00:00+00:00",
            "q=state+%3D+%22new%22+OR+state+%3D+%22open%22",
            "q=title+~+%22x%22")) {
      HttpResponse<byte[]> response = client.get(REPOSITORY + "/issues?" + wrong);
      assertThat(response.statusCode()).as(wrong).isEqualTo(400);
    }
    assertThat(client.get("/repositories/acme/other/issues").statusCode()).isEqualTo(404);
    assertThat(client.get(REPOSITORY + "/issues/6").statusCode()).isEqualTo(404);
    assertThat(client.get("/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void editsShowEverywhere() throws IOException {
    ToyBitbucket toy = start(of(200));
    ToyClient client = client(toy);
    ToyRepository shop = toy.repository("acme/shop");
    Instant at = Instant.parse("2026-03-01T00:00:00.123456Z");
    shop.retitle(10, "New title", at);
    toy.setState("acme/shop", 11, "on hold", at.plusNanos(1_000));
    shop.setClosed(12, true, at.plusNanos(2_000));
    shop.touch(13, at.plusNanos(3_000));
    shop.delete(14);
    assertThat(shop.add(2, at.plusNanos(4_000))).isEqualTo(201);
    JsonNode changed =
        client
            .json(ALL + "&sort=updated_on" + q("updated_on >= 2026-03-01T00:00:00.123456+00:00"))
            .path("values");
    assertThat(changed)
        .extracting(i -> i.path("id").asInt())
        .containsExactly(10, 11, 12, 13, 201, 202);
    assertThat(changed.path(0).path("updated_on").asText())
        .isEqualTo("2026-03-01T00:00:00.123456+00:00");
    assertThat(changed.path(1).path("state").asText()).isEqualTo("on hold");
    assertThat(BitbucketNature.CLOSED).contains(changed.path(2).path("state").asText());
    assertThat(client.get(REPOSITORY + "/issues/14").statusCode()).isEqualTo(410);
    toy.renameRepository("acme/shop", "acme/store");
    HttpResponse<byte[]> moved = client.get(ALL);
    assertThat(moved.statusCode()).isEqualTo(301);
    assertThat(client.json(header(moved, "location")).path("size").asInt()).isEqualTo(201);
    assertThatThrownBy(() -> toy.setState("acme/store", 1, "stalled", at))
        .hasMessageContaining("on hold");
  }

  @Test
  void editsAreTakenOverHttp() throws IOException {
    ToyBitbucket toy = start(of(20));
    ToyClient control = new ToyClient(URI.create(toy.origin()));
    assertThat(
            control
                .post(
                    "/_toy/edits",
                    """
                    [{"op":"state","repository":"acme/shop","number":3,"state":"wontfix"},
                     {"op":"gone","repository":"acme/shop","state":"410"}]
                    """)
                .statusCode())
        .isEqualTo(200);
    assertThat(client(toy).get(ALL).statusCode()).isEqualTo(410);
    control.post("/_toy/edits", "{\"op\":\"gone\",\"repository\":\"acme/shop\",\"state\":\"0\"}");
    assertThat(client(toy).json(REPOSITORY + "/issues/3").path("state").asText())
        .isEqualTo("wontfix");
  }

  @Test
  void aMillionIssuesArePagedToTheEnd() throws IOException {
    ToyClient client = client(start(of(1_000_000)));
    JsonNode last = client.json(ALL + "&sort=updated_on&page=10000");
    assertThat(last.path("values")).hasSize(100);
    assertThat(last.has("next")).isFalse();
    assertThat(last.path("size").asInt()).isEqualTo(1_000_000);
  }

  @Test
  void commandLineIsReadAndRefusedInWords() {
    assertThat(run("--help")).startsWith("0 ").contains("--gone", "--replay");
    assertThat(run("--gone", "500")).startsWith("2 ").contains("0, 404 or 410");
    assertThat(run("--repository", "shop=3")).startsWith("2 ").contains("WORKSPACE/REPO");
  }

  private static String run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code = ToyCommand.run(new ToyBitbucketCommand(print), args, print, print);
    return code + " " + out.toString(StandardCharsets.UTF_8);
  }
}

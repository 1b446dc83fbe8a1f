package trackersync.toy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import trackersync.toy.Fault.Kind;
import trackersync.toy.Fault.Target;

@DisplayName("CORE-16 every fault works on every list of every toy")
class ToyFaultsEverywhereTest {
  /** The lists, each with what hits it and how its pages are told apart. */
  private enum Where {
    ALERTS(Target.ALERTS, "/repos/acme/shop/dependabot/alerts?per_page=40", "number"),
    GITLAB_PAGES(Target.ISSUES, "/projects/acme%2Fshop/issues?per_page=40", "iid"),
    GITLAB_KEYSET(
        Target.ISSUES,
        "/projects/acme%2Fshop/issues?per_page=40&pagination=keyset&order_by=updated_at&sort=asc",
        "iid"),
    FINDINGS(
        Target.FINDINGS,
        "/projects/acme%2Fshop/vulnerability_findings?per_page=40&scope=all",
        "uuid"),
    BITBUCKET(Target.ISSUES, "/repositories/acme/shop/issues?pagelen=40", "id");

    private final Target target;
    private final String list;
    private final String id;

    Where(Target target, String list, String id) {
      this.target = target;
      this.list = list;
      this.id = id;
    }
  }

  private static Map<Where, Toy> toys;

  @BeforeAll
  static void start() {
    Toy github =
        ToyGithub.start(
            ToyGithubOptions.builder().issues(10).alerts(200).anonymousRateLimit(0).build());
    Toy gitlab =
        ToyGitlab.start(
            ToyGitlabOptions.builder()
                .issues(200)
                .confidential(0)
                .findings(200)
                .anonymousRateLimit(0)
                .build());
    Toy bitbucket =
        ToyBitbucket.start(ToyBitbucketOptions.builder().issues(200).anonymousRateLimit(0).build());
    toys =
        Map.of(
            Where.ALERTS, github,
            Where.GITLAB_PAGES, gitlab,
            Where.GITLAB_KEYSET, gitlab,
            Where.FINDINGS, gitlab,
            Where.BITBUCKET, bitbucket);
  }

  @AfterAll
  static void stop() {
    toys.values().forEach(Toy::close);
  }

  @AfterEach
  void reset() {
    toys.values().forEach(Toy::reset);
  }

  private static ToyClient client(Where where) {
    return new ToyClient(toys.get(where).baseUrl());
  }

  private static HttpResponse<byte[]> hit(Where where, Fault fault) throws IOException {
    toys.get(where).faults().add(fault.on(where.target));
    HttpResponse<byte[]> response = client(where).get(where.list);
    assertThat(toys.get(where).faults().pending()).as("it has hit").isEmpty();
    assertThat(client(where).get(where.list).statusCode()).as("the next is good").isEqualTo(200);
    return response;
  }

  private static List<List<JsonNode>> walk(Where where) throws IOException {
    return where == Where.BITBUCKET
        ? client(where).walkBodies(where.list)
        : client(where).walk(where.list);
  }

  private static String next(Where where, HttpResponse<byte[]> response) throws IOException {
    return where == Where.BITBUCKET
        ? ToyClient.JSON.readTree(response.body()).path("next").textValue()
        : ToyClient.next(response);
  }

  private static List<String> ids(Where where, List<List<JsonNode>> pages) {
    return ToyClient.flat(pages).stream().map(r -> r.path(where.id).asText()).toList();
  }

  private static JsonNode records(Where where, byte[] body) throws IOException {
    JsonNode json = ToyClient.JSON.readTree(body);
    return where == Where.BITBUCKET ? json.path("values") : json;
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void statusesAreTheTrackers(Where where) throws IOException {
    int limit = where == Where.ALERTS ? 403 : 429;
    assertThat(hit(where, Fault.of(Kind.FORBIDDEN)).statusCode()).isEqualTo(403);
    assertThat(hit(where, Fault.of(Kind.UNAUTHORIZED)).statusCode()).isEqualTo(401);
    assertThat(hit(where, Fault.of(Kind.NOT_FOUND)).statusCode()).isEqualTo(404);
    assertThat(hit(where, Fault.of(Kind.GONE)).statusCode()).isEqualTo(410);
    assertThat(hit(where, Fault.of(Kind.LEGAL)).statusCode()).isEqualTo(451);
    assertThat(hit(where, Fault.of(Kind.SERVER_ERROR)).statusCode()).isEqualTo(503);
    assertThat(hit(where, Fault.of(Kind.STATUS).with("status", 418)).statusCode()).isEqualTo(418);
    assertThat(hit(where, Fault.of(Kind.SECONDARY_LIMIT)).statusCode()).isEqualTo(limit);
    HttpResponse<byte[]> spent = hit(where, Fault.of(Kind.PRIMARY_LIMIT).with("reset-in", 40));
    assertThat(spent.statusCode()).isEqualTo(limit);
    assertThat(spent.headers().map().entrySet())
        .as("a remaining of 0 in the tracker's own header")
        .anyMatch(
            h ->
                h.getKey().matches("(?i)(x-)?ratelimit-remaining")
                    && h.getValue().equals(List.of("0")));
    HttpResponse<byte[]> many = hit(where, Fault.of(Kind.TOO_MANY).with("retry-after", "7"));
    assertThat(many.statusCode()).isEqualTo(429);
    assertThat(many.headers().allValues("retry-after")).containsExactly("7");
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void bodiesAreBroken(Where where) throws IOException {
    byte[] good = client(where).get(where.list).body();
    assertThat(hit(where, Fault.of(Kind.EMPTY)).body()).isEmpty();
    assertThat(hit(where, Fault.of(Kind.BRACKET)).body()).isEqualTo(new byte[] {'['});
    assertThat(hit(where, Fault.of(Kind.WRONG_TYPE)).body()).isEqualTo(new byte[] {'4', '2'});
    assertThat(text(hit(where, Fault.of(Kind.OBJECT)))).startsWith("{\"message\"");
    assertThat(text(hit(where, Fault.of(Kind.HTML)))).startsWith("<!DOCTYPE html>");
    assertThat(text(hit(where, Fault.of(Kind.DEEP)))).startsWith("[[[[");
    assertThat(text(hit(where, Fault.of(Kind.BOM)))).startsWith("\uFEFF");
    assertThat(text(hit(where, Fault.of(Kind.NUL)))).contains("\":\"\\u0000");
    assertThat(hit(where, Fault.of(Kind.TRUNCATED).with("byte", 1_000)).body())
        .isEqualTo(Arrays.copyOf(good, 1_000));
    JsonNode huge = records(where, hit(where, Fault.of(Kind.HUGE).with("mb", 2)).body());
    assertThat(huge).hasSize(1);
    byte[] bomb = hit(where, Fault.of(Kind.GZIP_BOMB).with("mb", 2)).body();
    assertThat(records(where, ToyFaultsTest.gunzip(bomb))).hasSize(1);
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void connectionsBreak(Where where) {
    for (Kind kind : List.of(Kind.RESET, Kind.CLOSE)) {
      toys.get(where).faults().add(Fault.of(kind).on(where.target).with("byte", 10));
      assertThat(catchIo(() -> client(where).get(where.list))).as(kind.word()).isNotNull();
    }
  }

  private interface Call {
    void make() throws IOException;
  }

  private static IOException catchIo(Call call) {
    try {
      call.make();
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void nextAddressLeadsAstray(Where where) throws IOException {
    String self = next(where, hit(where, Fault.parse("next-link")));
    assertThat(ids(where, List.of(page(where, self))))
        .as("self is the same page")
        .isEqualTo(ids(where, List.of(page(where, where.list))));
    assertThat(next(where, hit(where, Fault.parse("next-link:to=other-host"))))
        .startsWith("http://localhost.example:9/");
    assertThat(next(where, hit(where, Fault.parse("next-link:to=other-scheme"))))
        .startsWith("file:");
    assertThat(next(where, hit(where, Fault.parse("next-link:to=env"))))
        .endsWith("{{env:HOME}}")
        .startsWith("http://127.0.0.1");
    assertThat(next(where, hit(where, Fault.parse("next-link:to=none")))).isNull();
    toys.get(where)
        .faults()
        .add(Fault.of(Kind.NEXT_LINK).on(where.target).page(2).with("to", "earlier"));
    HttpResponse<byte[]> second = client(where).get(next(where, client(where).get(where.list)));
    assertThat(ids(where, List.of(page(where, next(where, second)))))
        .as("earlier is the first page")
        .isEqualTo(ids(where, List.of(page(where, where.list))));
  }

  private static List<JsonNode> page(Where where, String address) throws IOException {
    List<JsonNode> page = new ArrayList<>();
    records(where, client(where).get(address).body()).forEach(page::add);
    return page;
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void redirectsLeadWhereTold(Where where) throws IOException {
    String own = client(where).at(where.list).toString();
    HttpResponse<byte[]> renamed = hit(where, Fault.of(Kind.REDIRECT));
    assertThat(renamed.statusCode()).isEqualTo(301);
    assertThat(renamed.headers().firstValue("location").orElseThrow())
        .isEqualTo(own.replaceFirst("shop", "shop-renamed"));
    assertThat(hit(where, Fault.parse("redirect:to=loop")).headers().firstValue("location"))
        .contains(own);
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void doubledPageRepeatsAndLosesNothing(Where where) throws IOException {
    List<List<JsonNode>> before = walk(where);
    toys.get(where).faults().add(Fault.duplicatePage(3).on(where.target));
    List<List<JsonNode>> pages = walk(where);
    assertThat(pages).hasSize(before.size() + 1);
    assertThat(pages.get(2)).isEqualTo(pages.get(1));
    List<List<JsonNode>> others = new ArrayList<>(pages);
    others.remove(2);
    assertThat(others).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void faultHitsThePageItNames(Where where) throws IOException {
    toys.get(where).faults().add(Fault.of(Kind.FORBIDDEN).on(where.target).page(3));
    HttpResponse<byte[]> response = client(where).get(where.list);
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      response = client(where).get(next(where, response));
      statuses.add(response.statusCode());
    }
    assertThat(statuses).containsExactly(200, 403);
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void recordsShiftBetweenPages(Where where) throws IOException {
    List<String> before = ids(where, walk(where));
    toys.get(where)
        .faults()
        .add(Fault.of(Kind.SHIFT).on(where.target).with("count", 10).with("seed", 5));
    String list = where == Where.ALERTS ? where.list + "&sort=updated" : where.list;
    if (where == Where.BITBUCKET) {
      list += "&sort=updated_on";
    } else if (where == Where.GITLAB_PAGES) {
      list += "&order_by=updated_at";
    }
    client(where).get(list);
    toys.get(where).faults().clear();
    List<String> after =
        where == Where.BITBUCKET
            ? ids(where, client(where).walkBodies(list))
            : ids(where, client(where).walk(list));
    assertThat(after).isNotEqualTo(before);
  }

  private static Stream<Arguments> hostile() {
    return Arrays.stream(Where.values())
        .flatMap(
            where ->
                Arrays.stream(HostileRecord.values())
                    // a finding's identity is a text anyhow
                    .filter(bad -> where != Where.FINDINGS || bad != HostileRecord.TEXT_ID)
                    .map(bad -> Arguments.of(where, bad)));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileRecordSitsInAGoodPage(Where where, HostileRecord bad) throws IOException {
    String word = bad.name().toLowerCase(Locale.ROOT).replace('_', '-');
    byte[] good = client(where).get(where.list).body();
    byte[] spoiled = hit(where, Fault.of(Kind.RECORD).with("bad", word).with("index", 7)).body();
    JsonNode before = records(where, good);
    JsonNode after;
    try {
      after = records(where, spoiled);
    } catch (JsonProcessingException e) {
      assertThat(bad).isIn(HostileRecord.LONE_SURROGATE, HostileRecord.HUGE_NUMBER);
      return;
    }
    assertThat(after).hasSize(before.size());
    assertThat(after.path(7)).isNotEqualTo(before.path(7));
    assertThat(after.path(6)).isEqualTo(before.path(6));
    assertThat(after.path(8)).isEqualTo(before.path(8));
  }
}

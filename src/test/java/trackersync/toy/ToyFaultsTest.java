package trackersync.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import trackersync.toy.Fault.Kind;

@DisplayName("CORE-16 each fault does what it says")
class ToyFaultsTest {
  private static final String LIST =
      "/repos/acme/shop/issues?state=all&per_page=50&sort=created&direction=asc";
  private static ToyGithub toy;
  private static ToyClient client;

  @BeforeAll
  static void start() {
    toy = ToyGithub.start(ToyGithubOptions.builder().issues(200).anonymousRateLimit(0).build());
    client = new ToyClient(toy.baseUrl());
  }

  @AfterAll
  static void stop() {
    toy.close();
  }

  @AfterEach
  void reset() {
    toy.reset();
  }

  private static HttpResponse<byte[]> hit(Fault fault) throws IOException {
    toy.faults().add(fault);
    HttpResponse<byte[]> response = client.get(LIST);
    assertThat(toy.faults().pending()).isEmpty();
    assertThat(client.get(LIST).statusCode()).as("the next one is good").isEqualTo(200);
    return response;
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  @ParameterizedTest
  @CsvSource({
    "forbidden,403",
    "unauthorized,401",
    "not-found,404",
    "gone,410",
    "legal,451",
    "server-error,503",
    "server-error:status=500,500",
    "server-error:status=502,502",
    "server-error:status=504,504",
    "too-many,429",
    "primary-limit,403",
    "secondary-limit,403",
    "primary-limit:status=429,429",
    "status:status=418,418"
  })
  void statusIsTheFaults(String fault, int status) throws IOException {
    assertThat(hit(Fault.parse(fault)).statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"5,5", "absent,", "0,0", "-1,-1", "315360000,315360000"})
  void retryAfterIsAsToldOrAbsent(String setting, String sent) throws IOException {
    assertThat(header(hit(Fault.of(Kind.TOO_MANY).with("retry-after", setting)), "retry-after"))
        .isEqualTo(sent);
    assertThat(
            header(hit(Fault.of(Kind.SECONDARY_LIMIT).with("retry-after", setting)), "retry-after"))
        .isEqualTo(sent);
  }

  @Test
  void retryAfterCanBeADate() throws IOException {
    String date =
        header(hit(Fault.of(Kind.TOO_MANY).with("retry-after", "date:90")), "retry-after");
    assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
        .isBetween(Instant.now().plusSeconds(60), Instant.now().plusSeconds(91));
  }

  @Test
  void theThree403AreTold() throws IOException {
    HttpResponse<byte[]> primary = hit(Fault.of(Kind.PRIMARY_LIMIT).with("reset-in", 40));
    assertThat(header(primary, "x-ratelimit-remaining")).isEqualTo("0");
    assertThat(Long.parseLong(header(primary, "x-ratelimit-reset")) * 1_000)
        .isBetween(System.currentTimeMillis() + 30_000, System.currentTimeMillis() + 41_000);
    HttpResponse<byte[]> secondary = hit(Fault.of(Kind.SECONDARY_LIMIT));
    assertThat(text(secondary)).contains("secondary rate limit");
    HttpResponse<byte[]> forbidden = hit(Fault.of(Kind.FORBIDDEN));
    assertThat(text(forbidden)).contains("Resource not accessible").doesNotContain("limit");
    assertThat(header(forbidden, "x-ratelimit-remaining")).isNotEqualTo("0");
  }

  @Test
  void anyStatusHeadersAndBody() throws IOException {
    HttpResponse<byte[]> response =
        hit(
            Fault.parse(
                "{\"kind\":\"status\",\"status\":599,\"headers\":{\"Retry-After\":\"7\","
                    + "\"X-RateLimit-Remaining\":\"0\"},\"body\":\"tea\",\"type\":\"text/plain\"}"));
    assertThat(response.statusCode()).isEqualTo(599);
    assertThat(header(response, "retry-after")).isEqualTo("7");
    assertThat(response.headers().allValues("x-ratelimit-remaining")).containsExactly("0");
    assertThat(header(response, "content-type")).isEqualTo("text/plain");
    assertThat(text(response)).isEqualTo("tea");
  }

  @Test
  void bodiesThatAreNoList() throws IOException {
    HttpResponse<byte[]> html = hit(Fault.of(Kind.HTML));
    assertThat(html.statusCode()).isEqualTo(200);
    assertThat(header(html, "content-type")).startsWith("text/html");
    assertThat(header(hit(Fault.of(Kind.HTML).with("as", "json")), "content-type"))
        .startsWith("application/json");
    assertThat(hit(Fault.of(Kind.EMPTY)).body()).isEmpty();
    assertThat(ToyClient.JSON.readTree(hit(Fault.of(Kind.OBJECT)).body()).has("message")).isTrue();
    assertThat(text(hit(Fault.of(Kind.WRONG_TYPE)))).isEqualTo("42");
    assertThat(text(hit(Fault.parse("wrong-type:json=null")))).isEqualTo("null");
    assertThat(text(hit(Fault.of(Kind.BRACKET)))).isEqualTo("[");
    assertThat(text(hit(Fault.of(Kind.DEEP)))).hasSize(200_000).startsWith("[[").endsWith("]]");
    assertThat(text(hit(Fault.of(Kind.BOM)))).startsWith("\uFEFF[{");
    assertThat(text(hit(Fault.of(Kind.NUL)))).contains("\"title\":\"\\u0000");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "1000,1000", "middle,-2", "last,-1"})
  void truncatedBodyIsAPrefix(String place, int bytes) throws IOException {
    byte[] good = client.get(LIST).body();
    byte[] cut = hit(Fault.of(Kind.TRUNCATED).with("byte", place)).body();
    assertThat(cut).isEqualTo(Arrays.copyOf(good, length(good, bytes)));
    assertThatThrownBy(
            () -> {
              if (ToyClient.JSON.readTree(cut).isMissingNode()) {
                throw new IOException("nothing");
              }
            })
        .isInstanceOf(IOException.class);
  }

  private static int length(byte[] good, int bytes) {
    return bytes == -1 ? good.length - 1 : bytes == -2 ? good.length / 2 : bytes;
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "middle,-2", "last,-1"})
  void resetComesAfterTheByte(String place, int bytes) throws IOException {
    byte[] good = client.get(LIST).body();
    toy.faults().add(Fault.of(Kind.RESET).with("byte", place));
    try (Socket socket = ask()) {
      ByteArrayOutputStream got = new ByteArrayOutputStream();
      assertThatThrownBy(() -> socket.getInputStream().transferTo(got))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
      assertThat(body(got)).hasSize(length(good, bytes));
    }
    toy.faults().add(Fault.of(Kind.CLOSE).with("byte", place));
    try (Socket socket = ask()) {
      byte[] all = socket.getInputStream().readAllBytes();
      ByteArrayOutputStream got = new ByteArrayOutputStream();
      got.write(all);
      assertThat(new String(all, StandardCharsets.ISO_8859_1))
          .contains("Content-Length: " + good.length);
      assertThat(body(got)).hasSize(length(good, bytes));
    }
  }

  private static Socket ask() throws IOException {
    Socket socket = new Socket("127.0.0.1", toy.baseUrl().getPort());
    socket.setSoTimeout(10_000);
    socket
        .getOutputStream()
        .write(
            ("GET "
                    + LIST
                    + " HTTP/1.1\r\nHost: "
                    + toy.baseUrl().getAuthority()
                    + "\r\nUser-Agent: test\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static byte[] body(ByteArrayOutputStream answer) {
    String all = answer.toString(StandardCharsets.ISO_8859_1);
    return all.substring(all.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void silenceAfterHeadersOrAtOnce() throws IOException {
    toy.faults().add(Fault.of(Kind.HEADERS_ONLY), Fault.of(Kind.HANG).at(2));
    try (Socket socket = ask()) {
      socket.setSoTimeout(300);
      ByteArrayOutputStream got = new ByteArrayOutputStream();
      assertThatThrownBy(() -> socket.getInputStream().transferTo(got))
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(got.toString(StandardCharsets.ISO_8859_1))
          .startsWith("HTTP/1.1 200")
          .endsWith("\r\n\r\n");
    }
    try (Socket socket = ask()) {
      socket.setSoTimeout(300);
      InputStream in = socket.getInputStream();
      assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void dripSendsByteByByte() throws IOException {
    toy.faults()
        .add(
            Fault.of(Kind.STATUS).with("body", "[]").with("status", 200),
            Fault.of(Kind.DRIP).with("interval-ms", 50).at(2));
    assertThat(text(client.get(LIST))).isEqualTo("[]");
    try (Socket socket = ask()) {
      InputStream in = socket.getInputStream();
      String head = head(in);
      assertThat(head).contains("Content-Length: ");
      long start = System.nanoTime();
      assertThat(in.readNBytes(5)).isEqualTo("[{\"re".getBytes(StandardCharsets.US_ASCII));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(90));
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    return head.toString();
  }

  @Test
  void hugePageIsAsLargeAsTold() throws IOException {
    HttpResponse<byte[]> huge = hit(Fault.of(Kind.HUGE).with("mb", 3));
    assertThat(huge.body()).hasSizeGreaterThan(3 * 1024 * 1024).hasSizeLessThan(4 * 1024 * 1024);
    assertThat(ToyClient.JSON.readTree(huge.body())).hasSize(1);
  }

  @Test
  void bombUnpacksToAThousandTimesItsSize() throws IOException {
    HttpResponse<byte[]> bomb = hit(Fault.of(Kind.GZIP_BOMB).with("mb", 8));
    assertThat(header(bomb, "content-encoding")).isEqualTo("gzip");
    assertThat(bomb.body()).hasSizeLessThan(16 * 1024);
    byte[] unpacked = gunzip(bomb.body());
    assertThat(unpacked).hasSizeGreaterThan(8 * 1024 * 1024);
    assertThat(ToyClient.JSON.readTree(unpacked)).hasSize(1);
  }

  static byte[] gunzip(byte[] zipped) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "self,/repositories/\\d+/issues\\?state=all&per_page=50&sort=created&direction=asc&page=2",
    "earlier,/repositories/\\d+/issues\\?state=all&per_page=50&sort=created&direction=asc&page=1"
  })
  void nextLinkGoesBack(String to, String path) throws IOException {
    toy.faults().add(Fault.of(Kind.NEXT_LINK).page(2).with("to", to));
    assertThat(ToyClient.next(client.get(LIST))).endsWith("page=2");
    assertThat(ToyClient.next(client.get(LIST + "&page=2"))).matches(toy.baseUrl() + path);
  }

  @Test
  void nextLinkLeadsAstray() throws IOException {
    assertThat(ToyClient.next(hit(Fault.parse("next-link:to=other-host"))))
        .startsWith("http://localhost.example:9/");
    assertThat(ToyClient.next(hit(Fault.parse("next-link:to=other-scheme")))).startsWith("file:");
    assertThat(ToyClient.next(hit(Fault.parse("next-link:to=env")))).endsWith("{{env:HOME}}");
    assertThat(ToyClient.next(hit(Fault.parse("next-link:to=http://own.example/x"))))
        .isEqualTo("http://own.example/x");
    assertThat(ToyClient.next(hit(Fault.parse("next-link:to=none")))).isNull();
  }

  @Test
  void redirectsLeadWhereTold() throws IOException {
    for (int status : List.of(301, 302, 307, 308)) {
      HttpResponse<byte[]> response = hit(Fault.of(Kind.REDIRECT).with("status", status));
      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(header(response, "location"))
          .isEqualTo(toy.baseUrl() + LIST.replace("acme/shop", "acme/shop-renamed"));
    }
    assertThat(header(hit(Fault.parse("redirect:to=loop")), "location"))
        .isEqualTo(toy.baseUrl() + LIST);
    assertThat(header(hit(Fault.parse("redirect:to=other-host")), "location"))
        .isEqualTo("http://localhost.example:9" + LIST);
  }

  @ParameterizedTest
  @EnumSource(HostileRecord.class)
  void hostileRecordSitsInAGoodPage(HostileRecord bad) throws IOException {
    String word = bad.name().toLowerCase(Locale.ROOT).replace('_', '-');
    byte[] good = client.get(LIST).body();
    byte[] hostile = hit(Fault.of(Kind.RECORD).with("bad", word).with("index", 7)).body();
    JsonNode before = ToyClient.JSON.readTree(good);
    JsonNode after;
    try {
      after = ToyClient.JSON.readTree(hostile);
    } catch (JsonProcessingException e) {
      after = null;
    }
    String text = new String(hostile, StandardCharsets.UTF_8);
    switch (bad) {
      case LONE_SURROGATE -> assertThat(text).contains("\\ud83d of a pair");
      case NUL_TITLE -> assertThat(text).contains("before\\u0000after");
      case HUGE_NUMBER -> assertThat(text).contains("\"comments\":1e400");
      case NULL_ID -> assertThat(after.path(7).path("id").isNull()).isTrue();
      case WRONG_TYPES -> assertThat(after.path(7).path("title").isNumber()).isTrue();
      case LONG_TITLE -> assertThat(after.path(7).path("title").asText()).hasSize(1024 * 1024);
      case MANY_LABELS -> assertThat(after.path(7).path("labels")).hasSize(400);
      case NO_TITLE -> assertThat(after.path(7).has("title")).isFalse();
      case TEXT_ID -> assertThat(after.path(7).path("id").isTextual()).isTrue();
      case NULL_RECORD -> assertThat(after.path(7).isNull()).isTrue();
      case NUMBER_RECORD -> assertThat(after.path(7).isNumber()).isTrue();
      case BAD_TIME ->
          assertThat(after.path(7).path("updated_at").asText())
              .isEqualTo("the day before yesterday");
    }
    if (after != null) {
      assertThat(after).hasSize(50);
      assertThat(after.path(6)).isEqualTo(before.path(6));
      assertThat(after.path(8)).isEqualTo(before.path(8));
    }
  }

  @Test
  void duplicatePageRepeatsAndLosesNothing() throws IOException {
    toy.faults().add(Fault.duplicatePage(3));
    List<List<JsonNode>> pages = client.walk(LIST);
    assertThat(pages).hasSize(5);
    assertThat(pages.get(2)).isEqualTo(pages.get(1));
    assertThat(new HashSet<>(ToyClient.numbers(pages))).hasSize(200);
  }

  @Test
  void recordsShiftBetweenPages() throws IOException {
    List<Integer> first = shifted();
    toy.reset();
    assertThat(shifted()).as("by seed").isEqualTo(first);
    assertThat(new HashSet<>(first)).hasSizeLessThan(200);
  }

  private static List<Integer> shifted() throws IOException {
    toy.faults().add(Fault.of(Kind.SHIFT).with("count", 10).with("seed", 5));
    List<List<JsonNode>> pages = new ArrayList<>();
    for (int page = 1; page <= 4; page++) {
      List<JsonNode> one = new ArrayList<>();
      client
          .json(
              "/repos/acme/shop/issues?state=all&per_page=50&sort=updated&direction=asc&page="
                  + page)
          .forEach(one::add);
      pages.add(one);
    }
    // The times come from the clock, the choice from the seed: compare what was not touched
    return ToyClient.numbers(pages).subList(0, 150);
  }

  @Test
  void clockIsOff() throws IOException {
    toy.faults().add(Fault.of(Kind.CLOCK_SKEW).with("seconds", -600));
    for (int i = 0; i < 2; i++) {
      String date = header(client.get(LIST), "date");
      assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
          .isBetween(Instant.now().minusSeconds(630), Instant.now().minusSeconds(599));
    }
  }

  @Test
  void faultHitsTheRequestsItNames() throws IOException {
    toy.faults()
        .add(
            Fault.of(Kind.GONE).at(3).times(2),
            Fault.of(Kind.LEGAL).repository("Acme/Other").times(0),
            Fault.of(Kind.NOT_FOUND).on(Fault.Target.USER));
    assertThat(client.get("/user", "Authorization", "Bearer x").statusCode()).isEqualTo(404);
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      statuses.add(client.get(LIST).statusCode());
    }
    assertThat(statuses).containsExactly(200, 200, 410, 410, 200);
    for (int i = 0; i < 3; i++) {
      assertThat(client.get("/repos/acme/other/issues").statusCode()).isEqualTo(451);
    }
    toy.faults().clear();
    assertThat(client.get("/repos/acme/other/issues").statusCode()).isEqualTo(200);
  }

  @Test
  void faultInFrontOfA304StillHits() throws IOException {
    String etag = header(client.get(LIST), "etag");
    toy.faults().add(Fault.of(Kind.TRUNCATED).with("byte", 10));
    assertThat(client.get(LIST, "If-None-Match", etag).body()).hasSize(10);
  }
}

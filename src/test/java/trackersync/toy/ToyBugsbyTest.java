package trackersync.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("CORE-14 BUGSBY-1 the toy Bugsby behaves as the one we assume")
class ToyBugsbyTest {
  private static final String LIST = "/api/v1/bugs?release=wifi-ooty&limit=100";
  private final List<ToyBugsby> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(ToyBugsby::close);
  }

  private ToyBugsby start(ToyBugsbyOptions.Builder options) {
    ToyBugsby toy = ToyBugsby.start(options.build());
    open.add(toy);
    return toy;
  }

  private static ToyBugsbyOptions.Builder of(int bugs) {
    return ToyBugsbyOptions.builder().issues(bugs);
  }

  private static ToyClient client(ToyBugsby toy) {
    return new ToyClient(toy.baseUrl());
  }

  /** All pages of a list, by their tokens. */
  private static List<JsonNode> walk(ToyClient client, String list) throws IOException {
    List<JsonNode> pages = new ArrayList<>();
    String token = "";
    while (token != null) {
      JsonNode page = client.json(list + (token.isEmpty() ? "" : "&page_token=" + token));
      pages.add(page);
      token = page.path("next_page_token").textValue();
    }
    return pages;
  }

  private static List<JsonNode> bugs(List<JsonNode> pages) {
    List<JsonNode> all = new ArrayList<>();
    pages.forEach(page -> page.path("bugs").forEach(all::add));
    return all;
  }

  private static List<String> texts(List<JsonNode> bugs, String field) {
    return bugs.stream().map(bug -> bug.path(field).asText()).toList();
  }

  @Test
  void pagesHoldEveryBugOnceInTheOrderOfTheirIds() throws IOException {
    ToyBugsby toy = start(of(457));
    List<JsonNode> pages = walk(client(toy), LIST);
    assertThat(pages).hasSize(5).allMatch(page -> page.path("total").asInt() == 457);
    assertThat(pages.get(4).path("next_page_token").isNull()).isTrue();
    List<String> ids = texts(bugs(pages), "bug_id");
    assertThat(ids).hasSize(457).doesNotHaveDuplicates().isSorted();
    assertThat(ids.get(6)).isEqualTo(toy.bugId("wifi-ooty", 7));
    assertThat(walk(client(start(of(0))), LIST)).hasSize(1);
  }

  @Test
  void bugsAreOfTheAssumedForm() throws IOException {
    List<JsonNode> all = bugs(walk(client(start(of(1_000))), LIST));
    assertThat(all)
        .allMatch(bug -> bug.path("bug_id").asText().matches("\\d{8,10}"))
        .allMatch(bug -> bug.path("release").asText().equals("wifi-ooty"))
        .allMatch(bug -> bug.path("created_at").asText().matches("[0-9T:-]{19}Z"))
        .allMatch(
            bug -> bug.path("updated_at").asText().compareTo(bug.path("created_at").asText()) >= 0);
    assertThat(Set.copyOf(texts(all, "severity"))).isEqualTo(Set.of("sev1", "sev2", "sev3"));
    assertThat(Set.copyOf(texts(all, "priority"))).isEqualTo(Set.of("P0", "P1", "P2"));
    assertThat(Set.copyOf(texts(all, "bug_type"))).isEqualTo(Set.of("BUG", "TASK", "FEATURE"));
    assertThat(texts(all, "status"))
        .contains("NEW", "ASSIGNED", "REVIEW", "RESOLVED", "VERIFIED", "CLOSED");
    assertThat(all).anyMatch(bug -> bug.path("assignee_email").isNull());
    assertThat(texts(all, "assignee_email"))
        .anyMatch(email -> email.matches("[a-z.]+@acme\\.example"))
        .anyMatch(email -> email.matches("[A-Z].*@acme\\.example"));
    assertThat(all).anyMatch(bug -> bug.path("description").isNull());
  }

  @Test
  void filterFindsOneStatusAlone() throws IOException {
    ToyClient client = client(start(of(600)));
    List<JsonNode> all = bugs(walk(client, LIST));
    List<JsonNode> assigned = bugs(walk(client, LIST + "&status=ASSIGNED"));
    assertThat(assigned)
        .isNotEmpty()
        .isEqualTo(
            all.stream().filter(bug -> bug.path("status").asText().equals("ASSIGNED")).toList());
    assertThat(client.json(LIST + "&status=ASSIGNED").path("total").asInt())
        .isEqualTo(assigned.size());
  }

  @Test
  void sameSeedGivesTheSameBugs() throws IOException {
    String one = client(start(of(100).seed(7))).json(LIST).toString();
    assertThat(client(start(of(100).seed(7))).json(LIST)).hasToString(one);
    assertThat(client(start(of(100).seed(8))).json(LIST).toString()).isNotEqualTo(one);
  }

  @Test
  void oneBugIsFoundByItsId() throws IOException {
    ToyBugsby toy = start(of(30));
    ToyClient client = client(toy);
    JsonNode bug = client.json(LIST).path("bugs").path(3);
    assertThat(client.json("/api/v1/bugs/" + bug.path("bug_id").asText())).isEqualTo(bug);
    toy.release("wifi-ooty").delete(4);
    for (String id : List.of(toy.bugId("wifi-ooty", 4), toy.bugId("wifi-ooty", 31), "5")) {
      HttpResponse<byte[]> absent = client.get("/api/v1/bugs/" + id);
      assertThat(absent.statusCode()).as(id).isEqualTo(404);
      assertThat(ToyClient.JSON.readTree(absent.body()).at("/error/code").asText())
          .isEqualTo("not_found");
    }
  }

  @Test
  void idsOfReleasesDoNotMeet() {
    ToyBugsby toy = start(of(3));
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      ids.add(toy.bugId("r-" + i, 1));
    }
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("BUGSBY-16 titles, assignees, any field, removals and new bugs can be changed")
  void editsShow() throws IOException {
    ToyBugsby toy = start(of(250));
    ToyClient client = client(toy);
    Instant at = Instant.parse("2026-03-01T00:00:00Z");
    toy.release("wifi-ooty").retitle(1, "New title", at);
    toy.assign("wifi-ooty", 2, "new@acme.example", at);
    toy.assign("wifi-ooty", 3, null, at);
    toy.set("wifi-ooty", 4, "severity", "sev9", at);
    toy.setState("wifi-ooty", 5, "VERIFIED", at);
    toy.release("wifi-ooty").delete(6);
    toy.release("wifi-ooty").add(2, at);
    List<JsonNode> all = bugs(walk(client, LIST));
    assertThat(all).hasSize(251);
    assertThat(all.get(0).path("title").asText()).isEqualTo("New title");
    assertThat(all.get(1).path("assignee_email").asText()).isEqualTo("new@acme.example");
    assertThat(all.get(2).path("assignee_email").isNull()).isTrue();
    assertThat(all.get(3).path("severity").asText()).isEqualTo("sev9");
    assertThat(all.get(4).path("status").asText()).isEqualTo("VERIFIED");
    assertThat(all.subList(0, 5))
        .allMatch(bug -> bug.path("updated_at").asText().equals("2026-03-01T00:00:00Z"));
    assertThat(texts(all, "bug_id"))
        .doesNotContain(toy.bugId("wifi-ooty", 6))
        .endsWith(toy.bugId("wifi-ooty", 251), toy.bugId("wifi-ooty", 252));
    assertThatThrownBy(() -> toy.set("wifi-ooty", 1, "colour", "red", at))
        .hasMessageContaining("severity");
    toy.reset();
    assertThat(client.json(LIST).at("/bugs/3/severity").asText())
        .startsWith("sev")
        .isNotEqualTo("sev9");
  }

  @Test
  void editsAreTakenOverHttp() throws IOException {
    ToyBugsby toy = start(of(20));
    ToyClient client = client(toy);
    HttpResponse<byte[]> done =
        client.post(
            "/_toy/edits",
            """
            [{"op":"assign","repository":"wifi-ooty","number":3,"to":"x@acme.example"},
             {"op":"set","repository":"wifi-ooty","numbers":[4,5],"field":"priority","to":"P9"},
             {"op":"state","repository":"wifi-ooty","number":6,"state":"CLOSED"}]
            """);
    assertThat(done.statusCode()).isEqualTo(200);
    JsonNode bugs = client.json(LIST).path("bugs");
    assertThat(bugs.path(2).path("assignee_email").asText()).isEqualTo("x@acme.example");
    assertThat(bugs.path(4).path("priority").asText()).isEqualTo("P9");
    assertThat(bugs.path(5).path("status").asText()).isEqualTo("CLOSED");
  }

  @Test
  @DisplayName("BUGSBY-15 what is removed between two pages hides no other bug")
  void removalBetweenTwoPagesHidesNothing() throws IOException {
    ToyBugsby toy = start(of(250));
    ToyClient client = client(toy);
    JsonNode first = client.json(LIST);
    for (int n = 40; n < 60; n++) {
      toy.release("wifi-ooty").delete(n);
    }
    JsonNode second =
        client.json(LIST + "&page_token=" + first.path("next_page_token").textValue());
    assertThat(second.at("/bugs/0/bug_id").asText()).isEqualTo(toy.bugId("wifi-ooty", 101));
  }

  @Test
  void wrongRequestsAreRefused() throws IOException {
    ToyClient client = client(start(of(5).onlyNamed(true).repository("wifi-ooty", 5)));
    for (String wrong :
        List.of(
            "/api/v1/bugs",
            "/api/v1/bugs?limit=10",
            LIST + "1",
            LIST + "&page_token=x",
            LIST + "&since=2026-01-01")) {
      assertThat(client.get(wrong).statusCode()).as(wrong).isEqualTo(400);
    }
    assertThat(client.get("/api/v1/bugs?release=other").statusCode()).isEqualTo(404);
    assertThat(client.get("/api/v2/bugs").statusCode()).isEqualTo(404);
    HttpRequest write =
        HttpRequest.newBuilder(client.at("/api/v1/bugs/1"))
            .PUT(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    assertThat(client.send(write).statusCode()).as("read only").isEqualTo(405);
    assertThatThrownBy(() -> of(1).replay(Path.of("x")).build()).hasMessageContaining("replay");
  }

  @Test
  void limitsAndTokensAreKept() throws IOException {
    ToyBugsby toy =
        start(of(5).rateLimit(2).rateWindow(Duration.ofSeconds(40)).tokens(Set.of("t")));
    ToyClient client = client(toy);
    assertThat(client.get(LIST).statusCode()).isEqualTo(401);
    assertThat(client.get(LIST, "X-Api-Key", "t").statusCode()).isEqualTo(200);
    assertThat(client.get(LIST, "Authorization", "Bearer t").statusCode()).isEqualTo(200);
    HttpResponse<byte[]> spent = client.get(LIST, "Authorization", "Bearer t");
    assertThat(spent.statusCode()).isEqualTo(429);
    assertThat(Integer.parseInt(spent.headers().firstValue("retry-after").orElseThrow()))
        .isBetween(1, 41);
    assertThat(toy.requests().get(1).headers().get("x-api-key")).matches("sha256:[0-9a-f]{8}");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.Kind.class,
      names = {
        "DRIP",
        "HANG",
        "HEADERS_ONLY",
        "RESET",
        "CLOSE",
        "SHIFT",
        "CLOCK_SKEW",
        "DUPLICATE_PAGE"
      },
      mode = EnumSource.Mode.EXCLUDE)
  void everyFaultHitsTheList(Fault.Kind kind) throws IOException {
    ToyBugsby toy = start(of(250));
    String good = client(toy).json(LIST + "&page_token=" + second(toy)).toString();
    boolean sized = kind == Fault.Kind.GZIP_BOMB || kind == Fault.Kind.HUGE;
    toy.faults().add(sized ? Fault.of(kind).page(2).with("mb", 1) : Fault.of(kind).page(2));
    HttpResponse<byte[]> hit = client(toy).get(LIST + "&page_token=" + second(toy));
    assertThat(hit.statusCode() + new String(hit.body(), StandardCharsets.UTF_8))
        .isNotEqualTo("200" + good);
  }

  private static String second(ToyBugsby toy) throws IOException {
    return client(toy).json(LIST).path("next_page_token").textValue();
  }

  @Test
  void doubledPageRepeatsAndLosesNothing() throws IOException {
    ToyBugsby toy = start(of(350));
    List<JsonNode> before = walk(client(toy), LIST);
    toy.faults().add(Fault.duplicatePage(3));
    List<JsonNode> pages = walk(client(toy), LIST);
    assertThat(pages).hasSize(before.size() + 1);
    assertThat(pages.get(2).path("bugs")).isEqualTo(pages.get(1).path("bugs"));
    assertThat(Set.copyOf(bugs(pages))).isEqualTo(Set.copyOf(bugs(before)));
  }

  @Test
  void aHundredThousandBugsArePagedToTheEnd() throws IOException {
    ToyClient client = client(start(of(100_000)));
    Set<String> ids = new HashSet<>();
    int pages = 0;
    String token = "";
    while (token != null) {
      // a page at a time: all of them do not fit into a test's memory
      JsonNode page = client.json("/api/v1/bugs?release=wifi-ooty&limit=500" + token);
      ids.addAll(texts(bugs(List.of(page)), "bug_id"));
      pages++;
      String next = page.path("next_page_token").textValue();
      token = next == null ? null : "&page_token=" + next;
    }
    assertThat(pages).isEqualTo(200);
    assertThat(ids).hasSize(100_000);
  }

  @Test
  void commandLineIsReadAndRefusedInWords() {
    assertThat(run("--help")).startsWith("0 ").contains("--release", "--latency", "--rate-limit");
    assertThat(run("--release", "wifi ooty=3")).startsWith("2 ").contains("RELEASE");
  }

  private static String run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code = ToyCommand.run(new ToyBugsbyCommand(print), args, print, print);
    return code + " " + out.toString(StandardCharsets.UTF_8);
  }
}

package trackersync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trackersync.embedded.DataOwner;
import trackersync.secret.Secrets;

/** What the commands send to a running program, and what they make of its answers. */
class ClientCommandsTest {

  private static final String SHOP =
      """
      {"id": "00000000-0000-0000-0000-000000000001", "name": "shop", "tracker": "github",
       "url": "https://github.com/acme/shop", "enabled": true,
       "lastSyncAt": "2026-01-02T00:00:00Z"}""";
  private static final String OPERATION =
      """
      {"id": "00000000-0000-0000-0000-0000000000aa", "connection": "shop", "tracker": "github",
       "status": "%s", "trigger": "manual", "createdAt": "2026-01-02T00:00:00Z",
       "startedAt": "2026-01-02T00:00:00Z", "completedAt": %s,
       "progress": {"processed": 100, "total": 150},
       "results": {"created": 60, "updated": 5, "skipped": 20, "failed": 1,
                   "ignored": {"pullRequests": 14}},
       "error": %s, "cure": %s}""";

  @TempDir Path data;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, List<Reply>> replies = new HashMap<>();
  private final List<String> requests = new ArrayList<>();
  private HttpServer server;
  private DataOwner owner;

  private record Reply(int status, String body) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    owner = DataOwner.take(data, "run");
    owner.publish(
        Map.of("api", "http://127.0.0.1:" + server.getAddress().getPort()), Map.of("http", 1));
    Files.writeString(data.resolve("cli-token"), "secret-of-the-owner\n");
    reply("GET /api/connections?limit=200", 200, page(SHOP));
  }

  @AfterEach
  void stop() {
    server.stop(0);
    owner.close();
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String key = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(key + " " + body);
    List<Reply> queue = replies.getOrDefault(key, List.of(new Reply(404, "{\"title\": \"none\"}")));
    Reply reply = queue.size() > 1 ? queue.remove(0) : queue.get(0);
    boolean known =
        "Bearer secret-of-the-owner".equals(exchange.getRequestHeaders().getFirst("Authorization"));
    byte[] bytes = (known ? reply.body() : "{}").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(known ? reply.status() : 401, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private synchronized void reply(String request, int status, String body) {
    replies.computeIfAbsent(request, it -> new ArrayList<>()).add(new Reply(status, body));
  }

  private static String page(String... items) {
    return "{\"items\": [" + String.join(", ", items) + "], \"nextCursor\": null}";
  }

  private static String operation(String status) {
    boolean over = !status.equals("InProgress");
    boolean failed = status.equals("Failed");
    return OPERATION.formatted(
        status,
        over ? "\"2026-01-02T00:00:02Z\"" : "null",
        failed ? "\"token rejected\"" : "null",
        failed ? "\"Set another one.\"" : "null");
  }

  private static final String START =
      "POST /api/connections/00000000-0000-0000-0000-000000000001/sync";
  private static final String LOOK = "GET /api/operations?limit=20";

  @Test
  void syncStartsAnOperationAndLeavesItToTheProgram() throws IOException {
    reply(START, 202, operation("InProgress"));

    assertThat(run("sync", "shop", "--json")).isZero();

    JsonNode answer = json();
    assertThat(answer.path("operations")).hasSize(1);
    assertThat(answer.path("operations").get(0).path("status").asText()).isEqualTo("InProgress");
    assertThat(answer.path("refused")).isEmpty();
    assertThat(requests.get(1))
        .isEqualTo(START + " {\"syncType\":\"Full\",\"includeClosed\":false}");
  }

  @Test
  void includeClosedIsTheConfirmation() {
    reply(START, 202, operation("InProgress"));

    assertThat(run("sync", "--all", "--include-closed", "--type", "issuesonly")).isZero();

    assertThat(requests.get(1))
        .contains("\"includeClosed\":true", "\"confirm\":[\"includeClosed\"]", "\"IssuesOnly\"");
  }

  @Test
  void allIsReadAgainOnDemand() {
    reply(START, 202, operation("InProgress"));

    assertThat(run("sync", "shop", "--from-start")).isZero();

    assertThat(requests.get(1)).contains("\"fromStart\":true");
  }

  @Test
  void syncThatIsWaitedForShowsItsCounts() throws IOException {
    reply(START, 202, operation("InProgress"));
    reply(LOOK, 200, page(operation("InProgress")));
    reply(LOOK, 200, page(operation("Completed")));

    assertThat(run("sync", "shop", "--wait", "--json")).isZero();

    JsonNode one = json().path("operations").get(0);
    assertThat(one.path("read").asLong()).isEqualTo(100);
    assertThat(one.path("created").asLong()).isEqualTo(60);
    assertThat(one.path("updated").asLong()).isEqualTo(5);
    assertThat(one.path("skipped").asLong()).isEqualTo(20);
    assertThat(one.path("pullRequests").asLong()).isEqualTo(14);
    assertThat(one.path("setAside").asLong()).isEqualTo(1);
    assertThat(one.path("seconds").asDouble()).isEqualTo(2.0);
  }

  @Test
  void operationOlderThanTheNewestIsLookedUpByItsId() {
    reply(START, 202, operation("InProgress"));
    reply(LOOK, 200, page());
    reply("GET /api/operations/00000000-0000-0000-0000-0000000000aa", 200, operation("Completed"));

    assertThat(run("sync", "shop", "--wait")).isZero();
    assertThat(text(out)).contains("shop  100 records, 2.0 s").contains("rec/s");
  }

  @Test
  void failedSyncExitsWith4AndSaysTheCure() {
    reply(START, 200, operation("Failed"));

    assertThat(run("sync", "shop", "--wait")).isEqualTo(4);
    assertThat(text(out)).contains("shop failed: token rejected").contains("Set another one.");
  }

  @Test
  void syncUnderWayExitsWith5AndNamesIt() throws IOException {
    reply(START, 409, "{\"status\": 409, \"detail\": \"connection shop is already being synced\"}");

    assertThat(run("sync", "shop", "--json")).isEqualTo(5);
    assertThat(json().path("refused").get(0).path("reason").asText())
        .contains("already being synced");
  }

  @Test
  @DisplayName("CORE-7 a program of our own goes on with an operation that was interrupted")
  void interruptedOperationIsGoneOnWith() throws IOException {
    String id = "00000000-0000-0000-0000-0000000000aa";
    reply(START, 409, "{\"status\": 409, \"detail\": \"busy\", \"operation\": \"" + id + "\"}");
    reply("GET /api/operations/" + id, 200, operation("InProgress"));
    ApiClient api =
        new ApiClient(
            "http://127.0.0.1:" + server.getAddress().getPort(), "secret-of-the-owner", "us");
    List<JsonNode> shop = List.of(new ObjectMapper().readTree(SHOP));

    SyncRun.Choice choice = new SyncRun.Choice(false, false, "Full");
    SyncRun.Started joined = new SyncRun(api, terminal(), true).start(shop, choice).get(0);
    assertThat(joined.refused()).isNull();
    assertThat(joined.operation().path("id").asText()).isEqualTo(id);

    SyncRun.Started refused = new SyncRun(api, terminal(), false).start(shop, choice).get(0);
    assertThat(refused.refused()).contains("busy");
  }

  @Test
  void unknownConnectionIsRefusedWithTheNearestName() {
    assertThat(run("sync", "shpo")).isEqualTo(5);
    assertThat(text(err))
        .contains("There is no connection 'shpo'. Did you mean shop? Known: shop.");
  }

  @Test
  void statusListsConnectionsWithTheirState() throws IOException {
    reply(
        "GET /api/trackers/github/status",
        200,
        """
        {"tracker": "github", "connections": [
          {"id": "00000000-0000-0000-0000-000000000001", "issuesCount": 1234, "setAsideCount": 2,
           "operation": %s}]}"""
            .formatted(operation("Completed")));

    assertThat(run("status")).isZero();
    assertThat(text(out)).contains("shop").contains("1,234").contains("ok").contains("Process");

    out.reset();
    assertThat(run("status", "--json")).isZero();
    JsonNode answer = json();
    assertThat(answer.path("running").asBoolean()).isTrue();
    assertThat(answer.path("connections").get(0).path("issuesCount").asLong()).isEqualTo(1234);
  }

  @Test
  void statusOfOneShowsItsHistory() throws IOException {
    reply("GET /api/operations?limit=10&connection=shop", 200, page(operation("Failed")));

    assertThat(run("status", "shop")).isZero();
    assertThat(text(out)).contains("Failed").contains("token rejected").contains("Set another");

    out.reset();
    assertThat(run("status", "shop", "--json")).isZero();
    assertThat(json().path("operations")).hasSize(1);
  }

  private static final String RECORD = "7d2c1c5e-6f0e-4a52-8a4f-0c8d3b7f0001";

  @Test
  void replayListsTriesAndSaysWhatIsStillAside() throws IOException {
    reply(
        "GET /api/set-aside?limit=200",
        200,
        page(
            """
            {"id": "%s", "connection": "shop", "key": "github:7", "reason": "title is missing"}"""
                .formatted(RECORD)));
    reply(
        "POST /api/set-aside/" + RECORD + "/replay",
        200,
        "{\"id\": \"%s\", \"outcome\": \"set-aside\", \"reason\": \"title is missing\"}"
            .formatted(RECORD));
    reply(
        "POST /api/set-aside/" + RECORD + "/replay",
        200,
        "{\"id\": \"%s\", \"outcome\": \"stored\", \"reason\": null}".formatted(RECORD));

    assertThat(run("replay")).isZero();
    assertThat(text(out)).contains(RECORD).contains("github:7").contains("title is missing");
    assertThat(run("replay", RECORD)).isEqualTo(4);
    out.reset();
    assertThat(run("replay", "--all", "--json")).isZero();
    assertThat(json().path("results").get(0).path("outcome").asText()).isEqualTo("stored");
  }

  @Test
  void listsAreReadToTheLastPage() throws IOException {
    replies.clear();
    reply("GET /api/connections?limit=200", 200, "{\"items\": [], \"nextCursor\": \"next/1\"}");
    reply("GET /api/connections?limit=200&cursor=next%2F1", 200, page(SHOP));
    reply(START, 202, operation("InProgress"));

    assertThat(run("sync", "shop")).isZero();
  }

  @Test
  void programThatDoesNotAnswerExitsWith3AndNamesIt() {
    server.stop(0);

    assertThat(run("status")).isEqualTo(3);
    assertThat(text(err))
        .contains("process %d (run) does not answer".formatted(ProcessHandle.current().pid()));
  }

  @Test
  void somethingElseOnThePortExitsWith3() {
    replies.clear();
    reply("GET /api/connections?limit=200", 200, "<html>");

    assertThat(run("status")).isEqualTo(3);
    assertThat(text(err)).contains("not JSON");
  }

  @Test
  void tokenOfAnotherUserExitsWith5() throws IOException {
    Files.delete(data.resolve("cli-token"));

    assertThat(run("status")).isEqualTo(5);
    assertThat(text(err)).contains("cli-token cannot be read");
  }

  @Test
  void wordsAndCureOfAProblemAreShown() {
    replies.clear();
    reply(
        "GET /api/connections?limit=200",
        503,
        "{\"detail\": \"the database does not answer\", \"cure\": \"Start it.\"}");

    assertThat(run("status")).isEqualTo(1);
    assertThat(text(err)).contains("the database does not answer Start it. (HTTP 503)");
  }

  private static final String PROJECT = "/api/projects/00000000-0000-0000-0000-00000000000b";

  private void projects() {
    reply(
        "GET /api/projects?limit=200",
        200,
        page("{\"id\": \"00000000-0000-0000-0000-00000000000b\", \"key\": \"SHOP\"}"));
  }

  @Test
  @DisplayName("ISSUE-48 an issue is linked and unlinked by its key")
  void issueIsLinkedByItsKey() throws IOException {
    projects();
    String path = PROJECT + "/issues/SHOP-12/link";
    String url = "https://github.com/acme/shop/issues/7";
    String linked =
        "{\"key\": \"SHOP-12\", \"customFields\": {\"externalId\": \"github:%s:7\"}}"
            .formatted("https://github.com/acme/shop");
    reply("POST " + path, 200, linked);
    reply("DELETE " + path, 200, "{\"key\": \"SHOP-12\", \"customFields\": {}}");

    assertThat(run("link-issue", "shop-12", url)).isZero();
    assertThat(requests).contains("POST " + path + " {\"externalUrl\":\"" + url + "\"}");
    assertThat(text(out)).contains("SHOP-12").contains("acme/shop:7");

    assertThat(run("unlink-issue", "SHOP-12")).isZero();
    assertThat(text(out)).contains("SHOP-12 is a local issue now");

    assertThat(run("link-issue", "12", url)).isEqualTo(2);
    assertThat(run("link-issue", "SHPO-12", url)).isEqualTo(5);
    assertThat(text(err)).contains("Did you mean SHOP?");
  }

  @Test
  @DisplayName("ISSUE-15 a backfill is shown before it is applied")
  void backfillIsShownFirst() throws IOException {
    projects();
    String path = "POST " + PROJECT + "/issues/backfill";
    reply(
        path,
        200,
        """
        {"dryRun": true, "found": 2, "set": 1, "taken": 1, "ambiguous": 0, "items":
         [{"issueId": "x", "key": "SHOP-3", "externalId": "github:x:3", "outcome": "set"}]}""");

    assertThat(run("backfill", "shop")).isZero();
    assertThat(requests).contains(path + " {\"dryRun\":true}");
    assertThat(text(out)).contains("SHOP-3").contains("1 to set (--apply)");

    out.reset();
    assertThat(run("backfill", "SHOP", "--apply", "--json")).isZero();
    assertThat(requests).contains(path + " {\"dryRun\":false}");
    assertThat(json().path("found").asInt()).isEqualTo(2);
  }

  @Test
  @DisplayName("ISSUE-2 keys are rotated, and what no key opens is named")
  void keysAreRotated() {
    reply(
        "POST /api/keys/rotate",
        200,
        "{\"reencrypted\": 3, \"unreadable\": [\"shop token\"], \"keysDropped\": 1}");

    assertThat(run("rotate-keys")).isEqualTo(4);
    assertThat(text(out)).contains("3 encrypted anew, 1 old keys forgotten");
    assertThat(text(err)).contains("shop token: no key opens it");
  }

  @Test
  @DisplayName("ISSUE-2 encryption.key is printed with a fresh key, then without the old one")
  void keysetsArePrinted() {
    String old = Secrets.newKeyset();
    UUID connection = UUID.randomUUID();
    byte[] sealed = Secrets.of(old).encrypt(connection, "canary");

    assertThat(run("rotate-keys", "--add-key", "--set", "encryption.key=" + old)).isZero();
    String both = text(out).strip();
    assertThat(Secrets.of(both).decrypt(connection, sealed)).isEqualTo("canary");

    out.reset();
    assertThat(run("rotate-keys", "--drop-old-keys", "--set", "encryption.key=" + both)).isZero();
    assertThat(Secrets.of(text(out).strip()).isSealedByPrimary(connection, "token", sealed))
        .isFalse();

    assertThat(run("rotate-keys", "--add-key")).isEqualTo(5);
  }

  private int run(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--set";
    all[arguments.length + 1] = "data.dir=" + data;
    return TrackerSync.commandLine(terminal(), Map.of()).execute(all);
  }

  private Terminal terminal() {
    return new Terminal(new PrintStream(out), new PrintStream(err), Map.of("LANG", "C"), false);
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(text(out));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}

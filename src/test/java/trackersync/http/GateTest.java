package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {
  private static final Contract CONTRACT = Contract.load();
  private static final List<String> UNKNOWN =
      List.of(
          "/",
          "/api",
          "/api/",
          "/api/nothing",
          "/api/connections/x/y/z",
          "/api/users",
          "/admin",
          "/observe/health",
          "/observe/metrics",
          "/observe/jolokia",
          "/observe/info",
          "/q/dev",
          "/q/upload/x",
          "/q/send",
          "/hawtio",
          "/jolokia",
          "/actuator/env",
          "/application.properties",
          "/openapi.yaml",
          "/webjars/swagger-ui/5.30.2/index.html",
          "/docs/",
          "/docs/docs.html",
          "/docs/../pom.xml",
          "/.env",
          "/.git/config",
          "/bugsby-api/bugs");

  private final ApiServer server = ApiServer.shared();

  static Stream<Contract.Operation> guarded() {
    return CONTRACT.operations().stream()
        .filter(it -> it.needed().isPresent() && it.enabledBy().isEmpty());
  }

  static Stream<String> unknown() {
    return UNKNOWN.stream();
  }

  @ParameterizedTest
  @MethodSource("guarded")
  @DisplayName("B-01 no operation answers without a token")
  void operationNeedsAToken(Contract.Operation operation) {
    ApiClient.Answer answer = server.nobody().send(operation.method(), path(operation), null);
    answer.problem(401);
    assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
  }

  @ParameterizedTest
  @MethodSource("unknown")
  @DisplayName("B-01 what is not in the contract is not there, with or without a token")
  void unknownPathIsNotThere(String path) {
    server.nobody().get(path).problem(404);
    server.as("admin").get(path).problem(404);
    server.nobody().send("POST", path, "{}").problem(404);
  }

  @ParameterizedTest
  @MethodSource("guarded")
  @DisplayName("B-01 no spelling of a path and no method gets around the gate")
  void spellingsDoNotGetAround(Contract.Operation operation) {
    String path = path(operation);
    String tail = path.substring("/api/".length());
    List<String> spellings =
        List.of(
            path + "/",
            path + ";x",
            path + ";x=1/",
            path + "%2f",
            path + "/.",
            path + "/..;/" + tail,
            "/" + path,
            "//api//" + tail,
            "/api/./" + tail,
            "/api/%2e/" + tail,
            "/%2e%2e" + path,
            "/x/.." + path,
            "/docs/.." + path,
            "/docs/%2e%2e" + path,
            "/api/openapi.yaml/../" + tail,
            "/api%2f" + tail,
            "/API/" + tail,
            "/%61pi/" + tail,
            path + "%00",
            path + "?access_token=" + server.token("admin"),
            path + "#x",
            "http://127.0.0.1" + path);
    for (String spelling : spellings) {
      assertThat(status(operation.method(), spelling))
          .as("%s %s", operation.method(), spelling)
          .isIn(400, 401, 404);
    }
    for (String method :
        List.of("HEAD", "OPTIONS", "TRACE", "PUT", "PROPFIND", "get", "X-METHOD")) {
      assertThat(status(method, path)).as("%s %s", method, path).isIn(400, 401, 404);
    }
  }

  @ParameterizedTest
  @MethodSource("guarded")
  void otherMethodWithATokenIsNamed(Contract.Operation operation) {
    String other =
        Stream.of("PUT", "PATCH", "DELETE", "POST")
            .filter(it -> !(CONTRACT.match(it, path(operation)) instanceof Contract.Match.Found))
            .findFirst()
            .orElseThrow();
    ApiClient.Answer answer = server.as("viewer").send(other, path(operation), null);
    answer.problem(405);
    assertThat(answer.header("allow")).contains(operation.method());
  }

  @ParameterizedTest
  @MethodSource("guarded")
  @DisplayName("B-02 role by operation, generated from the contract: ISSUE-40, CORE-16")
  void roleDecides(Contract.Operation operation) {
    Role needed = operation.needed().orElseThrow();
    for (Role role : Role.values()) {
      int status = server.as(role.word()).send(operation.method(), path(operation), null).status();
      if (role.ordinal() <= needed.ordinal()) {
        assertThat(status).as("%s %s", role, operation.id()).isNotIn(401, 403);
      } else {
        assertThat(status).as("%s %s", role, operation.id()).isEqualTo(403);
      }
    }
    assertThat(server.with(List.of()).send(operation.method(), path(operation), null).status())
        .isEqualTo(403);
    assertThat(
            server
                .with(List.of("root", "ADMIN", "admin "))
                .send(operation.method(), path(operation), null)
                .status())
        .isEqualTo(403);
  }

  @Test
  @DisplayName("CORE-16 the roles of the contract are those decided")
  void rolesAreThoseDecided() {
    assertThat(role("start-sync")).isEqualTo("member");
    assertThat(role("test-connection")).isEqualTo("member");
    assertThat(role("cancel-operation")).isEqualTo("member");
    assertThat(role("start-tracker-sync")).isEqualTo("member");
    assertThat(role("replay-set-aside")).isEqualTo("manager");
    assertThat(role("create-connection")).isEqualTo("admin");
    assertThat(role("update-connection")).isEqualTo("admin");
    assertThat(role("delete-connection")).isEqualTo("admin");
    assertThat(role("create-project")).isEqualTo("manager");
    for (String id : List.of("sync-release", "sync-bug", "get-release-status", "list-releases")) {
      assertThat(role(id)).as(id).isEqualTo("manager");
    }
    assertThat(role("rotate-keys")).isEqualTo("admin");
    assertThat(
            guarded().filter(it -> it.id().endsWith("external-identity")).map(it -> role(it.id())))
        .containsOnly("admin");
    assertThat(
            guarded()
                .filter(it -> it.method().equals("GET"))
                .filter(it -> !it.id().equals("list-external-identities"))
                .filter(it -> !it.path().get(0).equals("bugsby")))
        .allMatch(it -> it.needed().equals(java.util.Optional.of(Role.VIEWER)));
    assertThat(CONTRACT.operations().stream().filter(it -> it.needed().isEmpty()))
        .extracting(Contract.Operation::id)
        .as("a delivery proves itself by its signature")
        .containsExactlyInAnyOrder("get-openapi", "receive-webhook");
  }

  @Test
  void openPagesAreReadByEverybody() {
    assertThat(server.nobody().get("/api/openapi.yaml").is(200).body())
        .startsWith("openapi: 3.0.3");
    ApiClient.Answer docs = server.nobody().get("/docs").is(200);
    assertThat(docs.header("content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(docs.header("content-security-policy")).contains("script-src 'self'");
    assertThat(docs.body()).doesNotContain("<script>").doesNotContain("style=");
    for (String asset :
        List.of("/docs/docs.js", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js")) {
      assertThat(docs.body() + asset).contains(asset);
      server.nobody().get(asset).is(200);
    }
    assertThat(server.nobody().send("HEAD", "/docs", null).is(200).body()).isEmpty();
    String etag = docs.header("etag");
    server.nobody().with("If-None-Match", etag).get("/docs").is(304);
    server.nobody().post("/docs", "x").problem(405);
    server.nobody().post("/api/openapi.yaml", "x").problem(405);
  }

  @Test
  void everyAnswerCarriesTheSecurityHeaders() {
    for (ApiClient.Answer answer :
        List.of(
            server.nobody().get("/docs"),
            server.nobody().get("/nothing"),
            server.nobody().get("/api/issues"),
            server.as("viewer").get("/api/issues"),
            server.as("viewer").get("/api/issues?x=1"),
            server.as("viewer").post("/api/connections", "{}"),
            server.as("viewer").send("PUT", "/api/issues", null))) {
      assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
      assertThat(answer.header("x-frame-options")).isEqualTo("DENY");
      assertThat(answer.header("referrer-policy")).isEqualTo("no-referrer");
      assertThat(answer.header("content-security-policy")).contains("default-src 'none'");
      assertThat(answer.header("cross-origin-opener-policy")).isEqualTo("same-origin");
      assertThat(answer.header("cache-control")).isNotNull();
      assertThat(answer.header("access-control-allow-origin")).isNull();
      assertThat(answer.header("server")).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/x-java-serialized-object",
        "json",
      })
  void otherMediaTypesAre415(String type) {
    server
        .as("admin")
        .with("Content-Type", type)
        .post("/api/connections", ConnectionsApiTest.connection("g-media", "x"))
        .problem(415);
  }

  @Test
  void unacceptableAnswerIs406() {
    server.as("viewer").with("Accept", "text/html").get("/api/issues").problem(406);
    server.as("viewer").with("Accept", "application/json").get("/api/issues").is(200);
    server.as("viewer").with("Accept", "text/html, */*;q=0.1").get("/api/issues").is(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CamelSqlQuery",
        "CAmelHttpUri",
        "camelfilename",
        "CamelBeanMethodName",
        "CamelHttpResponseCode",
        "kafka.OVERRIDE_TOPIC",
        "kafka.PARTITION_KEY",
        "CamelQuartzX",
        "breadcrumbId",
        "CamelVertxPlatformHttpAuthenticatedUser",
        "status",
        "limit",
        "id",
        "caller",
      })
  @DisplayName("B-09 nothing a caller names reaches Camel's headers")
  void callersHeadersStayOutside(String name) {
    SeenHeaders.clear();
    server.as("viewer").with(name, "select 1").get("/api/connections").is(200);
    server.as("viewer").with("Cookie", name + "=1").get("/api/connections").is(200);
    server.as("viewer").get("/api/connections?" + name + "=select+1");
    server.as("admin").with(name, "x").post("/api/connections", "{\"" + name + "\":\"x\"}").is(400);
    server
        .as("admin")
        .with("Content-Type", "application/x-www-form-urlencoded")
        .post("/api/connections", name + "=x")
        .problem(415);
    assertThat(SeenHeaders.of("list-connections")).isEmpty();
    assertThat(SeenHeaders.routes()).contains("list-connections");
  }

  @Test
  void requestsInPiecesOnOneConnectionAreAnsweredOneByOne() throws Exception {
    String token = server.token("viewer");
    try (Socket socket = RawHttp.open(server.kernel().httpPort())) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 3; i++) {
        requests.append(
            "GET /api/quota HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n");
      }
      requests.append("GET /api/quota HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      socket.getOutputStream().write(requests.toString().getBytes());
      String all = RawHttp.read(socket).toString();
      assertThat(all.split("HTTP/1.1 200")).hasSize(4);
      assertThat(all.split("HTTP/1.1 401")).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/quota HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
        "GET /api/quota HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello",
        "GET /api/quota\r\n\r\n",
        "NONSENSE\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /api/quota HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Key: x\r\n\r\n",
        "GET /api/quota HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\nConnection: Upgrade, HTTP2-Settings, close\r\n\r\n",
        "GET /api/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /api/quota HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer\r\nConnection: close\r\n\r\n",
        "GET /api/quota HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer  \r\nConnection: close\r\n\r\n",
        "GET /api/quota HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YWRtaW46YWRtaW4=\r\nConnection: close\r\n\r\n",
      })
  @DisplayName("B-01 malformed requests are refused and show nothing")
  void malformedRequestIsRefused(String request) {
    RawHttp.Answer answer = RawHttp.send(server.kernel().httpPort(), request);
    assertThat(answer.status()).isIn(0, 400, 401, 404, 405, 501);
    assertThat(answer.body()).doesNotContain("items").doesNotContainIgnoringCase("exception");
  }

  private int status(String method, String target) {
    return RawHttp.send(
            server.kernel().httpPort(),
            method + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .status();
  }

  private static String role(String operation) {
    return CONTRACT.operation(operation).needed().orElseThrow().word();
  }

  /** A path that asks for something there is not, so that trying it changes nothing. */
  static String path(Contract.Operation operation) {
    List<String> segments = new ArrayList<>();
    for (String segment : operation.path()) {
      segments.add(
          switch (segment) {
            case "{tracker}" -> "nosuch";
            default -> segment.startsWith("{") ? UUID.randomUUID().toString() : segment;
          });
    }
    return "/" + String.join("/", segments);
  }
}

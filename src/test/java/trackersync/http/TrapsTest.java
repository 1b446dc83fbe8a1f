package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What Camel's HTTP does out of the box, each met once and closed for good. */
class TrapsTest {
  private final ApiServer server = ApiServer.shared();

  @Test
  @DisplayName("trap 1: the API is on its own port, not on the management port or 8080")
  void trap01ApiIsNotMountedOnTheManagementPort() throws Exception {
    server.nobody().get("/api/openapi.yaml").is(200);
    ApiClient management = new ApiClient(server.management(), server.token("admin"));
    assertThat(management.get("/api/openapi.yaml").status()).isEqualTo(404);
    assertThat(management.get("/docs").status()).isEqualTo(404);
    assertThat(server.as("admin").get("/observe/health").status()).isEqualTo(404);
    InetAddress outside = InetAddress.getLocalHost();
    if (!outside.isLoopbackAddress()) {
      for (int port : new int[] {server.kernel().httpPort(), server.kernel().managementPort()}) {
        assertThatThrownBy(() -> new Socket(outside, port).close()).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  @DisplayName("trap 2: what a caller sends does not come back as a header")
  void trap02MessageHeadersStayInside() {
    ApiClient viewer = server.as("viewer");
    String path = "/api/operations/" + UUID.randomUUID();
    ApiClient.Answer answer =
        viewer.with("X-Evil", "1").with("Set-Cookie", "a=b").get("/api/issues?limit=5").is(200);
    assertThat(answer.response().headers().map().keySet())
        .doesNotContain("x-evil", "set-cookie", "limit", "sort", "user-agent", "authorization");
    assertThat(viewer.get(path).is(404).response().headers().map().keySet()).doesNotContain("id");
    assertThat(
            viewer
                .with("X-Evil", "1")
                .get("/api/openapi.yaml")
                .is(200)
                .response()
                .headers()
                .map()
                .keySet())
        .doesNotContain("x-evil", "user-agent", "authorization");
    for (String query : List.of("?Set-Cookie=a%3Db", "?%3Cb%3E=1", "?Location=http://evil")) {
      ApiClient.Answer refused = viewer.get("/api/issues" + query).is(400);
      assertThat(refused.response().headers().map().keySet())
          .doesNotContain("set-cookie", "<b>", "location");
    }
  }

  @Test
  @DisplayName("trap 3: 404 and 405 do not echo the body with its Content-Type")
  void trap03RefusalsDoNotEcho() {
    for (ApiClient client : List.of(server.nobody(), server.as("admin"))) {
      for (String path : List.of("/api/nothing", "/api/issues", "/", "/docs")) {
        ApiClient.Answer answer =
            client.with("Content-Type", "text/html").post(path, "<script>alert(1)</script>");
        assertThat(answer.status()).isIn(401, 404, 405);
        assertThat(answer.body()).doesNotContain("script");
        assertThat(answer.header("content-type")).isEqualTo(Problem.TYPE);
      }
    }
  }

  @Test
  @DisplayName("trap 4: a body without a Content-Type is checked too: 415")
  void trap04BodyWithoutContentTypeIsRefused() {
    String body = "{\"bad\":true}";
    RawHttp.Answer answer =
        RawHttp.send(
            server.kernel().httpPort(),
            "POST /api/connections HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization:"
                + " Bearer "
                + server.token("admin")
                + "\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  @DisplayName("trap 5: neither the working directory nor the class path is served")
  void trap05FilesAreNotServed() {
    for (String path :
        List.of(
            "/pom.xml",
            "/application.properties",
            "/logback-test.xml",
            "/openapi.yaml",
            "/web/docs.html",
            "/trackersync/http/Gate.class",
            "/db/migration/V1__engine.sql",
            "/META-INF/MANIFEST.MF",
            "/webjars/swagger-ui/5.30.2/swagger-ui.css",
            "/docs/../../pom.xml",
            "/docs/%2e%2e/pom.xml",
            "/docs//../pom.xml")) {
      server.nobody().get(path).problem(404);
    }
    ApiClient.Answer icon = server.nobody().get("/favicon.ico").is(200);
    assertThat(icon.header("content-length")).isEqualTo("628");
    assertThat(icon.header("content-type")).isEqualTo("image/png");
  }

  @Test
  @DisplayName("trap 6: a port another program holds fails the start and names the setting")
  void trap06HeldPortFailsTheStart() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SilentLog log = new SilentLog()) {
      HttpKernel held = null;
      org.apache.camel.main.Main main = new org.apache.camel.main.Main();
      try {
        held =
            HttpKernel.configure(
                main,
                trackersync.settings.Settings.load(
                    Files.createTempDirectory("held"),
                    Map.of(),
                    Map.of(
                        "auth.mode",
                        "dev",
                        "http.port",
                        Integer.toString(other.getLocalPort()),
                        "management.port",
                        "0")));
        main.configure().withName("held").withRoutesIncludePattern("classpath:none/*.yaml");
        main.start();
        HttpKernel kernel = held;
        assertThatThrownBy(() -> kernel.awaitListening(java.time.Duration.ofMillis(1)))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining(Integer.toString(other.getLocalPort()))
            .hasMessageContaining("http.port");
        assertThat(log.lines()).anyMatch(it -> it.contains("Address already in use"));
      } finally {
        main.stop();
        if (held != null) {
          held.close();
        }
      }
    }
  }

  @Test
  @DisplayName("trap 7: a token without expiry, or of another issuer or audience, is refused")
  void trap07TokensAreCheckedInFull() {
    Production production = Production.shared();
    production
        .with(Production.token(Production.claims("admin").expirationTime(null).build()))
        .get("/api/quota")
        .problem(401);
    production
        .with(Production.token(Production.claims("admin").issuer("other").build()))
        .get("/api/quota")
        .problem(401);
    production
        .with(Production.token(Production.claims("admin").audience("other").build()))
        .get("/api/quota")
        .problem(401);
  }

  @Test
  @DisplayName("trap 8: no Jolokia, no dev console, no upload, no send, on either port")
  void trap08ManagementIsClosed() {
    for (String base : List.of(server.base(), server.management())) {
      ApiClient client = new ApiClient(base, server.token("admin"));
      for (String path :
          List.of(
              "/observe/jolokia",
              "/observe/jolokia/version",
              "/jolokia",
              "/hawtio",
              "/hawtio/jolokia",
              "/q/dev",
              "/q/dev/env",
              "/observe/info",
              "/q/download/x",
              "/q/send",
              "/q/upload/x")) {
        assertThat(client.get(path).status()).as(base + path).isEqualTo(404);
        assertThat(client.send("PUT", path, "x").status()).isEqualTo(404);
        assertThat(client.post(path, "{}").status()).isEqualTo(404);
      }
    }
  }

  @Test
  @DisplayName("trap 9: the contract is OpenAPI 3.0, where a wrong type is noticed")
  void trap09WrongTypesAreNoticed() {
    assertThat(Contract.load().api().getOpenapi()).isEqualTo("3.0.3");
    server
        .as("admin")
        .post(
            "/api/connections",
            "{\"name\":\"trap\",\"tracker\":\"github\",\"url\":\"https://github.com/a/b\","
                + "\"scheduleJitterMs\":\"5\"}")
        .problem(400);
  }

  @Test
  @DisplayName("trap 10: every route of the API has the error handling, by name")
  void trap10ErrorHandlingIsNotForgotten() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("routes/api"))) {
      for (Path file : files.filter(it -> it.toString().endsWith(".camel.yaml")).toList()) {
        String text = Files.readString(file);
        String id = file.getFileName().toString().replace(".camel.yaml", "");
        boolean operation =
            Contract.load().operation(id) != null && !OperationEvents.IDS.contains(id);
        if (operation) {
          assertThat(text).as(id).contains("routeConfigurationId: api-errors");
        }
      }
    }
    server.as("member").post("/api/connections/" + UUID.randomUUID() + "/test", null).problem(404);
  }

  @Test
  @DisplayName("trap 11: roles are no policy inside a route, whose refusal would be a bare 500")
  void trap11RefusedRoleIsAProblem() throws IOException {
    server.as("viewer").post("/api/connections", "{}").problem(403);
    try (Stream<Path> files = Files.walk(Path.of("routes"))) {
      assertThat(files.filter(it -> it.toString().endsWith(".camel.yaml")))
          .allSatisfy(it -> assertThat(Files.readString(it)).doesNotContain("- policy:"));
    }
  }

  @Test
  @DisplayName("trap 12: a body that arrives late, behind the token check, is read whole")
  void trap12LateBodyIsReadWhole() throws Exception {
    String head =
        "POST /api/connections HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Transfer-Encoding: chunked\r\nAuthorization: Bearer "
            + server.token("admin")
            + "\r\n\r\n";
    try (Socket socket = RawHttp.open(server.kernel().httpPort())) {
      String body = ConnectionsApiTest.connection("late-body", "x");
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      for (char c : body.toCharArray()) {
        socket.getOutputStream().write(("1\r\n" + c + "\r\n").getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
      }
      socket.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(RawHttp.readOne(socket).status()).isEqualTo(201);
      // the same connection goes on, after a refusal whose body nobody read as well
      socket
          .getOutputStream()
          .write(head.replace("Bearer ", "Bearer x").getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write("3\r\n{ }\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(RawHttp.readOne(socket).status()).isEqualTo(401);
      socket
          .getOutputStream()
          .write(
              ("GET /api/quota HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                      + server.token("viewer")
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(RawHttp.readOne(socket).status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("trap 13: without the gate the start fails, though Camel swallows the reason")
  void trap13StartFailsWithoutTheGate() {
    try (SilentLog log = new SilentLog()) {
      assertThatThrownBy(
              () ->
                  ApiServer.start(
                      Map.of(),
                      ApiServer.ROUTES,
                      main -> main.addOverrideProperty("camel.management.enabled", "false")))
          .hasStackTraceContaining("gate is not installed");
      assertThat(log.lines()).anyMatch(it -> it.contains("the HTTP gate cannot be installed"));
    }
  }

  @Test
  @DisplayName("trap 13: until all routes are there every call gets 503")
  void trap13CallsDuringTheStartGet503() {
    AtomicInteger status = new AtomicInteger();
    Early early = new Early(status);
    try (ApiServer starting =
        ApiServer.start(
            Map.of(),
            ApiServer.ROUTES,
            main -> {
              main.configure().addConfiguration(early);
            })) {
      assertThat(status.get()).isEqualTo(503);
      starting.nobody().get("/api/openapi.yaml").is(200);
    }
  }

  /** Calls the API when its routes start, before the context has. */
  private static final class Early implements CamelConfiguration {
    private final AtomicInteger seen;

    Early(AtomicInteger seen) {
      this.seen = seen;
    }

    @Override
    public void configure(CamelContext context) {
      context
          .getManagementStrategy()
          .addEventNotifier(
              new EventNotifierSupport() {
                @Override
                public void notify(CamelEvent event) {
                  if (event instanceof CamelEvent.CamelContextRoutesStartedEvent) {
                    seen.set(call(context.resolvePropertyPlaceholders("{{camel.server.port}}")));
                  }
                }
              });
    }

    private static int call(String port) {
      return CompletableFuture.supplyAsync(
              () -> {
                try {
                  return HttpClient.newHttpClient()
                      .send(
                          HttpRequest.newBuilder(
                                  URI.create("http://127.0.0.1:" + port + "/api/openapi.yaml"))
                              .build(),
                          HttpResponse.BodyHandlers.discarding())
                      .statusCode();
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              })
          .join();
    }
  }
}

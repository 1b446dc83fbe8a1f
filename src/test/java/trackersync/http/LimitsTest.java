package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private final Production production = Production.shared();
  private final int port = production.server().kernel().httpPort();

  @Test
  @DisplayName("B-17 a body over http.body-max is 413, announced or not")
  void largeBodyIsRefused() {
    String announced = "{\"name\":\"" + "x".repeat(Production.BODY_MAX) + "\"}";
    production.as("admin").post("/api/connections", announced).problem(413);
    String head =
        "POST /api/connections HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Connection: close\r\nAuthorization: Bearer "
            + Production.token(Production.claims("admin").build())
            + "\r\n";
    String chunk = Integer.toHexString(8192) + "\r\n" + "x".repeat(8192) + "\r\n";
    RawHttp.Answer chunked =
        RawHttp.send(
            port,
            head
                + "Transfer-Encoding: chunked\r\n\r\n"
                + chunk
                + chunk
                + chunk
                + chunk
                + "0\r\n\r\n");
    assertThat(chunked.status()).isEqualTo(413);
    assertThat(chunked.head()).contains(Problem.TYPE);
    assertThat(RawHttp.send(port, head + "Content-Length: 99999999999999999999\r\n\r\n").status())
        .isIn(400, 413);
    assertThat(RawHttp.send(port, head + "Content-Length: -1\r\n\r\n").status()).isEqualTo(400);
  }

  @Test
  void longLinesAndHeadersAreRefused() {
    RawHttp.Answer line =
        RawHttp.send(
            port, "GET /api/issues?q=" + "a".repeat(6000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(line.status()).isEqualTo(414);
    RawHttp.Answer headers =
        RawHttp.send(
            port,
            "GET /api/issues HTTP/1.1\r\nHost: x\r\nX-Long: " + "a".repeat(20_000) + "\r\n\r\n");
    assertThat(headers.status()).isEqualTo(431);
  }

  @Test
  @DisplayName("B-17 a client that stays silent in the middle of a request is cut off")
  void silentClientIsCutOff() throws IOException {
    try (Socket socket = RawHttp.open(port)) {
      socket
          .getOutputStream()
          .write("GET /api/quota HTTP/1.1\r\nHost:".getBytes(StandardCharsets.US_ASCII));
      assertThat(RawHttp.read(socket).status()).isZero();
    }
    try (Socket socket = RawHttp.open(port)) {
      socket
          .getOutputStream()
          .write(
              ("POST /api/connections HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                      + "Content-Length: 100\r\nAuthorization: Bearer "
                      + Production.token(Production.claims("admin").build())
                      + "\r\n\r\n{")
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(RawHttp.read(socket).status()).isIn(0, 400, 408, 500);
    }
  }

  @Test
  @DisplayName("B-17 more calls than http.rate-per-minute get 429, and others are not starved")
  void manyCallsAreRefused() {
    ApiClient busy =
        production.with(Production.token(Production.claims("viewer").subject("busy").build()));
    ApiClient.Answer answer = busy.get("/api/quota");
    for (int i = 0; i < 2_000 && answer.status() != 429; i++) {
      answer = busy.get("/api/quota");
    }
    answer.problem(429);
    assertThat(Integer.parseInt(answer.header("retry-after"))).isPositive();
    production.as("viewer").get("/api/quota").is(200);
  }

  @Test
  void bucketRefillsWithTime() {
    AtomicLong clock = new AtomicLong();
    RateLimit limit = new RateLimit(60, clock::get);
    for (int i = 0; i < 60; i++) {
      assertThat(limit.take("a")).isZero();
    }
    assertThat(limit.take("a")).isEqualTo(Duration.ofSeconds(1));
    assertThat(limit.take("b")).isZero();
    clock.addAndGet(1_000_000_000L);
    assertThat(limit.take("a")).isZero();
    assertThat(limit.take("a")).isEqualTo(Duration.ofSeconds(1));
    clock.addAndGet(3_600_000_000_000L);
    for (int i = 0; i < 60; i++) {
      assertThat(limit.take("a")).isZero();
    }
    assertThat(limit.take("a")).isPositive();
  }

  @Test
  void bucketsAreBounded() {
    RateLimit limit = new RateLimit(1, () -> 0);
    for (int i = 0; i < RateLimit.KEYS_MAX + 500; i++) {
      limit.take("key" + i);
    }
    assertThat(limit.size()).isEqualTo(RateLimit.KEYS_MAX);
  }
}

package trackersync.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressesTest {

  @ParameterizedTest
  @DisplayName("ISSUE-44 which addresses are out in the world")
  @CsvSource({
    "127.0.0.1, false",
    "127.255.0.1, false",
    "0.0.0.0, false",
    "0.1.2.3, false",
    "::1, false",
    "169.254.169.254, false",
    "10.0.0.1, false",
    "172.16.3.4, false",
    "192.168.1.1, false",
    "100.64.0.1, false",
    "100.127.255.255, false",
    "224.0.0.1, false",
    "fe80::1, false",
    "fd00::1, false",
    "fc01::1, false",
    "::ffff:127.0.0.1, false",
    "140.82.121.4, true",
    "100.128.0.1, true",
    "172.32.0.1, true",
    "2606:50c0:8000::153, true"
  })
  void whatIsPublic(String address, boolean out) throws Exception {
    assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isEqualTo(out);
  }

  private static SourceClient client(boolean trusted) {
    return new SourceClient(
        new SourceClient.Limits(
            Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(9), 1_000, 3),
        2,
        new PublicAddresses(host -> trusted));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "[::1]"})
  @DisplayName("ISSUE-44 a name that leads to this machine is refused before anything is sent")
  void nameThatLeadsHereIsRefused(String host) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    HttpServer server = HttpServer.create(new InetSocketAddress(0), 0);
    server.createContext("/", exchange -> calls.incrementAndGet());
    server.start();
    HttpClientBuilder builder = HttpClientBuilder.create();
    try (SourceClient client = client(false)) {
      client.configureHttpClient(builder);
      try (CloseableHttpClient http = builder.build()) {
        HttpGet get = new HttpGet("http://" + host + ":" + server.getAddress().getPort() + "/");
        assertThatThrownBy(() -> http.execute(get, answer -> answer.getCode()))
            .hasStackTraceContaining("private network");
      }
    } finally {
      server.stop(0);
    }
    assertThat(calls).hasValue(0);
  }

  @Test
  @DisplayName("ISSUE-44 what the settings name may be anywhere")
  void trustedHostMayBeHere() throws Exception {
    assertThat(new PublicAddresses(host -> true).resolve("localhost")).isNotEmpty();
  }
}

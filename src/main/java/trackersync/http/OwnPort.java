package trackersync.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Whether our own port answers, and that it is us: Camel only logs a failed bind and calls itself
 * started, while another program may hold the port.
 */
final class OwnPort {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final URI address;
  private final String probeWord;

  OwnPort(String host, int port, String probeWord) {
    boolean any = host.equals("0.0.0.0") || host.equals("::");
    String reachable = any ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
    this.address = URI.create("http://" + reachable + ":" + port + "/");
    this.probeWord = probeWord;
  }

  /** Tries once. */
  boolean answers() {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(TIMEOUT)
            .header(Gate.PROBE_HEADER, probeWord)
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 204;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  URI address() {
    return address;
  }

  /** A port nobody holds at this moment. */
  static int free(String host) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(
          "no free port on " + host + ". Set http.host and management.host to own addresses.", e);
    }
  }
}

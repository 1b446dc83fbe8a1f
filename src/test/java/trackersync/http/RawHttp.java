package trackersync.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes over a socket: requests no well-behaved client would send. */
final class RawHttp {
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
  private static final int TIMEOUT_MS = 20_000;

  private RawHttp() {}

  record Answer(int status, String head, String body) {}

  /** Sends, and reads the answer. */
  static Answer send(int port, String... parts) {
    try (Socket socket = open(port)) {
      try {
        for (String part : parts) {
          socket.getOutputStream().write(part.getBytes(StandardCharsets.ISO_8859_1));
          socket.getOutputStream().flush();
        }
      } catch (SocketException refused) {
        // the server answered and closed before it had read everything
      }
      return readOne(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Socket open(int port) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** Reads until the server closes. */
  static Answer read(Socket socket) throws IOException {
    return read(socket, false);
  }

  /** Reads one answer, or until the server closes. */
  static Answer readOne(Socket socket) throws IOException {
    return read(socket, true);
  }

  private static Answer read(Socket socket, boolean one) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        all.write(buffer, 0, n);
        if (one && isWhole(all.toString(StandardCharsets.ISO_8859_1))) {
          break;
        }
      }
    } catch (SocketException reset) {
      // what came before counts
    }
    String text = all.toString(StandardCharsets.UTF_8);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return new Answer(0, text, "");
    }
    return new Answer(
        Integer.parseInt(text.substring(9, 12)), text.substring(0, end), text.substring(end + 4));
  }

  private static boolean isWhole(String text) {
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return false;
    }
    Matcher length = LENGTH.matcher(text.substring(0, end));
    return length.find()
        ? text.length() - end - 4 >= Integer.parseInt(length.group(1))
        : text.endsWith("\r\n0\r\n\r\n") || text.startsWith("HTTP/1.1 101");
  }
}

package trackersync.toy;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small HTTP/1.1 server on 127.0.0.1 that has its sockets in its own hands, since it must also be
 * able to reset, cut and drip. A thread a connection, at most {@value #CONNECTIONS_MAX}; further
 * ones wait in the queue of the socket.
 */
final class ToyServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ToyServer.class);
  private static final int CONNECTIONS_MAX = 512;
  private static final int HEAD_MAX = 64 * 1024;
  private static final int BODY_MAX = 8 * 1024 * 1024;
  private static final int IDLE_MS = 60_000;
  private static final int RESET_DELAY_MS = 150;

  private final ServerSocket server;
  private final Function<ToyRequest, Answer> handler;
  private final Semaphore places = new Semaphore(CONNECTIONS_MAX);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);

  ToyServer(int port, Function<ToyRequest, Answer> handler) {
    this.handler = handler;
    try {
      server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 256);
    } catch (BindException e) {
      throw new IllegalStateException(
          "toy: port " + port + " is taken. Choose another with --port, or 0 for any free one.", e);
    } catch (IOException e) {
      throw new IllegalStateException("toy: cannot listen on port " + port + ".", e);
    }
    daemon("toy-accept", this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Stays until the server is closed. */
  void await() throws InterruptedException {
    closed.await();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      server.close();
    } catch (IOException e) {
      LOG.debug("toy: closing the server socket failed", e);
    }
    open.forEach(ToyServer::end);
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        places.acquire();
        Socket socket;
        try {
          socket = server.accept();
        } catch (IOException e) {
          places.release();
          if (server.isClosed()) {
            return;
          }
          LOG.warn("toy: accepting a connection failed: {}", e.getMessage());
          continue;
        }
        open.add(socket);
        if (server.isClosed()) {
          end(socket);
        }
        daemon("toy-" + socket.getPort(), () -> serve(socket));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(IDLE_MS);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 8 * 1024);
      OutputStream out = socket.getOutputStream();
      Bytes scratch = new Bytes(16 * 1024);
      Bytes head = new Bytes(2 * 1024);
      boolean more = true;
      while (more) {
        ToyRequest request = read(in, scratch.clear());
        if (request == null) {
          return;
        }
        Answer answer = answer(request);
        more = send(socket, out, head.clear(), request, answer);
      }
    } catch (SocketTimeoutException e) {
      LOG.trace("toy: an idle connection was closed");
    } catch (BadRequest e) {
      LOG.debug("toy: {}", e.getMessage());
    } catch (IOException e) {
      LOG.trace("toy: a client left: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
      places.release();
    }
  }

  private Answer answer(ToyRequest request) {
    try {
      return handler.apply(request);
    } catch (RuntimeException e) {
      LOG.error("toy: {} {} failed", request.method(), request.path(), e);
      return Answer.error(500, "The toy failed: " + e).header("Connection", "close");
    }
  }

  private static final class BadRequest extends IOException {
    private static final long serialVersionUID = 1L;

    BadRequest(String message) {
      super(message);
    }
  }

  private static ToyRequest read(InputStream in, Bytes scratch) throws IOException {
    String line = line(in, HEAD_MAX);
    if (line == null) {
      return null;
    }
    String[] parts = line.split(" ");
    if (parts.length != 3 || !parts[2].startsWith("HTTP/1.")) {
      throw new BadRequest("not a request line: " + line.substring(0, Math.min(80, line.length())));
    }
    Map<String, String> headers = new LinkedHashMap<>();
    int room = HEAD_MAX - line.length();
    for (line = line(in, room); line != null && !line.isEmpty(); line = line(in, room)) {
      room -= line.length() + 2;
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new BadRequest("a header without a colon");
      }
      headers.merge(
          line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (a, b) -> a + ", " + b);
    }
    String target = parts[1].startsWith("http://") ? withoutOrigin(parts[1]) : parts[1];
    int question = target.indexOf('?');
    return new ToyRequest(
        parts[0],
        question < 0 ? target : target.substring(0, question),
        question < 0 ? "" : target.substring(question + 1),
        headers,
        body(in, headers),
        scratch);
  }

  private static String withoutOrigin(String url) {
    int slash = url.indexOf('/', "http://".length());
    return slash < 0 ? "/" : url.substring(slash);
  }

  private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      throw new BadRequest("a chunked request; send Content-Length");
    }
    String length = headers.getOrDefault("content-length", "0");
    if (!length.matches("\\d{1,7}") || Integer.parseInt(length) > BODY_MAX) {
      throw new BadRequest("Content-Length " + length);
    }
    byte[] body = in.readNBytes(Integer.parseInt(length));
    if (body.length < Integer.parseInt(length)) {
      throw new EOFException("the request ended early");
    }
    return body;
  }

  private static String line(InputStream in, int max) throws IOException {
    StringBuilder line = new StringBuilder(80);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      if (line.length() >= max) {
        throw new BadRequest("a head of more than " + HEAD_MAX + " bytes");
      }
      line.append((char) b);
    }
    int end = line.length();
    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
  }

  /** Sends an answer; false where the connection is over. */
  private boolean send(
      Socket socket, OutputStream out, Bytes head, ToyRequest request, Answer answer)
      throws IOException, InterruptedException {
    Bytes body = answer.body;
    boolean bodiless =
        answer.status == 304 || answer.status == 204 || request.method().equals("HEAD");
    boolean last =
        "close".equalsIgnoreCase(request.headers().get("connection"))
            || "close".equalsIgnoreCase(answer.headers.get("Connection"));
    long length = body.length();
    if (answer.delivery instanceof Delivery.Repeat repeat) {
      length += (long) repeat.block().length * repeat.times() + repeat.tail().length;
    }
    head.put("HTTP/1.1 ").put(answer.status).put(' ').put(reason(answer.status)).put("\r\n");
    answer.headers.forEach(
        (name, value) ->
            head.put(name).put(": ").put(value.getBytes(StandardCharsets.UTF_8)).put("\r\n"));
    if (answer.status != 304 && answer.status != 204) {
      head.put("Content-Length: ").put(length).put("\r\n");
    }
    head.put("\r\n");
    if (answer.delivery instanceof Delivery.Hang) {
      untilClientLeaves(socket);
      return false;
    }
    if (answer.delivery instanceof Delivery.Whole) {
      if (bodiless) {
        head.writeTo(out);
      } else if (length < 8 * 1024) {
        head.put(body.array(), 0, body.length()).writeTo(out);
      } else {
        head.writeTo(out);
        body.writeTo(out);
      }
      return !last;
    }
    head.writeTo(out);
    if (answer.delivery instanceof Delivery.Reset reset) {
      out.write(body.array(), 0, reset.after().in(body.length()));
      // What the kernel has not sent yet would be lost with the reset
      closed.await(RESET_DELAY_MS, TimeUnit.MILLISECONDS);
      socket.setSoLinger(true, 0);
    } else if (answer.delivery instanceof Delivery.Close close) {
      out.write(body.array(), 0, close.after().in(body.length()));
    } else if (answer.delivery instanceof Delivery.HeadersOnly) {
      untilClientLeaves(socket);
    } else if (answer.delivery instanceof Delivery.Drip drip) {
      return drip(out, body, drip.interval()) && !last;
    } else if (answer.delivery instanceof Delivery.Repeat repeat) {
      body.writeTo(out);
      for (int i = 0; i < repeat.times(); i++) {
        out.write(repeat.block());
      }
      out.write(repeat.tail());
      return !last;
    }
    return false;
  }

  private boolean drip(OutputStream out, Bytes body, Duration interval)
      throws IOException, InterruptedException {
    for (int i = 0; i < body.length(); i++) {
      out.write(body.array(), i, 1);
      if (closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }

  private static void untilClientLeaves(Socket socket) throws IOException {
    socket.setSoTimeout(0);
    InputStream in = socket.getInputStream();
    while (in.read() >= 0) {
      // what a patient client still sends is of no interest
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.trace("toy: closing a connection failed: {}", e.getMessage());
    }
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 201 -> "Created";
      case 204 -> "No Content";
      case 301 -> "Moved Permanently";
      case 302 -> "Found";
      case 304 -> "Not Modified";
      case 307 -> "Temporary Redirect";
      case 308 -> "Permanent Redirect";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 410 -> "Gone";
      case 422 -> "Unprocessable Entity";
      case 429 -> "Too Many Requests";
      case 451 -> "Unavailable For Legal Reasons";
      case 500 -> "Internal Server Error";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      default -> "Status " + status;
    };
  }
}

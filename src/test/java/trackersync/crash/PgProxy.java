package trackersync.crash;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a program and PostgreSQL, and can lose the acknowledgement of commits: the server
 * says COMMIT is done, the program's connection breaks instead.
 */
final class PgProxy implements Closeable {
  private final ServerSocket server;
  private final int target;
  private final AtomicInteger toLose = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();

  PgProxy(int target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("pg-proxy", this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** The acknowledgements of the next commits are lost. */
  void lose(int commits) {
    toLose.set(commits);
  }

  int lost() {
    return lost.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket database = new Socket(InetAddress.getLoopbackAddress(), target);
        start("pg-proxy-to", () -> copy(client, database));
        start("pg-proxy-from", () -> answers(database, client));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException e) {
      // one side is gone, and with it the other
    }
  }

  /** Message by message: type, length, content; CommandComplete is type C with the tag COMMIT. */
  private void answers(Socket from, Socket to) {
    try (from;
        to) {
      DataInputStream in = new DataInputStream(from.getInputStream());
      OutputStream out = to.getOutputStream();
      for (int type = in.read(); type >= 0; type = in.read()) {
        if (type == 'N' && in.available() == 0) {
          // the answer to SSLRequest is this one byte
          out.write(type);
          out.flush();
          continue;
        }
        int length = in.readInt();
        byte[] content = new byte[length - 4];
        in.readFully(content);
        if (type == 'C'
            && new String(content, StandardCharsets.US_ASCII).startsWith("COMMIT")
            && toLose.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
          lost.incrementAndGet();
          return;
        }
        out.write(type);
        out.write(ByteBuffer.allocate(4).putInt(length).array());
        out.write(content);
        if (in.available() == 0) {
          out.flush();
        }
      }
    } catch (IOException e) {
      // one side is gone, and with it the other
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

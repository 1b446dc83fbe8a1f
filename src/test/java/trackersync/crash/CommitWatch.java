package trackersync.crash;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Sockets of the PostgreSQL driver that tell when something has left ({@code socketFactory} of the
 * JDBC address): between a COMMIT and its answer no code of ours is asked.
 */
public final class CommitWatch extends SocketFactory {

  @Override
  public Socket createSocket() {
    return new Watched();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return new Socket(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return new Socket(host, port, from, fromPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return new Socket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return new Socket(host, port, from, fromPort);
  }

  private static final class Watched extends Socket {
    @Override
    public OutputStream getOutputStream() throws IOException {
      return new Sent(super.getOutputStream());
    }
  }

  private static final class Sent extends FilterOutputStream {
    Sent(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
      CrashPoints.sent();
    }
  }
}

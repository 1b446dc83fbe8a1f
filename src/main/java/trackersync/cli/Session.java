package trackersync.cli;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trackersync.App;
import trackersync.embedded.DataOwner;
import trackersync.embedded.Ports;
import trackersync.embedded.Running;
import trackersync.settings.Settings;

/**
 * A way to the program's API: that of the process which owns the data, or of this process, which
 * becomes the owner until {@link #close}.
 */
final class Session implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final Duration STARTING_MAX = Duration.ofSeconds(90);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final ApiClient api;
  private final Settings settings;
  private final Running running;
  private final Owned owned;

  /** What is made ready once the data is ours, before the program starts. */
  interface Preparation {

    /**
     * @param stopLater takes what has to be stopped after the program
     * @return the settings to start with
     */
    Settings prepare(Settings settings, Consumer<AutoCloseable> stopLater);
  }

  /** What this process started, in the order of its start. */
  private static final class Owned {
    private final DataOwner owner;
    private final Thread hook = new Thread(this::stop, "stop");
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private App app;
    private boolean stopping;

    Owned(DataOwner owner) {
      this.owner = owner;
      Runtime.getRuntime().addShutdownHook(hook);
    }

    synchronized void start(Settings settings) {
      if (!stopping) {
        app = App.start(settings);
      }
    }

    private static void stop(AutoCloseable part) {
      try {
        part.close();
      } catch (Exception failed) {
        LOG.warn("a part did not stop cleanly", failed);
      }
    }

    void stop() {
      synchronized (this) {
        if (stopping) {
          return;
        }
        stopping = true;
        try {
          if (app != null) {
            app.close();
          }
        } finally {
          parts.forEach(Owned::stop);
          owner.close();
          stopped.countDown();
        }
      }
    }
  }

  private Session(ApiClient api, Settings settings, Running running, Owned owned) {
    this.api = api;
    this.settings = settings;
    this.running = running;
    this.owned = owned;
  }

  /** The running program; when there is none, this process becomes it. */
  static Session open(Settings settings, String command, Terminal terminal) {
    Optional<Session> other = findRunning(settings, terminal);
    return other.isPresent() ? other.get() : own(settings, command, terminal);
  }

  /** The running program, when there is one. */
  static Optional<Session> findRunning(Settings settings, Terminal terminal) {
    Optional<Running> running = DataOwner.find(settings.data());
    if (running.isPresent() && running.get().api().isEmpty()) {
      terminal.warn("Waiting for process %d to start …".formatted(running.get().pid()));
      running = waitUntilStarted(settings.data());
    }
    return running.map(
        it -> new Session(ApiClient.of(it, token(settings.data())), settings, it, null));
  }

  private static Optional<Running> waitUntilStarted(Path data) {
    Instant until = Instant.now().plus(STARTING_MAX);
    Optional<Running> running = DataOwner.find(data);
    while (running.isPresent() && running.get().api().isEmpty()) {
      if (Instant.now().isAfter(until)) {
        throw new CommandException(
            Exit.NOT_RUNNING,
            "Process %d has been starting for %d s. Look at its log."
                .formatted(running.get().pid(), STARTING_MAX.toSeconds()));
      }
      Pause.of(PAUSE);
      running = DataOwner.find(data);
    }
    return running;
  }

  /**
   * Starts the program in this process.
   *
   * @throws trackersync.embedded.DataOwnedException when another process owns the data
   */
  static Session own(Settings settings, String command, Terminal terminal) {
    return own(settings, command, terminal, (unchanged, stopLater) -> unchanged);
  }

  static Session own(
      Settings settings, String command, Terminal terminal, Preparation preparation) {
    Owned owned = new Owned(DataOwner.take(settings.data(), command));
    try {
      Settings prepared = preparation.prepare(settings, owned.parts::push);
      Settings withPorts = choosePorts(prepared, terminal);
      owned.start(withPorts);
      Map<String, String> urls = new LinkedHashMap<>();
      String api =
          "http://%s:%s".formatted(host(withPorts, "http.host"), withPorts.get("http.port"));
      String management =
          "http://%s:%s"
              .formatted(host(withPorts, "management.host"), withPorts.get("management.port"));
      urls.put("api", api);
      urls.put("docs", api + "/docs");
      urls.put("health", management + "/observe/health");
      urls.put("metrics", management + "/observe/metrics");
      Map<String, Integer> ports = new LinkedHashMap<>();
      ports.put("http", withPorts.integer("http.port"));
      ports.put("management", withPorts.integer("management.port"));
      if (withPorts.find("database.url").isEmpty()) {
        ports.put("postgres", Ports.of(withPorts.data()).kept("postgres"));
      }
      owned.owner.publish(urls, ports);
      Running running = DataOwner.find(withPorts.data()).orElseThrow();
      return new Session(ApiClient.of(running, token(withPorts.data())), withPorts, running, owned);
    } catch (RuntimeException | Error failed) {
      owned.stop();
      throw failed;
    }
  }

  /** An address that is bound everywhere is called on this machine. */
  private static String host(Settings settings, String key) {
    String host = settings.get(key);
    if (host.equals("0.0.0.0") || host.equals("::")) {
      return "127.0.0.1";
    }
    return host.contains(":") ? "[" + host + "]" : host;
  }

  private static Settings choosePorts(Settings settings, Terminal terminal) {
    Map<String, String> chosen = new LinkedHashMap<>();
    for (String name : new String[] {"http", "management"}) {
      String key = name + ".port";
      int wanted = settings.integer(key);
      if (wanted == 0) {
        chosen.put(key, Integer.toString(anyFree()));
      } else if (settings.isDefault(key)) {
        int port = Ports.of(settings.data()).choose(name, wanted);
        if (port != wanted) {
          terminal.warn(
              "Port %d is taken: %s listens on %d (kept in %s)."
                  .formatted(
                      wanted,
                      name.equals("http") ? "the API" : "health",
                      port,
                      settings.data().resolve("ports")));
        }
        chosen.put(key, Integer.toString(port));
      } else if (!Ports.isFree(wanted)) {
        throw new CommandException(
            Exit.FAILED,
            "%s = %d (%s): the port is taken. Stop what listens there, or set another one."
                .formatted(key, wanted, settings.origin(key)));
      }
    }
    return settings.with(chosen);
  }

  private static int anyFree() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw new CommandException(Exit.FAILED, "no free port: " + none.getMessage(), none);
    }
  }

  /** Written by the HTTP side of the owner. */
  private static String token(Path data) {
    Path file = data.resolve("cli-token");
    try {
      return Files.readString(file).strip();
    } catch (IOException unreadable) {
      throw new CommandException(
          Exit.REFUSED,
          "%s cannot be read. Use the user that started the program (%s)."
              .formatted(file, unreadable.getClass().getSimpleName()),
          unreadable);
    }
  }

  ApiClient api() {
    return api;
  }

  /** With the ports that were chosen. */
  Settings settings() {
    return settings;
  }

  Running running() {
    return running;
  }

  /** Whether the program runs in this process. */
  boolean isOwn() {
    return owned != null;
  }

  /** Waits until a signal has stopped the program. */
  void awaitStop() {
    try {
      owned.stopped.await();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops the program when it runs in this process. */
  @Override
  public void close() {
    if (owned != null) {
      owned.stop();
    }
  }
}

package trackersync.embedded;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL beside this process, for whoever owns the data folder.
 *
 * <p>Data under {@code data/postgres}, programs under {@code data/postgres-bin}, log in {@code
 * data/postgres.log}, password in {@code data/keys/postgres-password} (0600), port in {@code
 * data/ports}. It listens on 127.0.0.1 only, asks for the password, and writes through: {@code
 * fsync} and {@code synchronous_commit} are on. A server left behind by a kill is taken over.
 */
public final class EmbeddedDatabase implements AutoCloseable {

  /** Name of the database and of the user that owns it. */
  public static final String NAME = "tracker_sync";

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final Duration START_WAIT = Duration.ofSeconds(60);

  /** Long enough for most starts, short enough to notice one that failed at once. */
  private static final Duration FIRST_WAIT = Duration.ofSeconds(8);

  private static final int ATTEMPTS_MAX = 3;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int WANTED_PORT = 8482;
  private static final long LOG_MAX = 10L << 20;

  private final EmbeddedPostgres server;
  private final String password;
  private final boolean adopted;

  private EmbeddedDatabase(EmbeddedPostgres server, String password, boolean adopted) {
    this.server = server;
    this.password = password;
    this.adopted = adopted;
  }

  /**
   * Starts the server, or takes over the one that runs on this folder, and creates the database
   * when it is missing. Takes 1 s, the first time 3-5 s.
   *
   * @param data the data folder; the caller holds its {@link DataOwner}
   * @throws EmbeddedDatabaseException with the reason and the cure
   */
  public static EmbeddedDatabase start(Path data) {
    return start(data, data.resolve("postgres-bin"));
  }

  static EmbeddedDatabase start(Path data, Path programs) {
    try {
      OwnFiles.folder(data);
      return new Start(data, programs).run();
    } catch (IOException | SQLException | RuntimeException | ExceptionInInitializerError failed) {
      throw new EmbeddedDatabaseException(
          ("The embedded PostgreSQL under %s did not start: %s. See %s%s, or"
                  + " set database.url to a server of your own.")
              .formatted(
                  data.resolve("postgres"),
                  reason(failed),
                  data.resolve("postgres.log"),
                  "root".equals(System.getProperty("user.name"))
                      ? "; where root may not create user namespaces, start as an ordinary user"
                      : ""),
          failed);
    }
  }

  private static String reason(Throwable failed) {
    Throwable root = failed;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  /** One start, step by step. */
  private record Start(Path data, Path programs) {

    EmbeddedDatabase run() throws IOException, SQLException {
      String password = password();
      Optional<Postmaster> orphan = waitForOrphan(password);
      orphan.ifPresent(
          it ->
              LOG.info(
                  "postgres: taking over process {} on port {}, left by a process that was killed",
                  it.pid(),
                  it.port()));
      if (orphan.isEmpty()) {
        clearUnfinished();
        if (!Files.exists(directory().resolve("PG_VERSION"))) {
          OwnFiles.write(creating(), "");
        }
      }
      EmbeddedPostgres server =
          orphan.isPresent() ? start(orphan.get().port(), password) : startOnAFreePort(password);
      try {
        Ports.of(data).keep("postgres", server.getPort());
        createDatabase(server.getPort(), password);
        finished();
        return new EmbeddedDatabase(server, password, orphan.isPresent());
      } catch (IOException | SQLException | RuntimeException failed) {
        server.close();
        throw failed;
      }
    }

    /** Between the choice of a port and its use another program may take it. */
    private EmbeddedPostgres startOnAFreePort(String password) throws IOException {
      for (int attempt = 1; ; attempt++) {
        int port = Ports.of(data).choose("postgres", WANTED_PORT);
        try {
          return start(port, password);
        } catch (IOException failed) {
          Optional<Postmaster> slow = waitForOrphan(password);
          if (slow.isPresent()) {
            return start(slow.get().port(), password);
          }
          if (attempt == ATTEMPTS_MAX || Ports.isFree(port)) {
            throw failed;
          }
          LOG.info("postgres: another program has just taken port {}", port);
        }
      }
    }

    private Path directory() {
      return data.resolve("postgres");
    }

    /** Stands while the first start is under way: what is there then holds no data. */
    private Path creating() {
      return data.resolve("postgres.creating");
    }

    /** Names the folder whose programs were unpacked to the end. */
    private Path unpacked() {
      return programs.resolve("complete");
    }

    private String password() throws IOException {
      Path file = data.resolve("keys").resolve("postgres-password");
      if (Files.exists(file)) {
        return Files.readString(file).strip();
      }
      if (Files.exists(directory().resolve("PG_VERSION")) && !Files.exists(creating())) {
        throw new IOException(
            "%s is missing, and the data there can only be opened with it".formatted(file));
      }
      OwnFiles.folder(file.getParent());
      OwnFiles.write(file, OwnFiles.secret());
      return Files.readString(file).strip();
    }

    /** A server that runs already is usable, or waited for: it is starting or ending. */
    private Optional<Postmaster> waitForOrphan(String password) throws IOException {
      Instant until = Instant.now().plus(START_WAIT);
      Optional<Postmaster> orphan = Postmaster.on(directory());
      while (orphan.isPresent() && !answers(orphan.get().port(), password)) {
        if (Instant.now().isAfter(until)) {
          throw new IOException(
              "process %d runs on it, but does not answer on port %d"
                  .formatted(orphan.get().pid(), orphan.get().port()));
        }
        pause();
        orphan = Postmaster.on(directory());
      }
      return orphan;
    }

    private static void pause() throws IOException {
      try {
        Thread.sleep(PAUSE.toMillis());
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for PostgreSQL", stop);
      }
    }

    private static boolean answers(int port, String password) {
      try (Connection connection = connect(port, "postgres", "postgres", password)) {
        return connection.isValid(5);
      } catch (SQLException notYetOrNoMore) {
        return false;
      }
    }

    /**
     * A kill in the middle of the first start leaves half a folder, which would be used as it is.
     */
    private void clearUnfinished() throws IOException {
      if (Files.exists(creating())) {
        OwnFiles.deleteTree(directory());
      }
      List<String> complete = Files.exists(unpacked()) ? Files.readAllLines(unpacked()) : List.of();
      if (Files.isDirectory(programs)) {
        try (Stream<Path> folders = Files.list(programs)) {
          for (Path folder : folders.filter(Files::isDirectory).toList()) {
            if (!complete.contains(folder.getFileName().toString())) {
              OwnFiles.deleteTree(folder);
            }
          }
        }
      }
    }

    private EmbeddedPostgres start(int port, String password) throws IOException {
      Path log = data.resolve("postgres.log");
      if (Files.exists(log) && Files.size(log) > LOG_MAX) {
        Files.delete(log);
      }
      // its lock outlives a start that failed; ours on the data folder is the one that counts
      Files.deleteIfExists(directory().resolve("epg-lock"));
      return EmbeddedPostgres.builder()
          .setPgBinaryResolver(new Programs(programs))
          .setPort(port)
          .setDataDirectory(directory())
          .setOverrideWorkingDirectory(programs.toFile())
          .setCleanDataDirectory(false)
          .setRegisterShutdownHook(false)
          .setPGStartupWait(FIRST_WAIT)
          // options of initdb; stronger than the "-A trust" that stands before them
          .setLocaleConfig("auth", "scram-sha-256")
          .setLocaleConfig("pwfile", data.resolve("keys").resolve("postgres-password").toString())
          .setLocaleConfig("locale-provider", "builtin")
          .setLocaleConfig("builtin-locale", "C.UTF-8")
          .setLocaleConfig("locale", "C")
          .setConnectConfig("password", password)
          // stronger than the -F that stands before them
          .setServerConfig("fsync", "on")
          .setServerConfig("synchronous_commit", "on")
          .setServerConfig("listen_addresses", "127.0.0.1")
          .setServerConfig("unix_socket_directories", "")
          .setServerConfig("max_connections", "250")
          .setServerConfig("log_checkpoints", "off")
          .setOutputRedirector(Redirect.appendTo(log.toFile()))
          .start();
    }

    private static void createDatabase(int port, String password) throws SQLException {
      try (Connection connection = connect(port, "postgres", "postgres", password);
          Statement statement = connection.createStatement()) {
        if (!exists(statement, "select 1 from pg_roles where rolname = '" + NAME + "'")) {
          statement.execute("create role " + NAME + " login password '" + password + "'");
        }
        if (!exists(statement, "select 1 from pg_database where datname = '" + NAME + "'")) {
          statement.execute("create database " + NAME + " owner " + NAME);
        }
      }
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
      try (ResultSet rows = statement.executeQuery(query)) {
        return rows.next();
      }
    }

    private void finished() throws IOException {
      Files.deleteIfExists(creating());
      // the library opens it to every user
      Files.setPosixFilePermissions(programs, PosixFilePermissions.fromString("rwx------"));
      try (Stream<Path> folders = Files.list(programs)) {
        OwnFiles.write(
            unpacked(),
            String.join(
                "\n",
                folders
                    .filter(Files::isDirectory)
                    .map(it -> it.getFileName().toString())
                    .toList()));
      }
    }
  }

  /** The library unpacks once a resolver: one for each folder of programs. */
  private record Programs(Path folder) implements PgBinaryResolver {
    @Override
    public InputStream getPgBinary(String system, String machine) throws IOException {
      return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine);
    }
  }

  private static Connection connect(int port, String database, String user, String password)
      throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s?connectTimeout=5&socketTimeout=10"
            .formatted(port, database),
        user,
        password);
  }

  /** JDBC address, without user and password. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port(), NAME);
  }

  /** Owner of the database, no superuser. */
  public String user() {
    return NAME;
  }

  public String password() {
    return password;
  }

  public int port() {
    return server.getPort();
  }

  /** Whether a server that already ran was taken over. */
  public boolean adopted() {
    return adopted;
  }

  /** Stops the server and waits for its end. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException failed) {
      LOG.warn("postgres: not stopped cleanly; the next start takes it over", failed);
    }
  }
}

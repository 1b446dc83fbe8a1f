package trackersync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import trackersync.embedded.DataOwnedException;
import trackersync.embedded.DataOwner;
import trackersync.embedded.EmbeddedDatabase;
import trackersync.embedded.EmbeddedDatabaseException;
import trackersync.embedded.Ports;
import trackersync.embedded.Running;
import trackersync.settings.ConnectionSettings;
import trackersync.settings.Settings;
import trackersync.settings.SettingsException;

/** Everything {@code doctor} looks at, one after the other; nothing is changed. */
final class Checkup {

  private static final int JAVA_MIN = 17;
  private static final long DISK_WARN = 2L << 30;
  private static final long DISK_FAIL = 200L << 20;
  private static final Duration CLOCK_WARN = Duration.ofSeconds(30);
  private static final Duration CLOCK_FAIL = Duration.ofMinutes(5);
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final TrackerSync root;
  private final List<Finding> findings = new ArrayList<>();

  Checkup(TrackerSync root) {
    this.root = root;
  }

  List<Finding> run() {
    java();
    Path home = root.home();
    home(home);
    Optional<Settings> read = settings();
    if (read.isPresent()) {
      Settings settings = read.get();
      Optional<Running> running = DataOwner.find(settings.data());
      keys(settings);
      disk(settings);
      permissions(settings);
      ports(settings, running);
      boolean migrated = database(settings, running);
      connections(settings, running, migrated);
      clock(settings);
    }
    return findings;
  }

  private void add(Finding finding) {
    findings.add(finding);
  }

  private boolean isWell() {
    return findings.stream().noneMatch(it -> it.level() == Finding.Level.FAIL);
  }

  private void java() {
    int feature = Runtime.version().feature();
    add(
        feature >= JAVA_MIN
            ? Finding.ok("java", Runtime.version() + " at " + System.getProperty("java.home"))
            : Finding.fail(
                "java", Runtime.version().toString(), "Install a JDK " + JAVA_MIN + " or newer."));
  }

  private void home(Path home) {
    if (!Files.isDirectory(home.resolve("routes"))) {
      add(
          Finding.fail(
              "home",
              home + " holds no routes.",
              "Start with ./tracker-sync, or copy the folder routes there."));
    } else if (!Files.exists(home.resolve(Settings.FILE))) {
      add(
          Finding.warn(
              "home",
              home + " holds no " + Settings.FILE + "; all settings have their defaults.",
              "Copy the one that came with the program."));
    } else {
      add(Finding.ok("home", home.toString()));
    }
  }

  private Optional<Settings> settings() {
    try {
      Settings settings = root.settings();
      long changed =
          settings.all().keySet().stream().filter(key -> !settings.isDefault(key)).count();
      add(
          Finding.ok(
              "settings",
              "%d read, %d of them not the default".formatted(settings.all().size(), changed)));
      return Optional.of(settings);
    } catch (SettingsException refused) {
      refused
          .problems()
          .forEach(
              problem -> add(Finding.fail("settings", problem, "Put it right, then try again.")));
      return Optional.empty();
    }
  }

  private void keys(Settings settings) {
    boolean dev = settings.get("auth.mode").equals("dev");
    boolean issuer =
        settings.find("auth.jwks").isPresent() || settings.find("auth.jwt-secret").isPresent();
    if (dev) {
      add(
          Finding.warn(
              "tokens",
              "auth.mode is dev: whoever can read %s is an admin.".formatted(settings.data()),
              "For more than trying out set auth.jwks or auth.jwt-secret."));
    } else if (issuer) {
      add(Finding.ok("tokens", "issued by " + settings.get("auth.issuer")));
    } else {
      add(
          Finding.fail(
              "tokens",
              "Nothing says whose tokens are valid.",
              "Set auth.mode=dev to try things out here, or auth.jwks or auth.jwt-secret."));
    }
    if (settings.find("encryption.key").isPresent()) {
      add(Finding.ok("encryption", "encryption.key is set"));
    } else if (dev) {
      add(Finding.ok("encryption", "with a key of its own under data/keys (auth.mode=dev)"));
    } else {
      add(
          Finding.fail(
              "encryption",
              "Stored tokens need a key.",
              "Set ENCRYPTION_KEY; make one: ./tracker-sync token --encryption-key."));
    }
  }

  private void disk(Settings settings) {
    try {
      Path existing = settings.data();
      while (!Files.exists(existing)) {
        existing = existing.getParent();
      }
      FileStore store = Files.getFileStore(existing);
      long free = store.getUsableSpace();
      String words = "%,d MB free for %s".formatted(free >> 20, settings.data());
      String cure = "Make room, or set data.dir to another disk.";
      if (free < DISK_FAIL) {
        add(Finding.fail("disk", words, cure));
      } else if (free < DISK_WARN) {
        add(Finding.warn("disk", words, cure));
      } else {
        add(Finding.ok("disk", words));
      }
    } catch (IOException unreadable) {
      add(
          Finding.fail(
              "disk",
              "%s cannot be looked at: %s".formatted(settings.data(), unreadable.getMessage()),
              "Set data.dir to a folder this user may use."));
    }
  }

  private void permissions(Settings settings) {
    Path data = settings.data();
    if (!Files.exists(data)) {
      add(Finding.ok("data", data + " will be made at the first start"));
      return;
    }
    if (!Files.isWritable(data)) {
      add(
          Finding.fail(
              "data",
              "%s cannot be written by %s.".formatted(data, System.getProperty("user.name")),
              "Use the user it belongs to, or set data.dir to another folder."));
      return;
    }
    List<Path> open = new ArrayList<>();
    try {
      Set<PosixFilePermission> others =
          EnumSet.of(
              PosixFilePermission.GROUP_READ,
              PosixFilePermission.GROUP_WRITE,
              PosixFilePermission.OTHERS_READ,
              PosixFilePermission.OTHERS_WRITE);
      for (Path file : secrets(data)) {
        if (Files.getPosixFilePermissions(file).stream().anyMatch(others::contains)) {
          open.add(file);
        }
      }
    } catch (IOException unreadable) {
      add(
          Finding.fail(
              "data",
              "%s cannot be read: %s".formatted(data, unreadable.getMessage()),
              "Use the user it belongs to."));
      return;
    }
    if (open.isEmpty()) {
      add(Finding.ok("data", data + ", its keys are readable for this user only"));
    } else {
      open.forEach(
          file ->
              add(
                  Finding.fail(
                      "data",
                      file + " can be read by others.",
                      "chmod 600 "
                          + file
                          + ", and change the secret if others use this machine.")));
    }
  }

  private static List<Path> secrets(Path data) throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.exists(data.resolve("cli-token"))) {
      files.add(data.resolve("cli-token"));
    }
    if (Files.isDirectory(data.resolve("keys"))) {
      try (Stream<Path> keys = Files.list(data.resolve("keys"))) {
        keys.filter(Files::isRegularFile).sorted().forEach(files::add);
      }
    }
    return files;
  }

  private void ports(Settings settings, Optional<Running> running) {
    if (running.isPresent()) {
      Running it = running.get();
      add(
          Finding.ok(
              "program",
              "process %d (%s) runs%s"
                  .formatted(it.pid(), it.command(), it.api().map(url -> ", " + url).orElse(""))));
      return;
    }
    add(Finding.ok("program", "not running"));
    for (String key : List.of("http.port", "management.port")) {
      int port = settings.integer(key);
      if (port == 0) {
        add(Finding.ok("port", key + " is any free one"));
      } else if (Ports.isFree(port)) {
        add(Finding.ok("port", "%s, %d, is free".formatted(key, port)));
      } else if (settings.isDefault(key)) {
        add(
            Finding.warn(
                "port",
                "%s, %d, is taken by another program.".formatted(key, port),
                "None needed: the start takes a free one and says so."));
      } else {
        add(
            Finding.fail(
                "port",
                "%s, %d (%s), is taken by another program."
                    .formatted(key, port, settings.origin(key)),
                "Stop what listens there, or set %s to another one.".formatted(key)));
      }
    }
  }

  /** Whether the tables are those of this program. */
  private boolean database(Settings settings, Optional<Running> running) {
    if (settings.find("database.url").isPresent()) {
      return migrations(
          settings.get("database.url"),
          settings.get("database.user"),
          settings.get("database.password"));
    }
    if (running.isPresent()) {
      add(Finding.ok("database", "embedded PostgreSQL, run by process " + running.get().pid()));
      return true;
    }
    if (!Files.exists(settings.data().resolve("postgres/PG_VERSION"))) {
      add(Finding.ok("database", "embedded PostgreSQL, made at the first start"));
      return true;
    }
    try (DataOwner owner = DataOwner.take(settings.data(), "doctor");
        EmbeddedDatabase database = EmbeddedDatabase.start(settings.data())) {
      owner.publish(java.util.Map.of(), java.util.Map.of("postgres", database.port()));
      return migrations(database.url(), database.user(), database.password());
    } catch (EmbeddedDatabaseException | DataOwnedException | java.io.UncheckedIOException failed) {
      add(Finding.fail("database", failed.getMessage(), "See the words above."));
      return false;
    }
  }

  private boolean migrations(String url, String user, String password) {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "10");
    properties.setProperty("loginTimeout", "10");
    try (Connection connection = DriverManager.getConnection(url, properties)) {
      String version = connection.getMetaData().getDatabaseProductVersion();
      MigrationInfoService info = Flyway.configure().dataSource(url, user, password).load().info();
      int pending = info.pending().length;
      boolean newer =
          Stream.of(info.all())
              .map(MigrationInfo::getState)
              .anyMatch(
                  it -> it == MigrationState.FUTURE_SUCCESS || it == MigrationState.FUTURE_FAILED);
      boolean failed =
          Stream.of(info.all()).map(MigrationInfo::getState).anyMatch(MigrationState::isFailed);
      if (newer) {
        add(
            Finding.fail(
                "database",
                "PostgreSQL %s at %s was written by a newer tracker-sync.".formatted(version, url),
                "Use that version, or restore an older backup."));
      } else if (failed) {
        add(
            Finding.fail(
                "database",
                "A change of the tables failed half-way in %s.".formatted(url),
                "Restore a backup; ./tracker-sync run --verbose shows why."));
      } else if (pending > 0) {
        add(
            Finding.warn(
                "database",
                "PostgreSQL %s at %s; %d changes of the tables are due."
                    .formatted(version, url, pending),
                "None needed: the next start makes them."));
      } else {
        add(
            Finding.ok(
                "database", "PostgreSQL %s at %s, tables are current".formatted(version, url)));
      }
      return !newer && !failed && pending == 0;
    } catch (SQLException | FlywayException unreachable) {
      add(
          Finding.fail(
              "database",
              "%s: %s".formatted(url, unreachable.getMessage()),
              "Check database.url, database.user and database.password, and that it runs."));
      return false;
    }
  }

  private void connections(Settings settings, Optional<Running> running, boolean migrated) {
    if (running.isEmpty() && settings.connections().isEmpty()) {
      add(
          Finding.warn(
              "connections",
              "None is declared.",
              "Set connection.<id>.tracker and connection.<id>.url in application.properties."));
      return;
    }
    if (running.isEmpty() && !(migrated && isWell())) {
      add(
          Finding.warn(
              "connections",
              "Not tested, as a start would not work or would change the tables.",
              "See to the lines above, then try again."));
      return;
    }
    try (Session session = root.open("doctor")) {
      for (JsonNode connection : session.api().all("/api/connections?limit=200")) {
        test(session.api(), connection);
      }
    } catch (RuntimeException failed) {
      add(Finding.fail("connections", String.valueOf(failed.getMessage()), "See its log."));
    }
  }

  private void test(ApiClient api, JsonNode connection) {
    String name = connection.path("name").asText();
    if (!connection.path("enabled").asBoolean()) {
      add(
          Finding.warn(
              name,
              "disabled. " + connection.path("disabledReason").asText(""),
              "Nothing runs until connection.%s.enabled is true.".formatted(name)));
      return;
    }
    String path = "/api/connections/" + connection.path("id").asText() + "/test";
    JsonNode result = api.expectSuccess(path, api.post(path, null)).body();
    String words = result.path("words").asText("");
    if (result.path("ok").asBoolean()) {
      add(Finding.ok(name, words.isBlank() ? "answers" : words));
    } else {
      add(
          Finding.fail(
              name,
              words,
              result.path("cure").asText("Check url and token of connection." + name + ".")));
    }
  }

  /** A clock that is off breaks waits for rate limits and the life of tokens. */
  private void clock(Settings settings) {
    Set<String> addresses = new TreeSet<>();
    for (ConnectionSettings connection : settings.connections()) {
      addresses.add(
          connection
              .other()
              .getOrDefault(
                  "api-url",
                  connection.url().startsWith("https://github.com/")
                      ? settings.get("tracker.github.url")
                      : URI.create(connection.url()).resolve("/").toString()));
    }
    addresses.forEach(this::clockOf);
  }

  private void clockOf(String address) {
    try {
      HttpResponse<Void> answer =
          HttpClient.newBuilder()
              .connectTimeout(DEADLINE)
              .build()
              .sendAsync(
                  HttpRequest.newBuilder(URI.create(address))
                      .method("HEAD", HttpRequest.BodyPublishers.noBody())
                      .timeout(DEADLINE)
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
      Optional<String> date = answer.headers().firstValue("Date");
      if (date.isEmpty()) {
        add(Finding.warn("clock", address + " gives no date.", "Compare with a time server."));
        return;
      }
      Instant theirs =
          ZonedDateTime.parse(date.get(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      add(compare(address, Duration.between(theirs, Instant.now())));
    } catch (ExecutionException | TimeoutException | DateTimeException unreachable) {
      add(
          Finding.warn(
              "clock",
              "not compared, %s does not answer.".formatted(address),
              "Check the network; a proxy is not used."));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  static Finding compare(String address, Duration ahead) {
    Duration off = ahead.abs();
    String words =
        "%d s %s %s"
            .formatted(off.toSeconds(), ahead.isNegative() ? "behind" : "ahead of", address);
    String cure = "Set the clock of this machine, best by NTP.";
    if (off.compareTo(CLOCK_FAIL) > 0) {
      return Finding.fail("clock", words, cure);
    }
    return off.compareTo(CLOCK_WARN) > 0
        ? Finding.warn("clock", words, cure)
        : Finding.ok("clock", "agrees with " + address);
  }
}

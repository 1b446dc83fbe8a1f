package trackersync.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import trackersync.embedded.EmbeddedDatabase;

/**
 * What every variant is measured on: one PostgreSQL that writes through, and a toy GitHub a
 * latency, each in a process of its own.
 */
final class Rig implements AutoCloseable {
  /** The repository that holds all the issues. */
  static final String WHOLE = "whole";

  /** A repository read before the clock starts. */
  static final String WARM = "warm";

  private static final Duration START = Duration.ofMinutes(2);

  private final Path work;
  private final int issues;
  private final int warm;
  private final int parts;
  private final EmbeddedDatabase database;
  private final Map<Integer, ChildProcess> toys = new HashMap<>();
  private final Map<Integer, String> addresses = new HashMap<>();
  private final List<ChildProcess> others = new ArrayList<>();
  private final Thread atInterrupt = new Thread(this::stop, "bench-stop");
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * @param work a folder of its own
   * @param issues of the repository {@link #WHOLE}
   * @param warm issues of the repository {@link #WARM}
   * @param parts over how many repositories the same number of issues is also spread
   */
  Rig(Path work, int issues, int warm, int parts) {
    this.work = work;
    this.issues = issues;
    this.warm = warm;
    this.parts = parts;
    this.database = EmbeddedDatabase.start(work.resolve("database"));
    Runtime.getRuntime().addShutdownHook(atInterrupt);
  }

  Path work() {
    return work;
  }

  int issues() {
    return issues;
  }

  EmbeddedDatabase database() {
    return database;
  }

  /** Settings of a program that is measured here: ports of its own, this database. */
  Map<String, String> settings() {
    return Map.of(
        "auth.mode", "dev",
        "http.port", "0",
        "management.port", "0",
        "data.dir", work.resolve("engine").toString(),
        "database.url", database.url(),
        "database.user", database.user(),
        "database.password", database.password());
  }

  /** The one whole repository, or its equals in parts. */
  List<String> repositories(int connections) {
    return connections == 1
        ? List.of(WHOLE)
        : IntStream.rangeClosed(1, connections).mapToObj(n -> "part-" + n).toList();
  }

  /** Address of a repository as people see it. */
  static String address(String repository) {
    return "https://github.com/acme/" + repository;
  }

  /** Base address of the toy that answers after so many milliseconds. */
  String api(int latency) {
    toy(latency);
    return addresses.get(latency);
  }

  ChildProcess toy(int latency) {
    return toys.computeIfAbsent(latency, this::startToy);
  }

  /**
   * Starts a toy Bugsby whose releases have as many bugs as this rig has issues.
   *
   * @return its base address
   */
  String bugsby(int latency) {
    ChildProcess toy =
        ChildProcess.java(
            List.of("-Xmx256m"),
            "trackersync.toy.ToyBugsby",
            List.of(
                "--port", "0",
                "--issues", Integer.toString(issues),
                "--latency", Integer.toString(latency)),
            work,
            log("bugsby-" + latency));
    others.add(toy);
    return toy.line(START).replaceAll(".*(http://\\S+).*", "$1");
  }

  private ChildProcess startToy(int latency) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "--port", "0",
                "--issues", Integer.toString(issues),
                "--pull-requests", "0",
                "--rate-limit", "0",
                "--anonymous-rate-limit", "0",
                "--latency", Integer.toString(latency),
                "--repository", "acme/" + WARM + "=" + warm));
    for (int part = 0; part < parts; part++) {
      int size = issues / parts + (part < issues % parts ? 1 : 0);
      args.addAll(List.of("--repository", "acme/part-" + (part + 1) + "=" + size));
    }
    ChildProcess toy =
        ChildProcess.java(
            List.of("-Xmx256m"), "trackersync.toy.ToyGithub", args, work, log("toy-" + latency));
    String said = toy.line(START);
    addresses.put(latency, said.replaceAll(".*(http://\\S+).*", "$1"));
    return toy;
  }

  Path log(String name) {
    return work.resolve(name + ".log");
  }

  /** How many requests the toy has had. */
  long requests(int latency) {
    try {
      String answer =
          http.send(
                  HttpRequest.newBuilder(URI.create(api(latency) + "/_toy/requests?last=0"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      return new com.fasterxml.jackson.databind.ObjectMapper()
          .readTree(answer)
          .path("count")
          .asLong();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Throws every table away and waits until PostgreSQL has written out what it held. */
  void emptyDatabase() {
    superuser("drop schema if exists public cascade", EmbeddedDatabase.NAME);
    superuser("create schema public authorization pg_database_owner", EmbeddedDatabase.NAME);
    superuser("checkpoint", EmbeddedDatabase.NAME);
  }

  /** The tables of the product, and a connection for what is not written by the product. */
  void productTables() {
    Flyway.configure()
        .dataSource(database.url(), database.user(), database.password())
        .load()
        .migrate();
    execute(
        "insert into connections (name, tracker, url) values ('"
            + WHOLE
            + "', 'github', '"
            + address(WHOLE)
            + "')");
  }

  private void superuser(String sql, String name) {
    String url = "jdbc:postgresql://127.0.0.1:" + database.port() + "/" + name;
    try (Connection c = DriverManager.getConnection(url, "postgres", database.password());
        Statement statement = c.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  void execute(String sql) {
    try (Connection c = connect();
        Statement statement = c.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(database.url(), database.user(), database.password());
  }

  /** Count and content of the stored issues, without what differs by time and run. */
  Stored stored() {
    try (Connection c = connect();
        Statement statement = c.createStatement();
        ResultSet row = statement.executeQuery(resource("stored.sql"))) {
      row.next();
      return new Stored(row.getLong(1), row.getString(2), row.getString(3));
    } catch (SQLException e) {
      throw new IllegalStateException("stored.sql: " + e.getMessage(), e);
    }
  }

  /**
   * @param rows how many
   * @param content digest of every column but ids, times of storing, revision hash and raw
   * @param raw digest of the raw records
   */
  record Stored(long rows, String content, String raw) {}

  /** CPU time of all processes of PostgreSQL so far, in microseconds. */
  long databaseCpu() {
    try {
      Path pid = work.resolve("database").resolve("postgres").resolve("postmaster.pid");
      return Usage.family(Long.parseLong(Files.readAllLines(pid).get(0).strip()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The columns that the product adds to custom_fields while it writes. */
  static ObjectNode customFields(JsonNode issue) {
    ObjectNode custom = issue.path("custom_fields").deepCopy();
    custom.put("externalId", "github:" + address(WHOLE) + ":" + issue.path("external_id").asText());
    custom
        .withObjectProperty("externalSync")
        .put("repositoryUrl", address(WHOLE))
        .put("syncedAt", "2026-01-01T00:00:00Z");
    return custom;
  }

  static String resource(String name) {
    try (InputStream in = Rig.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atInterrupt);
    stop();
  }

  private void stop() {
    toys.values().forEach(ChildProcess::close);
    others.forEach(ChildProcess::close);
    database.close();
  }
}

package trackersync.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;

/** One real PostgreSQL for all tests of a JVM; each class asks for a database of its own. */
public final class TestDatabase {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static EmbeddedPostgres server;
  private static String template;

  private TestDatabase() {}

  /** A JDBC URL of a fresh, empty database. */
  public static synchronized String fresh() {
    return create("template1");
  }

  /** A JDBC URL of a fresh database with all tables, empty: what a second start finds. */
  public static synchronized String ready() {
    if (template == null) {
      String url = fresh();
      Flyway.configure().dataSource(url, "postgres", "").load().migrate();
      template = url.substring(url.lastIndexOf('/') + 1).replaceAll("\\?.*", "");
    }
    return create(template);
  }

  private static String create(String from) {
    try {
      if (server == null) {
        server =
            EmbeddedPostgres.builder()
                .setServerConfig("max_connections", "200")
                .setServerConfig("fsync", "off")
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(TestDatabase::stop));
      }
      String name = "test_" + NUMBER.incrementAndGet();
      try (Connection c = DriverManager.getConnection(server.getJdbcUrl("postgres", "postgres"));
          Statement s = c.createStatement()) {
        s.execute("create database " + name + " template " + from);
      }
      return server.getJdbcUrl("postgres", name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

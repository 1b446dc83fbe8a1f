package trackersync.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import trackersync.secret.Secrets;
import trackersync.settings.Settings;
import trackersync.testing.TestDatabase;

/**
 * The real routes of the API, gate and database; the engine's routes are doubles on that database.
 */
final class ApiServer implements AutoCloseable {
  private static ApiServer shared;
  private static boolean failed;
  private static HikariDataSource database;

  private final Main main = new Main();
  private final Settings settings;
  private final HttpKernel kernel;
  private final Path home;

  private ApiServer(Map<String, String> overrides, List<String> routes, Consumer<Main> more)
      throws Exception {
    home = Files.createTempDirectory("tracker-sync-http");
    Map<String, String> all = new HashMap<>();
    all.put("auth.mode", "dev");
    all.put("http.port", "0");
    all.put("management.port", "0");
    all.put("http.rate-per-minute", "1000000");
    all.put("sync.answer-wait-max", "300ms");
    all.putAll(overrides);
    settings = Settings.load(home, Map.of(), all);
    kernel = HttpKernel.configure(main, settings);
    main.bind("dataSource", database());
    main.bind("settings", settings);
    main.bind("secrets", Secrets.of(Secrets.newKeyset()));
    main.configure()
        .withName("http-test")
        .withRoutesIncludePattern(String.join(",", routes))
        .withShutdownTimeout(5);
    more.accept(main);
    try {
      main.start();
      kernel.awaitListening(Duration.ofSeconds(20));
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  static final List<String> ROUTES =
      List.of("file:routes/api/*.camel.yaml", "classpath:http/*.camel.yaml");

  /** One for all tests that leave it as they found it; it ends with the JVM. */
  static synchronized ApiServer shared() {
    if (failed) {
      throw new IllegalStateException("the server did not start: see the first failure");
    }
    if (shared == null) {
      failed = true;
      shared =
          start(Map.of(), ROUTES, main -> main.configure().addConfiguration(new SeenHeaders()));
      failed = false;
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
    }
    return shared;
  }

  static ApiServer start(Map<String, String> overrides) {
    return start(overrides, ROUTES, main -> {});
  }

  static ApiServer start(Map<String, String> overrides, List<String> routes, Consumer<Main> more) {
    try {
      return new ApiServer(overrides, routes, more);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static synchronized HikariDataSource database() {
    if (database == null) {
      HikariConfig config = new HikariConfig();
      config.setJdbcUrl(TestDatabase.fresh());
      config.setUsername("postgres");
      config.setMaximumPoolSize(20);
      database = new HikariDataSource(config);
      Flyway.configure().dataSource(database).load().migrate();
    }
    return database;
  }

  static JdbcTemplate sql() {
    return new JdbcTemplate(database());
  }

  Settings settings() {
    return settings;
  }

  HttpKernel kernel() {
    return kernel;
  }

  CamelContext camel() {
    return main.getCamelContext();
  }

  Path home() {
    return home;
  }

  String base() {
    return "http://127.0.0.1:" + kernel.httpPort();
  }

  String management() {
    return "http://127.0.0.1:" + kernel.managementPort();
  }

  String token(String role) {
    return Keys.open(settings).mint(role + "@example.org", List.of(role), Duration.ofMinutes(10));
  }

  ApiClient as(String role) {
    return new ApiClient(base(), token(role));
  }

  /** With a token that names somebody in particular. */
  ApiClient as(String role, String email) {
    return new ApiClient(
        base(), Keys.open(settings).mint(email, List.of(role), Duration.ofMinutes(10)));
  }

  /** With these words in the token's roles, whatever they are. */
  ApiClient with(List<String> roles) {
    try {
      SignedJWT jwt = SignedJWT.parse(token("viewer"));
      SignedJWT other =
          new SignedJWT(
              jwt.getHeader(),
              new JWTClaimsSet.Builder(jwt.getJWTClaimsSet()).claim("roles", roles).build());
      other.sign(new MACSigner(Files.readAllBytes(settings.data().resolve("keys/jwt-secret"))));
      return new ApiClient(base(), other.serialize());
    } catch (ParseException | JOSEException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  ApiClient nobody() {
    return new ApiClient(base(), null);
  }

  @Override
  public void close() {
    main.stop();
    kernel.close();
  }
}

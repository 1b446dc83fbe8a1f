package trackersync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Settings are described, checked and overridable")
class SettingsTest {

  @TempDir Path home;

  @Test
  void emptyHomeGivesEveryDefault() {
    Settings settings = load(Map.of());

    assertThat(settings.integer("http.port")).isEqualTo(8480);
    assertThat(settings.duration("operations.lease")).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.bytes("fetch.body-max")).isEqualTo(32L * 1024 * 1024);
    assertThat(settings.find("database.url")).isEmpty();
    assertThat(settings.data()).isEqualTo(home.resolve("data"));
    assertThat(settings.connections()).isEmpty();
    assertThat(settings.get("sink.gitea.backlog-max")).isEqualTo("100000");
  }

  @Test
  void shippedFileIsValidAndGivesTheDefaultsItDescribes() {
    Settings settings = Settings.load(Path.of(""), Map.of(), Map.of());

    assertThat(settings.all()).hasSizeGreaterThan(40);
    assertThat(settings.all().keySet())
        .allSatisfy(key -> assertThat(settings.isDefault(key)).as(key).isTrue());
  }

  @Test
  void everySettingHasAMeaningAndADefaultThatIsValid() {
    assertThat(Settings.builtIn().all())
        .allSatisfy(
            setting -> {
              assertThat(setting.meaning()).as(setting.key()).endsWith(".");
              assertThat(setting.section()).as(setting.key()).isNotBlank();
              if (!setting.fallback().isBlank()
                  && setting.type() != SettingType.TRACKER
                  && setting.type() != SettingType.SINKS) {
                assertThat(setting.type().problem(setting.fallback(), setting))
                    .as(setting.key())
                    .isEmpty();
              }
            });
  }

  @Test
  void defaultsReadNeitherFilesNorTheEnvironment() throws IOException {
    file("http.port = 1", "http.prot = 2");

    Settings settings = Settings.defaults(home, Map.of("auth.mode", "dev"));

    assertThat(settings.get("http.port")).isEqualTo("8480");
    assertThat(settings.with(Map.of("http.port", "9")).get("auth.mode")).isEqualTo("dev");
    assertThat(settings.with(Map.of("http.port", "9")).get("http.port")).isEqualTo("9");
  }

  @Test
  void noTwoSettingsShareAVariable() {
    assertThat(Settings.builtIn().all().stream().map(it -> Setting.environmentName(it.key())))
        .doesNotHaveDuplicates();
  }

  @Test
  void strongerSourceWins() throws IOException {
    file("http.port = 1001", "http.host = 127.0.0.2", "retry.delay = 2s", "node.id = file");
    environmentFile("HTTP_PORT=1002", "HTTP_HOST='127.0.0.3' # here", "export RETRY_DELAY=\"3s\"");

    Settings settings =
        Settings.load(
            home,
            Map.of("HTTP_PORT", "1003", "HTTP_HOST", "127.0.0.4", "HTTP_PROXY", "http://p"),
            Map.of("http.port", "1004"));

    assertThat(settings.get("http.port")).isEqualTo("1004");
    assertThat(settings.get("http.host")).isEqualTo("127.0.0.4");
    assertThat(settings.get("retry.delay")).isEqualTo("3s");
    assertThat(settings.get("node.id")).isEqualTo("file");
    assertThat(settings.origin("http.host")).isEqualTo("environment HTTP_HOST");
    assertThat(settings.origin("retry.delay")).isEqualTo(".env, line 3");
    assertThat(settings.origin("node.id")).isEqualTo("application.properties, line 4");
    assertThat(settings.with(Map.of("node.id", "x")).get("http.port")).isEqualTo("1004");
  }

  @Test
  void connectionIsReadWithItsDefaultsAndItsOwnSettings() throws IOException {
    file(
        "connection.my-shop.tracker = github",
        "connection.my-shop.url = https://github.com/acme/shop",
        "connection.my-shop.schedule = 0 0/15 * * * ?",
        "connection.my-shop.project = SHOP",
        "connection.my-shop.include-closed = true");

    Settings settings =
        load(
            Map.of(
                "CONNECTION_MY_SHOP_TOKEN", "t0p",
                "CONNECTION_MY_SHOP_API_URL", "http://127.0.0.1:9",
                "CONNECTION_OTHER_TRACKER", "github",
                "CONNECTION_OTHER_URL", "https://git.example.com/a/b"));

    assertThat(settings.connections())
        .containsExactly(
            new ConnectionSettings(
                "my-shop",
                "github",
                "https://github.com/acme/shop",
                "SHOP",
                Optional.of("t0p"),
                List.of("postgres"),
                Optional.of("0 0/15 * * * ?"),
                "UTC",
                Duration.ZERO,
                true,
                true,
                Map.of("api-url", "http://127.0.0.1:9")),
            new ConnectionSettings(
                "other",
                "github",
                "https://git.example.com/a/b",
                "INBOX",
                Optional.empty(),
                List.of("postgres"),
                Optional.empty(),
                "UTC",
                Duration.ZERO,
                false,
                true,
                Map.of()));
  }

  @Test
  void everyProblemIsNamedInOneMessageWithItsCure() throws IOException {
    file(
        "http.prot = 8480",
        "fetch.deadline = sixty",
        "retry.attempts-max = 0",
        "connection.shop.url = github.com/acme/shop",
        "connection.Shop.url = https://github.com/acme/shop",
        "retry.attempts-max = 3",
        "pipeline.bodyMax = 3");
    environmentFile("DATABASE_PASWORD=hunter2", "nonsense", "POSTGRES_PASSWORD=other");

    SettingsException refused = refused(Map.of("CONNECTION_SHOP_TOKN", "hunter2"));

    assertThat(refused)
        .hasMessageStartingWith("10 settings must be put right before the start:")
        .hasMessageContaining(
            "http.prot (application.properties, line 1): no such setting. Did you mean http.port?")
        .hasMessageContaining(
            "fetch.deadline = \"sixty\" (application.properties, line 2): not a duration. Give one"
                + " within 100ms..30m.")
        .hasMessageContaining(
            "retry.attempts-max (application.properties, line 6): given twice, first in"
                + " application.properties, line 3. Keep one.")
        .hasMessageContaining(
            "connection.shop.url = \"github.com/acme/shop\" (application.properties, line 4): not a"
                + " web address.")
        .hasMessageContaining("connection.shop.tracker: missing.")
        .hasMessageContaining("connection.Shop.url (application.properties, line 5): no such")
        .hasMessageContaining(
            "DATABASE_PASWORD (.env, line 1): no such setting. Did you mean DATABASE_PASSWORD?")
        .hasMessageContaining(".env, line 2: not of the form NAME=value.")
        .hasMessageContaining(
            "CONNECTION_SHOP_TOKN (environment): no such setting. Did you mean"
                + " CONNECTION_SHOP_TOKEN?")
        .hasMessageNotContaining("POSTGRES_PASSWORD")
        .hasMessageNotContaining("hunter2")
        .hasMessageNotContaining("nonsense");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "http.port | 65536 | out of range. Give one within 0..65535.",
        "http.port | 84o0 | not a whole number. Give one within 0..65535.",
        "http.port | `` | blank. Take it out for the default, 8480.",
        "http.host | 127.0.0.1:80 | not a host name or address.",
        "fetch.deadline | 60 | not a duration.",
        "fetch.deadline | 31m | out of range. Give one within 100ms..30m.",
        "fetch.body-max | 32 MB | not a size.",
        "fetch.body-max | 2GB | out of range. Give one within 1KB..1GB.",
        "auth.mode | Dev | 'Dev' is not known. Did you mean dev? Known: dev.",
        "tracker.github.url | ftp://x/y | not a web address.",
        "tracker.github.url | https://u:p@x/y | holds a user or a fragment.",
        "tracker.github.url | {{env:HOME}} | holds {{, which would be replaced.",
        "database.url | postgres://h/db | not a JDBC address.",
        "database.url | jdbc:postgresql://h/db?password=x | holds a password.",
        "tracker.github.streams | issues,findings | 'findings' is not known.",
        "connection.a.tracker | gitub | 'gitub' is not known. Did you mean github?",
        "connection.a.sinks | postgers | 'postgers' is not known. Did you mean postgres?",
        "connection.a.sinks | , | no sink.",
        "connection.a.schedule | hourly | neither an interval nor a Quartz cron expression",
        "connection.a.schedule | 10ms | shorter than a second.",
        "connection.a.project | shop | no project's key.",
        "connection.a.schedule-zone | Mars/Base | not a time zone.",
        "connection.a.enabled | yes | neither true nor false.",
        "queue.operations | operations | not a Camel endpoint."
      })
  void invalidValueNamesKeyValueAndCure(String key, String value, String words) {
    SettingsException refused =
        catchThrowableOfType(
            SettingsException.class, () -> Settings.load(home, Map.of(), Map.of(key, value)));

    String shown = value.isBlank() ? key + " (" : key + " = \"" + value + "\" (";
    assertThat(refused.problems())
        .anySatisfy(problem -> assertThat(problem).startsWith(shown).contains(words));
  }

  @ParameterizedTest
  @CsvSource({
    "ENCRYPTION_KEY, hunter2, not a keyset. Make one:",
    "AUTH_JWT_SECRET, hunter2, 7 characters long. Give one of 32..1024 characters.",
    "MANAGEMENT_SCRAPE_TOKEN, hunter2, 7 characters long.",
    "DATABASE_PASSWORD, {{hunter2}}, 'holds {{, which would be replaced.'"
  })
  void invalidSecretIsNamedButNotShown(String variable, String value, String words) {
    SettingsException refused = refused(Map.of(variable, value));

    assertThat(refused)
        .hasMessageContaining(" = (hidden) (environment " + variable + ")")
        .hasMessageContaining(words)
        .hasMessageNotContaining(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth.mode=dev,http.host=0.0.0.0 | open to the network while auth.mode is dev",
        "auth.jwks=https://x/y,auth.jwt-secret=01234567890123456789012345678901"
            + " | both given. Keep one.",
        "auth.mode=dev,auth.jwks=https://x/y | auth.mode is dev while auth.jwks is given",
        "auth.jwks=https://x/y | auth.issuer is blank while auth.jwks is given",
        "auth.issuer=tracker-sync-dev | is the development issuer",
        "http.port=8481 | http.port and management.port are both 8481",
        "retry.delay=2m | longer than retry.delay-max"
      })
  void settingsThatContradictEachOtherAreRefused(String given, String words) {
    Map<String, String> overrides = new java.util.HashMap<>();
    for (String one : given.split(",")) {
      overrides.put(one.split("=")[0], one.split("=")[1]);
    }

    assertThat(
            catchThrowableOfType(
                SettingsException.class, () -> Settings.load(home, Map.of(), overrides)))
        .hasMessageContaining(words);
  }

  @Test
  void variablesOfOtherProgramsAreLeftAlone() {
    Map<String, String> others =
        Map.of(
            "HTTP_PROXY", "http://proxy:3128",
            "NODE_ENV", "production",
            "NODE_IP", "10.0.0.1",
            "NODE_EXTRA_CA_CERTS", "/etc/ca.pem",
            "CONNECTION_STRING", "x",
            "TRACKER_DEBUG", "x",
            "TRACKER_SYNC_JAVA_OPTS", "-Xmx1g");

    assertThat(load(others).get("http.port")).isEqualTo("8480");
  }

  @ParameterizedTest
  @CsvSource({
    "DATABASE_PASWORD, DATABASE_PASSWORD",
    "TRACKER_GITHUB_PAGESIZE, TRACKER_GITHUB_PAGE_SIZE",
    "SINK_GITEA_BACKLOGMAX, SINK_GITEA_BACKLOG_MAX"
  })
  void mistypedVariableIsRefusedWithTheRightName(String variable, String meant) {
    assertThat(refused(Map.of(variable, "1")))
        .hasMessageContaining(variable + " (environment): no such setting. Did you mean " + meant);
  }

  @Test
  void describedSettingOfANewTrackerIsKnownAndChecked() throws IOException {
    file(
        "# Tickets a page.",
        "# type: integer, range: 1..50, default: 25",
        "tracker.acme.page-size = 30",
        "# Board that is read.",
        "# type: text",
        "# connection.<id>.board =",
        "connection.desk.tracker = acme",
        "connection.desk.url = https://acme.example.com",
        "connection.desk.board = p1");

    Settings settings = load(Map.of());

    assertThat(settings.integer("tracker.acme.page-size")).isEqualTo(30);
    assertThat(settings.connections().get(0).other()).isEqualTo(Map.of("board", "p1"));
    assertThat(refused(Map.of("TRACKER_ACME_PAGE_SIZE", "51"))).hasMessageContaining("1..50");
  }

  @Test
  void descriptionInTheHomeDoesNotMakeATypoKnown() throws IOException {
    file("# Port.", "# type: integer, range: 1..9999", "http.prot = 1");

    assertThat(refused(Map.of())).hasMessageContaining("Did you mean http.port?");
  }

  @Test
  void unreadableDescriptionIsNamedByItsLine() throws IOException {
    file("# type: nummer", "tracker.acme.page-size = 30");

    assertThat(refused(Map.of()))
        .hasMessageContaining("application.properties, line 1")
        .hasMessageContaining("unknown type of setting: nummer");
  }

  @Test
  void fileThatIsNotTextIsNamed() throws IOException {
    Files.write(home.resolve("application.properties"), new byte[] {(byte) 0xff, (byte) 0xfe});

    assertThat(refused(Map.of())).hasMessageContaining("application.properties: not UTF-8 text.");
  }

  @Test
  void propertiesRulesHoldForEscapesAndContinuedLines() throws IOException {
    file("auth.audience = one \\", "  two", "node.id = a\\u00e9", "auth.issuer = \\uZZZZ");

    SettingsException refused = refused(Map.of());

    assertThat(refused.problems()).hasSize(1);
    assertThat(refused).hasMessageContaining("application.properties, line 4");
  }

  @Test
  void secretsAreMaskedWhereverSettingsAreShown() throws IOException {
    file("connection.shop.tracker = github", "connection.shop.url = https://github.com/a/b");
    Settings settings =
        load(
            Map.of(
                "CONNECTION_SHOP_TOKEN", "hunter2",
                "DATABASE_PASSWORD", "hunter2",
                "MANAGEMENT_SCRAPE_TOKEN", "hunter2-hunter2-hunter2"));

    assertThat(settings.toString()).doesNotContain("hunter2");
    assertThat(settings.masked().toString()).doesNotContain("hunter2");
    assertThat(settings.connections().toString()).doesNotContain("hunter2").contains("xxxxxx");
    assertThat(settings.get("connection.shop.token")).isEqualTo("hunter2");
  }

  private Settings load(Map<String, String> environment) {
    return Settings.load(home, environment, Map.of());
  }

  private SettingsException refused(Map<String, String> environment) {
    SettingsException refused =
        catchThrowableOfType(SettingsException.class, () -> load(environment));
    assertThat(refused).isNotNull();
    return refused;
  }

  private void file(String... lines) throws IOException {
    Files.write(home.resolve("application.properties"), List.of(lines));
  }

  private void environmentFile(String... lines) throws IOException {
    Files.write(home.resolve(".env"), List.of(lines));
  }
}

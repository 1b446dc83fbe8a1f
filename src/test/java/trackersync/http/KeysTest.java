package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trackersync.settings.Settings;

class KeysTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir Path home;

  @Test
  void noKeyIsRefusedWithTheCure() {
    refused(Map.of(), "auth.jwks", "auth.jwt-secret", "auth.mode=dev");
  }

  @Test
  void twoKeysAreRefused() {
    refused(Map.of("auth.mode", "dev", "auth.jwt-secret", SECRET), "auth.mode", "auth.jwt-secret");
    refused(
        Map.of("auth.jwks", "keys.json", "auth.jwt-secret", SECRET),
        "auth.jwks",
        "auth.jwt-secret");
  }

  @Test
  void shortSecretIsRefusedAndNotShown() {
    String secret = "short-secret";
    assertThatThrownBy(
            () -> open(Map.of("auth.jwt-secret", secret, "auth.issuer", "i", "auth.audience", "a")))
        .hasMessageContaining("12")
        .hasMessageContaining("32")
        .hasMessageNotContaining(secret);
  }

  @Test
  void issuerAndAudienceAreNeeded() {
    refused(Map.of("auth.jwt-secret", SECRET, "auth.audience", "a"), "auth.issuer");
    refused(Map.of("auth.jwt-secret", SECRET, "auth.issuer", "i"), "auth.audience");
  }

  @Test
  void developmentIssuerIsRefusedOutsideDevelopment() {
    refused(
        Map.of("auth.jwt-secret", SECRET, "auth.issuer", Keys.DEV_ISSUER, "auth.audience", "a"),
        Keys.DEV_ISSUER);
  }

  @Test
  void developmentStaysOnThisMachine() {
    refused(Map.of("auth.mode", "dev", "http.host", "0.0.0.0"), "http.host", "0.0.0.0");
    refused(Map.of("auth.mode", "dev", "http.host", "192.0.2.1"), "http.host");
    assertThat(open(Map.of("auth.mode", "dev", "http.host", "::1")).isDevelopment()).isTrue();
    assertThat(open(Map.of("auth.mode", "dev", "http.host", "localhost")).isDevelopment()).isTrue();
  }

  @Test
  void developmentSecretIsTheOwnersAloneAndKept() throws Exception {
    String first =
        open(Map.of("auth.mode", "dev")).mint("ann", List.of("viewer"), Duration.ofHours(1));
    Path file = home.resolve("data/keys/jwt-secret");
    assertThat(Files.getPosixFilePermissions(file))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    Caller caller = open(Map.of("auth.mode", "dev")).tokens("x").verify(first, true);
    assertThat(caller.subject()).isEqualTo("ann");
    assertThat(caller.may(Role.VIEWER)).isTrue();
    assertThat(caller.may(Role.MEMBER)).isFalse();
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void secretOthersCanReadIsRefused() throws Exception {
    open(Map.of("auth.mode", "dev"));
    Path file = home.resolve("data/keys/jwt-secret");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    refused(Map.of("auth.mode", "dev"), "chmod 600");
  }

  @Test
  void damagedSecretIsRefused() throws Exception {
    open(Map.of("auth.mode", "dev"));
    Files.writeString(home.resolve("data/keys/jwt-secret"), "x");
    refused(Map.of("auth.mode", "dev"), "Delete it");
  }

  @Test
  void sharedSecretIsBelievedAndMintsNothing() throws Exception {
    Keys keys = open(Map.of("auth.jwt-secret", SECRET, "auth.issuer", "i", "auth.audience", "a"));
    assertThat(keys.isDevelopment()).isFalse();
    assertThatThrownBy(() -> keys.mint("ann", List.of("admin"), Duration.ofHours(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("auth.mode=dev");
  }

  @Test
  void mintRefusesWhatNobodyCouldUse() {
    Keys keys = open(Map.of("auth.mode", "dev"));
    Duration hour = Duration.ofHours(1);
    assertThatThrownBy(() -> keys.mint("ann", List.of("root"), hour)).hasMessageContaining("root");
    assertThatThrownBy(() -> keys.mint("ann", List.of(), hour)).hasMessageContaining("role");
    assertThatThrownBy(() -> keys.mint(" ", List.of("admin"), hour))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> keys.mint("ann", List.of("admin"), Duration.ofDays(31)))
        .hasMessageContaining("30 days");
    assertThatThrownBy(() -> keys.mint("ann", List.of("admin"), Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keySetNeedsAStrongKey() throws Exception {
    RSAKey weak = new RSAKeyGenerator(1024, true).keyID("weak").generate();
    Path file = home.resolve("keys.json");
    Files.writeString(file, new JWKSet(weak.toPublicJWK()).toString());
    Map<String, String> settings =
        Map.of("auth.jwks", "keys.json", "auth.issuer", "i", "auth.audience", "a");
    refused(settings, "2048");
    Files.writeString(file, "{}");
    refused(settings, "auth.jwks");
    Files.delete(file);
    refused(settings, "auth.jwks");
  }

  @Test
  void keySetComesOverHttpsOnly() {
    refused(
        Map.of("auth.jwks", "http://id.example.org/keys", "auth.issuer", "i", "auth.audience", "a"),
        "https");
  }

  private void refused(Map<String, String> settings, String... words) {
    assertThatThrownBy(() -> open(settings))
        .isInstanceOf(RuntimeException.class)
        .message()
        .contains(words);
  }

  private Keys open(Map<String, String> overrides) {
    Map<String, String> all = new HashMap<>(overrides);
    return Keys.open(Settings.load(home, Map.of(), all));
  }
}

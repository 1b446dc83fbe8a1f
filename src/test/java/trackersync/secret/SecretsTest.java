package trackersync.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
  private final Secrets secrets = Secrets.of(Secrets.newKeyset());
  private final UUID connection = UUID.randomUUID();

  @Test
  @DisplayName("ISSUE-2 a token comes back as it went in, and never looks the same twice")
  void tokenComesBack() {
    byte[] sealed = secrets.encrypt(connection, "canary-token");
    assertThat(secrets.decrypt(connection, sealed)).isEqualTo("canary-token");
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("canary");
    assertThat(secrets.encrypt(connection, "canary-token")).isNotEqualTo(sealed);
  }

  @Test
  @DisplayName(
      "ISSUE-2 a token of another row, of another key, or with one bit changed does not open")
  void foreignTokenDoesNotOpen() {
    byte[] sealed = secrets.encrypt(connection, "canary-token");
    assertThatThrownBy(() -> secrets.decrypt(UUID.randomUUID(), sealed))
        .hasMessageContaining("does not decrypt")
        .message()
        .doesNotContain("canary");
    assertThatThrownBy(() -> Secrets.of(Secrets.newKeyset()).decrypt(connection, sealed))
        .isInstanceOf(IllegalStateException.class);
    sealed[sealed.length - 1] ^= 1;
    assertThatThrownBy(() -> secrets.decrypt(connection, sealed))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName(
      "ISSUE-2 the key's file is made for its owner alone, and refused when others can read it")
  void keyFileIsForItsOwnerAlone(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("keys/encryption.json");
    byte[] sealed = Secrets.inFile(file).encrypt(connection, "canary-token");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Secrets.inFile(file).decrypt(connection, sealed)).isEqualTo("canary-token");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> Secrets.inFile(file)).hasMessageContaining("chmod 600");
  }

  @Test
  @DisplayName("ISSUE-2 a keyset nobody can use is refused without being repeated")
  void uselessKeysetIsRefused() {
    assertThatThrownBy(() -> Secrets.of("canary-keyset"))
        .hasMessageContaining("encryption.key")
        .message()
        .doesNotContain("canary");
  }

  @Test
  @DisplayName("ISSUE-2 a fresh key encrypts, the old one opens until it is dropped")
  void keysAreRotated() {
    String old = Secrets.newKeyset();
    byte[] before = Secrets.of(old).encrypt(connection, "canary-token");
    String both = Secrets.withFreshKey(old);
    Secrets between = Secrets.of(both);
    assertThat(between.decrypt(connection, before)).isEqualTo("canary-token");
    assertThat(between.isSealedByPrimary(connection, "token", before)).isFalse();
    byte[] after = between.encrypt(connection, "canary-token");
    assertThat(between.isSealedByPrimary(connection, "token", after)).isTrue();
    Secrets fresh = Secrets.of(Secrets.withPrimaryKeyAlone(both));
    assertThat(fresh.decrypt(connection, after)).isEqualTo("canary-token");
    assertThatThrownBy(() -> fresh.decrypt(connection, before))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Secrets.of(old).decrypt(connection, after))
        .isInstanceOf(IllegalStateException.class);
  }
}

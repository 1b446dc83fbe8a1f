package trackersync.secret;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.UUID;

/**
 * Tokens at rest: AES-256-GCM by Tink, bound to the connection, so that a ciphertext copied into
 * another row does not decrypt. The key is a Tink keyset as JSON, outside the database.
 */
public final class Secrets {
  private static final String CURE =
      "Set encryption.key to a Tink AES256_GCM keyset (JSON), or run with auth.mode=dev, which"
          + " makes one under data/keys.";
  private static final String TOKEN = "token";
  private final Aead aead;

  private Secrets(String keyset) {
    try {
      AeadConfig.register();
      aead =
          TinkJsonProtoKeysetFormat.parseKeyset(keyset, InsecureSecretKeyAccess.get())
              .getPrimitive(RegistryConfiguration.get(), Aead.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("encryption.key is not a usable keyset. " + CURE);
    }
  }

  /**
   * @param keyset a Tink keyset as JSON
   * @throws IllegalArgumentException when it is not one; the message does not repeat it
   */
  public static Secrets of(String keyset) {
    return new Secrets(keyset);
  }

  /** The keyset in this file, which is made (0600) when absent. For development and the demo. */
  public static Secrets inFile(Path file) {
    try {
      if (Files.notExists(file)) {
        Files.createDirectories(file.getParent());
        Path fresh =
            Files.createTempFile(
                file.getParent(),
                "encryption",
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, newKeyset());
        Files.move(fresh, file);
      }
      if (Files.getPosixFilePermissions(file).stream()
          .anyMatch(p -> p.name().startsWith("GROUP_") || p.name().startsWith("OTHERS_"))) {
        throw new IllegalStateException(
            "the encryption key in " + file + " is readable for others. Run: chmod 600 " + file);
      }
      return new Secrets(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the encryption key in " + file, e);
    }
  }

  /** A fresh keyset as JSON, fit for encryption.key. */
  public static String newKeyset() {
    try {
      AeadConfig.register();
      return TinkJsonProtoKeysetFormat.serializeKeyset(
          KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM),
          InsecureSecretKeyAccess.get());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot make an AES-256-GCM key", e);
    }
  }

  public byte[] encrypt(UUID connection, String token) {
    return encrypt(connection, TOKEN, token);
  }

  /**
   * As {@link #encrypt(UUID, String)}, for another secret of the connection.
   *
   * @param part which one, such as {@code webhook-secret}; it decrypts as no other
   */
  public byte[] encrypt(UUID connection, String part, String secret) {
    try {
      return aead.encrypt(secret.getBytes(StandardCharsets.UTF_8), binding(connection, part));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "cannot encrypt the " + part + " of connection " + connection, e);
    }
  }

  /**
   * @throws IllegalStateException when the bytes were changed, belong to another connection, or
   *     were made with another key
   */
  public String decrypt(UUID connection, byte[] sealed) {
    return decrypt(connection, TOKEN, sealed);
  }

  /** As {@link #decrypt(UUID, byte[])}, for another secret of the connection. */
  public String decrypt(UUID connection, String part, byte[] sealed) {
    try {
      return new String(aead.decrypt(sealed, binding(connection, part)), StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "the stored "
              + part
              + " of connection "
              + connection
              + " does not decrypt with this encryption.key. Set the key it was stored with, or"
              + " store the "
              + part
              + " again.");
    }
  }

  private static byte[] binding(UUID connection, String part) {
    return ("connection:" + connection + ":" + part).getBytes(StandardCharsets.UTF_8);
  }
}

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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
  private final Path file;
  private volatile Keys keys;

  /** All keys open, the primary one of the keyset encrypts, and alone opens what needs no more. */
  private record Keys(KeysetHandle all, Aead any, Aead primary) {
    static Keys of(KeysetHandle all) throws GeneralSecurityException {
      return new Keys(
          all,
          all.getPrimitive(RegistryConfiguration.get(), Aead.class),
          alone(all).getPrimitive(RegistryConfiguration.get(), Aead.class));
    }
  }

  private Secrets(String keyset, Path file) {
    try {
      keys = Keys.of(parse(keyset));
      this.file = file;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("encryption.key is not a usable keyset. " + CURE);
    }
  }

  private static KeysetHandle parse(String keyset) throws GeneralSecurityException {
    AeadConfig.register();
    return TinkJsonProtoKeysetFormat.parseKeyset(keyset, InsecureSecretKeyAccess.get());
  }

  private static String text(KeysetHandle keyset) throws GeneralSecurityException {
    return TinkJsonProtoKeysetFormat.serializeKeyset(keyset, InsecureSecretKeyAccess.get()).strip();
  }

  private static KeysetHandle alone(KeysetHandle keyset) throws GeneralSecurityException {
    KeysetHandle.Entry primary = keyset.getPrimary();
    return KeysetHandle.newBuilder()
        .addEntry(
            KeysetHandle.importKey(primary.getKey()).withFixedId(primary.getId()).makePrimary())
        .build();
  }

  private static KeysetHandle extended(KeysetHandle keyset) throws GeneralSecurityException {
    return KeysetHandle.newBuilder(keyset)
        .addEntry(
            KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                .withRandomId()
                .makePrimary())
        .build();
  }

  /**
   * @param keyset a Tink keyset as JSON
   * @throws IllegalArgumentException when it is not one; the message does not repeat it
   */
  public static Secrets of(String keyset) {
    return new Secrets(keyset, null);
  }

  /** The keyset in this file, which is made (0600) when absent. For development and the demo. */
  public static Secrets inFile(Path file) {
    try {
      if (Files.notExists(file)) {
        Files.createDirectories(file.getParent());
        write(file, newKeyset());
      }
      if (Files.getPosixFilePermissions(file).stream()
          .anyMatch(p -> p.name().startsWith("GROUP_") || p.name().startsWith("OTHERS_"))) {
        throw new IllegalStateException(
            "the encryption key in " + file + " is readable for others. Run: chmod 600 " + file);
      }
      return new Secrets(Files.readString(file), file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the encryption key in " + file, e);
    }
  }

  /** On disk before it has the name: what is encrypted with it must open after a power cut. */
  private static void write(Path file, String keyset) throws IOException {
    Path fresh =
        Files.createTempFile(
            file.getParent(),
            "encryption",
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(keyset.getBytes(StandardCharsets.UTF_8)));
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** A fresh keyset as JSON, fit for encryption.key. */
  public static String newKeyset() {
    try {
      AeadConfig.register();
      return text(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot make an AES-256-GCM key", e);
    }
  }

  /**
   * A keyset with a fresh key that encrypts from now on; the others still open what they have
   * encrypted.
   *
   * @throws IllegalArgumentException as {@link #of}
   */
  public static String withFreshKey(String keyset) {
    try {
      return text(extended(parse(keyset)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("encryption.key is not a usable keyset. " + CURE);
    }
  }

  /**
   * A keyset with its primary key alone.
   *
   * @throws IllegalArgumentException as {@link #of}
   */
  public static String withPrimaryKeyAlone(String keyset) {
    try {
      return text(alone(parse(keyset)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("encryption.key is not a usable keyset. " + CURE);
    }
  }

  /** Takes a fresh key where the keyset is a file of ours; one from the settings stays. */
  public synchronized void addKey() {
    if (file != null) {
      change(Secrets::extended);
    }
  }

  /**
   * Forgets all keys but the primary one, where the keyset is a file of ours. To be called when
   * nothing is left that another one encrypted.
   *
   * @return how many were forgotten
   */
  public synchronized int dropOldKeys() {
    int old = keys.all().size() - 1;
    if (file == null || old == 0) {
      return 0;
    }
    change(Secrets::alone);
    return old;
  }

  private interface Step {
    KeysetHandle of(KeysetHandle keyset) throws GeneralSecurityException;
  }

  private void change(Step step) {
    try {
      Keys changed = Keys.of(step.of(keys.all()));
      write(file, text(changed.all()));
      keys = changed;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot change the encryption key in " + file, e);
    }
  }

  /** Whether the primary key alone opens it. */
  public boolean isSealedByPrimary(UUID connection, String part, byte[] sealed) {
    try {
      keys.primary().decrypt(sealed, binding(connection, part));
      return true;
    } catch (GeneralSecurityException e) {
      return false;
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
      return keys.any().encrypt(secret.getBytes(StandardCharsets.UTF_8), binding(connection, part));
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
      return new String(
          keys.any().decrypt(sealed, binding(connection, part)), StandardCharsets.UTF_8);
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

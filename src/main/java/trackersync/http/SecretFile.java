package trackersync.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/** 256 random bits in a file only its owner can read. */
final class SecretFile {
  private static final int BYTES = 32;
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private SecretFile() {}

  /**
   * @return 43 characters of base64url
   * @throws IllegalStateException when others can read the file, or it holds something else
   */
  static String readOrCreate(Path file) {
    try {
      if (Files.notExists(file)) {
        create(file);
      }
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (!OWNER.containsAll(permissions)) {
        throw new IllegalStateException(
            file + " can be read by others. Delete it, so that a new one is made, or chmod 600.");
      }
      String text = Files.readString(file).strip();
      if (!text.matches("[A-Za-z0-9_-]{43}")) {
        throw new IllegalStateException(
            file + " does not hold a secret of ours. Delete it, so that a new one is made.");
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep a secret in " + file, e);
    }
  }

  /** Whole or not at all, and never over another's: two processes may start at once. */
  private static void create(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(OWNER);
    Path fresh = Files.createTempFile(file.getParent(), ".secret", null, mode);
    try {
      byte[] bytes = new byte[BYTES];
      new SecureRandom().nextBytes(bytes);
      Files.writeString(fresh, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
      Files.createLink(file, fresh);
    } catch (FileAlreadyExistsException other) {
      // the other process was first: its secret is the one
    } finally {
      Files.delete(fresh);
    }
  }
}

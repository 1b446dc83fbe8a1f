package trackersync.embedded;

/** The embedded PostgreSQL does not start. The message names what happened and the cure. */
public final class EmbeddedDatabaseException extends RuntimeException {

  private static final long serialVersionUID = 1;

  EmbeddedDatabaseException(String message, Throwable cause) {
    super(message, cause);
  }
}

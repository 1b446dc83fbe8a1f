package trackersync.cli;

/** A command cannot go on. The message is for people and holds the cure. */
final class CommandException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final Exit exit;

  CommandException(Exit exit, String message) {
    super(message);
    this.exit = exit;
  }

  CommandException(Exit exit, String message, Throwable cause) {
    super(message, cause);
    this.exit = exit;
  }

  Exit exit() {
    return exit;
  }
}

package trackersync.cli;

import java.time.Duration;

/** Time between two looks. */
final class Pause {

  private Pause() {}

  /**
   * @throws CommandException when interrupted
   */
  static void of(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new CommandException(Exit.FAILED, "interrupted", stop);
    }
  }
}

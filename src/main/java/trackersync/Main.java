package trackersync;

import trackersync.cli.TrackerSync;

/** Entry: the command line. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // threads that are no daemons must not keep the process after the command has ended
    System.exit(TrackerSync.run(args));
  }
}

package trackersync.cli;

/** How a command ended; documented in {@code docs/cli.md}. */
enum Exit {
  OK(0),
  /** It did not work: a start that failed, a check that failed, a part that does not answer. */
  FAILED(1),
  /** The command line or a setting is wrong; nothing was started. */
  USAGE(2),
  /** The running program does not answer. */
  NOT_RUNNING(3),
  /** It ran, but an operation failed or a record is still set aside. */
  SYNC_FAILED(4),
  /** Refused: another process owns the data, a sync is under way, no such connection. */
  REFUSED(5);

  final int code;

  Exit(int code) {
    this.code = code;
  }
}

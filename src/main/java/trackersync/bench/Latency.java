package trackersync.bench;

/**
 * How long answers took in one state of the program.
 *
 * @param state {@link #IDLE}, or which source a release was synced from meanwhile
 * @param requests how many were asked
 * @param median milliseconds
 * @param p99 milliseconds
 * @param seconds how long it was looked at
 * @param records that were synced meanwhile
 */
record Latency(
    String state, int requests, double median, double p99, double seconds, long records) {
  /** Nothing is synced. */
  static final String IDLE = "idle";
}

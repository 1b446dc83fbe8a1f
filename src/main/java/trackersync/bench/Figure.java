package trackersync.bench;

/**
 * One measurement.
 *
 * @param variant the variant's id
 * @param step what was done
 * @param round from 1
 * @param records how many, 0 where nothing was left to do
 * @param seconds what it took
 * @param ownCpu CPU time of the measured program, microseconds
 * @param databaseCpu of all processes of PostgreSQL
 * @param toyCpu of the toy GitHub
 * @param peakKib most memory the program ever had resident, 0 where it is not one process
 * @param requests that the toy answered
 */
record Figure(
    String variant,
    String step,
    int round,
    long records,
    double seconds,
    long ownCpu,
    long databaseCpu,
    long toyCpu,
    long peakKib,
    long requests) {

  double perSecond() {
    return records / seconds;
  }
}

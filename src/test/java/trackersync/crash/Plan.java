package trackersync.crash;

import java.util.Locale;

/**
 * Where, when and how a process dies: {@code POINT:OCCURRENCE:DEATH:CONNECTION}, such as {@code
 * T8:2:halt:shop}, from system property {@code tracker-sync.crash}.
 *
 * @param occurrence the k-th time the connection comes past the point, from 1
 * @param connection the only connection that counts; empty: any
 */
record Plan(CrashPoint point, int occurrence, Death death, String connection) {
  static final String PROPERTY = "tracker-sync.crash";

  static Plan parse(String text) {
    String[] parts = text.split(":", 4);
    return new Plan(
        CrashPoint.valueOf(parts[0].toUpperCase(Locale.ROOT)),
        parts.length > 1 ? Integer.parseInt(parts[1]) : 1,
        parts.length > 2 ? Death.valueOf(parts[2].toUpperCase(Locale.ROOT)) : Death.HALT,
        parts.length > 3 ? parts[3] : "");
  }

  @Override
  public String toString() {
    return point + ":" + occurrence + ":" + death + ":" + connection;
  }
}

package trackersync.settings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A connection declared in the settings, {@code connection.<name>.…}.
 *
 * @param name lower case letters, digits and dashes
 * @param tracker name of a folder under {@code routes/trackers}
 * @param url absolute http or https address
 * @param project key of the project its issues belong to
 * @param token empty: anonymous
 * @param sinks at least one
 * @param schedule an interval ({@code 15m}) or a Quartz cron expression; empty: only on demand
 * @param scheduleZone id of a time zone, for the cron expression
 * @param scheduleJitter longest random delay of a scheduled start
 * @param includeClosed whether scheduled runs bring closed issues not stored yet
 * @param enabled false: nothing runs
 * @param other what only this tracker needs, such as {@code api-url}; blank ones are left out
 */
public record ConnectionSettings(
    String name,
    String tracker,
    String url,
    String project,
    Optional<String> token,
    List<String> sinks,
    Optional<String> schedule,
    String scheduleZone,
    Duration scheduleJitter,
    boolean includeClosed,
    boolean enabled,
    Map<String, String> other) {

  public ConnectionSettings {
    sinks = List.copyOf(sinks);
    other = Map.copyOf(other);
  }

  /** Without the token's value. */
  @Override
  public String toString() {
    return "connection %s: %s %s, token %s, sinks %s"
        .formatted(name, tracker, url, token.isPresent() ? Settings.MASK : "none", sinks);
  }
}

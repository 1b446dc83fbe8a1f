package trackersync.operation;

import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.Map;
import java.util.TimeZone;
import java.util.random.RandomGenerator;
import org.apache.camel.Exchange;
import org.quartz.CronExpression;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trackersync.settings.Durations;

/** When a connection runs next, by the database's clock; bean {@code schedules}. */
public final class Schedules {
  private static final Logger LOG = LoggerFactory.getLogger("trackersync");
  private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");
  // a run is late by a tick as a rule; missed is what is later
  private static final Duration MISSED_BY = Duration.ofMinutes(1);
  private final RandomGenerator random;

  /**
   * @param random draws the jitter
   */
  public Schedules(RandomGenerator random) {
    this.random = random;
  }

  /**
   * The first run after {@code after}.
   *
   * @param schedule a Quartz cron expression (6 or 7 fields), or an interval such as {@code 15m}
   * @param zone the time zone a cron expression counts in; daylight saving is Quartz's
   * @throws IllegalArgumentException when it is neither, or never fires again
   */
  public static Instant next(String schedule, ZoneId zone, Instant after) {
    if (schedule.trim().indexOf(' ') < 0) {
      Duration interval = Durations.parse(schedule).orElseThrow(() -> unreadable(schedule));
      if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException("an interval under 1s: '" + schedule + "'");
      }
      return after.plus(interval);
    }
    try {
      CronExpression cron = new CronExpression(schedule.trim());
      cron.setTimeZone(TimeZone.getTimeZone(zone));
      Date next = cron.getNextValidTimeAfter(Date.from(after));
      if (next == null) {
        throw new IllegalArgumentException("never fires again: '" + schedule + "'");
      }
      return next.toInstant();
    } catch (ParseException e) {
      throw unreadable(schedule);
    }
  }

  /** One schedule that has come to its end must not stop the others of its tracker. */
  private static Instant nextOrNever(String schedule, String zone, Instant after) {
    try {
      return next(schedule, ZoneId.of(zone), after);
    } catch (IllegalArgumentException | DateTimeException e) {
      return NEVER;
    }
  }

  private static IllegalArgumentException unreadable(String schedule) {
    return new IllegalArgumentException(
        "neither a Quartz cron expression (such as 0 0 3 * * ?) nor an interval (such as 15m): '"
            + schedule
            + "'");
  }

  /**
   * Body: a row of due-connections.sql. Sets what direct:operation-start needs, due (false the
   * first time a schedule is seen: it only gets its next run) and nextRunAt.
   */
  public void plan(Exchange exchange) {
    Map<?, ?> row = exchange.getMessage().getBody(Map.class);
    Instant now = Claim.instant(row.get("database_now"));
    Instant planned = Claim.instant(row.get("next_run_at"));
    String schedule = (String) row.get("schedule");
    String zone = (String) row.get("schedule_zone");
    Instant next = nextOrNever(schedule, zone, now);
    if (next.equals(NEVER)) {
      LOG.warn(
          "{}: its schedule '{}' ({}) brings no further run. Give it another one.",
          row.get("name"),
          schedule,
          zone);
    }
    if (planned != null) {
      Instant second = nextOrNever(schedule, zone, planned);
      if (!second.plus(MISSED_BY).isAfter(now)) {
        LOG.info(
            "{}: at least one scheduled run since {} was missed; one run makes up for all",
            row.get("name"),
            planned);
      }
    }
    long jitter = (Long) row.get("schedule_jitter_ms");
    exchange.setVariable("due", planned != null);
    exchange.setVariable(
        "nextRunAt",
        next.plusMillis(jitter == 0 || next.equals(NEVER) ? 0 : random.nextLong(jitter + 1))
            .toString());
    exchange.setVariable("connectionId", row.get("id").toString());
    exchange.setVariable("connectionName", row.get("name"));
    exchange.setVariable("trigger", "schedule");
    exchange.setVariable("requestedBy", "tracker-sync");
    exchange.setVariable("syncType", "Full");
    exchange.setVariable("includeClosed", row.get("include_closed"));
    exchange.setVariable("idempotencyKey", null);
  }

  /** Body: the answer of direct:operation-start. */
  public void report(Exchange exchange) {
    Map<?, ?> answer = exchange.getMessage().getBody(Map.class);
    if ("running".equals(answer.get("outcome"))) {
      LOG.info(
          "{}: scheduled run skipped, operation {} is still running",
          exchange.getVariable("connectionName"),
          answer.get("id"));
    }
  }
}

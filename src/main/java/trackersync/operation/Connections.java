package trackersync.operation;

import java.util.Map;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import trackersync.settings.ConnectionSettings;
import trackersync.settings.Settings;

/** Connections declared in the settings, as rows. */
public final class Connections {
  private final JdbcTemplate jdbc;

  public Connections(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Adds what is new and takes over what changed; a token stays in the settings, it is not stored.
   * A connection no longer declared is disabled, its rows stay.
   *
   * @throws IllegalStateException when a declared connection would change tracker, address or
   *     project: its rows belong to the old one; or when another connection reads its address
   */
  public void declare(Settings settings) {
    for (ConnectionSettings c : settings.connections()) {
      int rows =
          declared(
              c.name(),
              "with new_project as ("
                  + " insert into projects (key, name) values (?, ?) on conflict (key) do nothing"
                  + " returning id), project as ("
                  + " select id from new_project union all select id from projects where key = ?)"
                  + " insert into connections as c (name, tracker, url, project_id, settings, sinks,"
                  + " enabled, schedule, schedule_zone, schedule_jitter_ms, include_closed,"
                  + " declared_in)"
                  + " select ?, ?, ?, id, ?::jsonb, ?::text[], ?, ?, ?, ?, ?, 'settings' from project"
                  + " on conflict (name) do update set settings = excluded.settings,"
                  + " sinks = excluded.sinks, enabled = excluded.enabled,"
                  + " next_run_at = case when (c.schedule, c.schedule_zone) is distinct from"
                  + " (excluded.schedule, excluded.schedule_zone) then null else c.next_run_at end,"
                  + " schedule = excluded.schedule, schedule_zone = excluded.schedule_zone,"
                  + " schedule_jitter_ms = excluded.schedule_jitter_ms,"
                  + " include_closed = excluded.include_closed, declared_in = 'settings',"
                  + " project_id = excluded.project_id, removed_at = null, updated_at = now()"
                  + " where c.tracker = excluded.tracker and c.url = excluded.url"
                  + " and (c.project_id = excluded.project_id"
                  + " or not exists (select 1 from issues where connection_id = c.id))",
              c.project(),
              c.project(),
              c.project(),
              c.name(),
              c.tracker(),
              c.url(),
              json(c.other()),
              c.sinks().toArray(String[]::new),
              c.enabled(),
              c.schedule().orElse(null),
              c.scheduleZone(),
              c.scheduleJitter().toMillis(),
              c.includeClosed());
      if (rows == 0) {
        throw new IllegalStateException(
            "connection."
                + c.name()
                + ": tracker, url or project differ from the ones its stored issues have, and their"
                + " keys hold the project. Give the new source a name of its own.");
      }
    }
    jdbc.update(
        "update connections set enabled = false, next_run_at = null, updated_at = now()"
            + " where declared_in = 'settings' and enabled and not name = any(?)",
        (Object)
            settings.connections().stream().map(ConnectionSettings::name).toArray(String[]::new));
  }

  private int declared(String name, String insert, Object... values) {
    try {
      return jdbc.update(insert, values);
    } catch (DuplicateKeyException e) {
      throw new IllegalStateException(
          "connection."
              + name
              + ".url: another connection reads that address. Connect a repository once: take one of"
              + " them out of the settings, or remove the one made through the API.");
    }
  }

  private static String json(Map<String, String> other) {
    return new com.fasterxml.jackson.databind.ObjectMapper().valueToTree(other).toString();
  }
}

package trackersync.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import trackersync.testing.TestDatabase;

/** A database from before there were projects. */
class ProjectsMigrationTest {
  private DriverManagerDataSource database;
  private JdbcTemplate sql;

  @BeforeEach
  void before() {
    database = new DriverManagerDataSource(TestDatabase.fresh(), "postgres", "");
    sql = new JdbcTemplate(database);
    Flyway.configure().dataSource(database).target("3").load().migrate();
    sql.update(
        "insert into connections (name, tracker, url, removed_at, enabled) values"
            + " ('former', 'github', 'https://github.com/acme/shop', now(), false),"
            + " ('now', 'github', 'https://github.com/acme/shop', null, true)");
    for (String connection : new String[] {"former", "now"}) {
      sql.update(
          "insert into issues (connection_id, stream, record_key, title, status, source_status,"
              + " type, created_at, updated_at, custom_fields, raw, revision_hash, synced_at)"
              + " select c.id, 'issues', 'github:' || n, 'Issue ' || n, 'open', 'open', 'Task',"
              + " now(), now(), jsonb_build_object('externalId', 'github:' || c.url || ':' || n,"
              + " 'team', 'ours'), '{}', 'x', case c.name when 'now' then now() else now() -"
              + " interval '1 day' end from connections c, generate_series(1, 3) n"
              + " where c.name = ?",
          connection);
    }
  }

  @Test
  @DisplayName("ISSUE-5 issues from before get keys of the inbox, each its own")
  void issuesGetKeys() {
    migrate();
    assertThat(
            sql.queryForObject(
                "select count(distinct key) from issues where key ~ '^INBOX-[1-9]$'",
                Integer.class))
        .isEqualTo(6);
    assertThat(
            sql.queryForObject(
                "select count(*) from issues i join projects p on p.id = i.project_id"
                    + " join users u on u.id = i.reporter_id"
                    + " where p.key = 'INBOX' and u.name = 'tracker-sync'",
                Integer.class))
        .isEqualTo(6);
  }

  @Test
  @DisplayName("ISSUE-12 of two rows with one externalId the newer keeps it, nothing is lost")
  void newerRowKeepsTheExternalId() {
    migrate();
    Map<String, Object> counts =
        sql.queryForMap(
            "select count(*) filter (where jsonb_exists(custom_fields, 'externalId')"
                + " and c.name = 'now') as kept,"
                + " count(*) filter (where jsonb_exists(custom_fields, 'formerExternalId')"
                + " and not jsonb_exists(custom_fields, 'externalId') and c.name = 'former')"
                + " as former,"
                + " count(*) filter (where custom_fields ->> 'team' = 'ours') as ours"
                + " from issues i join connections c on c.id = i.connection_id");
    assertThat(counts).isEqualTo(Map.of("kept", 3L, "former", 3L, "ours", 6L));
  }

  @Test
  @DisplayName("ISSUE-1 two connections that read one address stop the migration, in words")
  void twinsAreNamed() {
    sql.update(
        "insert into connections (name, tracker, url) values"
            + " ('twin', 'github', 'https://GitHub.com/acme/shop.git')");
    assertThatThrownBy(this::migrate)
        .hasMessageContaining("several connections read the same address: now, twin");
    assertThat(sql.queryForObject("select count(*) from issues", Integer.class)).isEqualTo(6);
  }

  private void migrate() {
    Flyway.configure().dataSource(database).load().migrate();
  }
}

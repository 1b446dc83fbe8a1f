package trackersync.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Compares what the source holds with what the database holds, sharing no code with the program.
 * The invariants are numbered as in the README's promise: I1 nothing lost, I2 nothing doubled, I3
 * versions never go back, I4 what people added is untouched, I5 no cursor ahead of its rows, I6 one
 * worker at a time and none that is stale, I7 counts and outcomes are honest, I10 no human needed.
 *
 * <p>As a program: {@code Auditor JDBC-URL API-URL}, for connections that have come to rest.
 */
public final class Auditor {
  /** One broken promise. */
  public record Violation(String invariant, String words) {
    @Override
    public String toString() {
      return invariant + " " + words;
    }
  }

  /** Application name of connections that write what people add. */
  static final String PEOPLE = "people";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN = 5;

  private final JdbcTemplate jdbc;
  private final URI api;
  private final Map<String, Integer> distinct = new HashMap<>();
  private int records;

  /**
   * @param api the source's API base, such as {@code http://127.0.0.1:8490}
   */
  public Auditor(String jdbcUrl, URI api) {
    this.jdbc = new JdbcTemplate(new DriverManagerDataSource(jdbcUrl));
    this.api = api;
  }

  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("Usage: Auditor JDBC-URL API-URL");
      System.exit(2);
    }
    Auditor auditor = new Auditor(args[0], URI.create(args[1]));
    List<Violation> found = auditor.atRest();
    found.forEach(System.out::println);
    System.out.printf(
        "auditor: %d records at the source, %d violations%n", auditor.records, found.size());
    System.exit(found.isEmpty() ? 0 : 1);
  }

  /** Installs the trail; the program's tables must stand. */
  public void watch() {
    try (InputStream sql = Auditor.class.getResourceAsStream("audit-trail.sql")) {
      jdbc.execute(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the sources, for the check that stands at every commit; after every change there. */
  public void learn() {
    for (Source source : sources()) {
      learn(source.id(), read(source));
    }
  }

  /**
   * What an operation must have counted in the end.
   *
   * @param records distinct ids it comes to see, pull requests apart
   */
  public void expect(String operation, int records) {
    distinct.put(operation, records);
  }

  /** Right after a death, nobody at work: the promises that hold at every moment. */
  public List<Violation> afterDeath() {
    List<Violation> found = new ArrayList<>();
    always(found);
    return found;
  }

  /** Everything came to rest: all promises. */
  public List<Violation> atRest() {
    List<Violation> found = new ArrayList<>();
    records = 0;
    for (Source source : sources()) {
      compare(source, read(source), found);
    }
    if (watched()) {
      always(found);
      counts(found);
    }
    rest(found);
    return found;
  }

  private record Source(String id, String name, URI records, boolean allWanted) {}

  private List<Source> sources() {
    return jdbc.query(
        "select c.id::text, c.name, regexp_replace(c.url, '^https://[^/]+', '') as path,"
            + " exists (select 1 from cursors k where k.connection_id = c.id and k.filter = 'all'"
            + " and k.high_water_at is not null) as all_wanted from connections c"
            + " where c.enabled and exists (select 1 from operations o where o.connection_id = c.id"
            + " and o.scope = 'connection') order by c.name",
        (row, i) ->
            new Source(
                row.getString(1),
                row.getString(2),
                URI.create(api + "/repos" + row.getString(3)),
                row.getBoolean(4)));
  }

  private List<SourceTruth.Item> read(Source source) {
    return SourceTruth.read(source.records());
  }

  private void learn(String connection, List<SourceTruth.Item> items) {
    List<Object[]> rows = new ArrayList<>();
    for (SourceTruth.Item i : items) {
      rows.add(
          new Object[] {
            connection, i.key(), i.place(), i.pullRequest(), i.closed(), i.updatedAt().toString()
          });
    }
    jdbc.update("delete from audit_truth where connection_id = ?::uuid", connection);
    jdbc.batchUpdate("insert into audit_truth values (?::uuid, ?, ?, ?, ?, ?::timestamptz)", rows);
  }

  private boolean watched() {
    return Boolean.TRUE.equals(
        jdbc.queryForObject("select to_regclass('audit_trail') is not null", Boolean.class));
  }

  private record Row(String title, String status, Instant updatedAt) {}

  private void compare(Source source, List<SourceTruth.Item> items, List<Violation> found) {
    Map<String, Row> rows = new HashMap<>();
    jdbc.query(
        "select record_key, title, status, updated_at from issues where connection_id = ?::uuid",
        row -> {
          Row one =
              new Row(
                  row.getString(2),
                  row.getString(3),
                  row.getObject(4, OffsetDateTime.class).toInstant());
          if (rows.put(row.getString(1), one) != null) {
            found.add(new Violation("I2", source.name() + " holds twice " + row.getString(1)));
          }
        },
        source.id());
    List<String> aside =
        jdbc.queryForList(
            "select record_key from set_aside_records where connection_id = ?::uuid"
                + " and resolved_at is null",
            String.class,
            source.id());
    List<String> missing = new ArrayList<>();
    List<String> stale = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    for (SourceTruth.Item item : items) {
      Row row = rows.remove(item.key());
      if (item.pullRequest()) {
        continue;
      }
      records++;
      if (row == null) {
        if (!aside.contains(item.key()) && (source.allWanted() || !item.closed())) {
          missing.add(item.key());
        }
      } else if (row.updatedAt().isBefore(item.updatedAt())) {
        stale.add(item.key() + " (" + row.updatedAt() + ", not " + item.updatedAt() + ")");
      } else if (!row.title().equals(item.title())
          || !row.status().equals(item.closed() ? "closed" : "open")) {
        wrong.add(item.key());
      }
    }
    tell(found, "I1", source.name() + " misses ", missing);
    tell(found, "I1", source.name() + " holds an old version of ", stale);
    tell(found, "I1", source.name() + " holds something else of ", wrong);
    tell(
        found, "I2", source.name() + " holds what the source has not ", List.copyOf(rows.keySet()));
  }

  /** From the trail, and from the rows as they stand. */
  private void always(List<Violation> found) {
    query(
        found,
        "I2",
        "select connection_id || ' ' || stream || ' ' || (custom_fields ->> 'externalId')"
            + " from issues group by 1, connection_id having count(*) > 1",
        "two rows of one record: ");
    query(
        found,
        "I3",
        "select record_key || ' from ' || old_at || ' to ' || new_at from audit_trail"
            + " where what = 'update' and new_at < old_at order by seq",
        "version went back: ");
    query(
        found,
        "I4",
        "select record_key from audit_trail where what = 'delete' order by seq",
        "a row was deleted: ");
    if (watchesPeople()) {
      query(
          found,
          "I4",
          "select p.record_key from audit_people p left join issues i on i.id = p.id"
              + " where i.id is null or not (i.custom_fields @> p.fields)",
          "what people added is gone: ");
    }
    jdbc.query(
        "select invariant, words from audit_violations order by seq limit 20",
        row -> {
          found.add(new Violation(row.getString(1), row.getString(2)));
        });
    query(
        found,
        "I6",
        "select connection_id::text from operations where scope = 'connection'"
            + " and status in ('Pending', 'InProgress') group by 1 having count(*) > 1",
        "two live operations of connection ");
    query(
        found,
        "I6",
        "select w.what || ' of ' || coalesce(w.record_key, 'the counts') || ' by '"
            + " || w.writer || ' under the lease of ' || coalesce(c.owner, 'nobody')"
            + " from audit_trail w join operations o on o.id = w.operation_id and o.scope = 'connection'"
            + " cross join lateral (select owner from audit_trail c where c.operation_id = w.operation_id"
            + "   and c.what = 'claim' and c.seq < w.seq order by c.seq desc limit 1) c"
            + " where w.what in ('insert', 'update', 'advance') and w.writer not in ('people', coalesce(c.owner, ''))"
            + " order by w.seq",
        "a stale worker wrote: ");
    query(
        found,
        "I6",
        "select operation_id || ' ' || fence from audit_trail where what = 'claim'"
            + " group by operation_id, fence having count(*) > 1",
        "one fencing token, two claims: ");
  }

  private boolean watchesPeople() {
    return Boolean.TRUE.equals(
        jdbc.queryForObject("select to_regclass('audit_people') is not null", Boolean.class));
  }

  /** What operations say they did against what the trail says. */
  private void counts(List<Violation> found) {
    jdbc.query(
        "select o.id::text, c.name, o.results::text, o.progress ->> 'percent',"
            + " (select count(distinct t.record_key) from audit_trail t"
            + "   where t.operation_id = o.id and t.what = 'insert'),"
            + " (select count(distinct t.record_key) from audit_trail t"
            + "   where t.operation_id = o.id and t.what = 'update' and t.writer <> 'people' and not exists ("
            + "     select 1 from audit_trail b where b.operation_id = o.id"
            + "     and b.record_key = t.record_key and b.what = 'insert'))"
            + " from operations o join connections c on c.id = o.connection_id"
            + " where o.scope = 'connection' and o.status = 'Completed'",
        row -> {
          String operation = row.getString(1);
          String who = row.getString(2) + " (" + operation + ")";
          JsonNode results = tree(row.getString(3));
          long created = results.path("created").asLong();
          long updated = results.path("updated").asLong();
          long all =
              created
                  + updated
                  + results.path("skipped").asLong()
                  + results.path("failed").asLong();
          if (created != row.getLong(5) || updated != row.getLong(6)) {
            found.add(
                new Violation(
                    "I7",
                    "%s says %d created and %d updated, the trail %d and %d"
                        .formatted(who, created, updated, row.getLong(5), row.getLong(6))));
          }
          Integer expected = distinct.get(operation);
          if (expected != null && expected != all) {
            found.add(
                new Violation(
                    "I7",
                    "%s counts %d records, it saw %d: %s".formatted(who, all, expected, results)));
          }
          if (!"100".equals(row.getString(4))) {
            found.add(new Violation("I7", who + " is Completed at " + row.getString(4) + " %"));
          }
        });
  }

  private void rest(List<Violation> found) {
    query(
        found,
        "I10",
        "select c.name || ' is ' || o.status || coalesce(', ' || o.error, '')"
            + " from operations o join connections c on c.id = o.connection_id"
            + " where o.scope = 'connection' and o.status <> 'Completed' order by 1",
        "did not come to a good end by itself: ");
    query(
        found,
        "I7",
        "select operation_id::text from operation_skips group by 1",
        "skipped records of an ended operation are left over: ");
  }

  private void query(List<Violation> found, String invariant, String sql, String words) {
    tell(found, invariant, words, jdbc.queryForList(sql, String.class));
  }

  private static void tell(
      List<Violation> found, String invariant, String words, List<String> cases) {
    if (!cases.isEmpty()) {
      String shown = cases.stream().limit(SHOWN).collect(Collectors.joining(", "));
      found.add(
          new Violation(
              invariant, words + shown + (cases.size() > SHOWN ? ", … " + cases.size() : "")));
    }
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

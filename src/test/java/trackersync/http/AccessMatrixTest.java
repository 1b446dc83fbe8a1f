package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Who may do what, operation by operation of the contract, held against the table in {@code
 * http/access.txt}. An operation that is added and not in the table fails.
 */
class AccessMatrixTest {
  private static final Contract CONTRACT = Contract.load();
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final String DOMAIN = "@matrix.example.org";

  private final ApiServer server = ApiServer.shared();
  private final JdbcTemplate sql = ApiServer.sql();

  /** A project with one of each, and three members named by their roles. */
  private record Place(
      String project,
      String tracker,
      String connection,
      String operation,
      String issue,
      String user,
      String cycle,
      String identity,
      String setAside,
      String bug) {}

  /** The columns of the table. */
  private enum Actor {
    NOBODY(null, null, false),
    VIEWER("viewer", "stranger", false),
    MEMBER("member", "stranger", false),
    MANAGER("manager", "stranger", false),
    ADMIN("admin", "stranger", false),
    /** token viewer, and that role in the project. */
    OWN_VIEWER("viewer", "viewer", false),
    OWN_MEMBER("viewer", "member", false),
    OWN_ADMIN("viewer", "admin", false),
    /** admin of one project, with the ids of another one. */
    OTHER_ADMIN("manager", "admin", true);

    private final String token;
    private final String name;
    private final boolean other;

    Actor(String token, String name, boolean other) {
      this.token = token;
      this.name = name;
      this.other = other;
    }
  }

  @Test
  @DisplayName("B-02 B-04 ISSUE-40 ISSUE-41 role × operation × own or other project, as decided")
  void everybodyMayDoWhatTheTableSays() throws IOException {
    Place own = place(true);
    Place other = place(false);
    Set<String> seen = new TreeSet<>();
    for (Contract.Operation operation : CONTRACT.operations()) {
      if (operation.raw()) {
        // proves itself by its signature: WebhooksTest
        continue;
      }
      List<String> row = new ArrayList<>();
      for (Actor actor : Actor.values()) {
        boolean uses = operation.method().equals("DELETE");
        Place at = actor.other ? (uses ? place(false) : other) : (uses ? place(true) : own);
        row.add(call(actor, operation, path(operation, at.project(), at)));
      }
      seen.add(operation.id() + " " + String.join(" ", row));
    }
    assertThat(String.join("\n", seen)).isEqualTo(String.join("\n", table()));
  }

  @Test
  @DisplayName("B-04 an id of another project under the path of one's own is not there")
  void swappedIdsAreNotThere() {
    Place own = place(true);
    Place other = place(false);
    String before = state(other);
    for (Contract.Operation operation : CONTRACT.operations()) {
      List<String> ids = operation.path().stream().filter(it -> it.startsWith("{")).toList();
      if (ids.size() < 2) {
        continue;
      }
      assertThat(call(Actor.OWN_ADMIN, operation, path(operation, own.project(), other)))
          .as(operation.id())
          .isEqualTo("404");
    }
    assertThat(state(other)).isEqualTo(before);
  }

  private String call(Actor actor, Contract.Operation operation, String path) {
    ApiClient client =
        actor.token == null ? server.nobody() : server.as(actor.token, actor.name + DOMAIN);
    String body = operation.body() == null ? null : "{\"wrong\":1}";
    int status = client.send(operation.method(), path, body).status();
    assertThat(status).as("%s %s", operation.id(), actor).isIn(200, 202, 204, 400, 401, 403, 404);
    return status == 401 || status == 403 || status == 404 ? Integer.toString(status) : "ok";
  }

  private static String path(Contract.Operation operation, String project, Place place) {
    Map<String, String> ids = new LinkedHashMap<>();
    ids.put("{projectId}", project);
    ids.put("{repositoryId}", place.connection());
    ids.put("{operationId}", place.operation());
    ids.put("{issueId}", place.issue());
    ids.put("{userId}", place.user());
    ids.put("{cycleId}", place.cycle());
    ids.put("{tracker}", place.tracker());
    ids.put("{bugsby_id}", "1");
    ids.put(
        "{id}",
        switch (operation.path().size() < 2 ? "" : operation.path().get(1)) {
          case "connections" -> place.connection();
          case "operations" -> place.operation();
          case "issues" -> place.issue();
          case "set-aside" -> place.setAside();
          case "external-identities" -> place.identity();
          case "{id}" -> place.bug();
          default -> UUID.randomUUID().toString();
        });
    StringBuilder path = new StringBuilder();
    operation.path().forEach(it -> path.append('/').append(ids.getOrDefault(it, it)));
    return path.toString();
  }

  private Place place(boolean own) {
    int n = NUMBER.incrementAndGet();
    String tracker = "matrix" + n;
    String project =
        id("insert into projects (key, name) values (?, 'Matrix') returning id", "MX" + n);
    if (own) {
      for (String role : List.of("viewer", "member", "admin")) {
        sql.update(
            "insert into project_members (project_id, user_id, role) values (?::uuid, ?::uuid, ?)",
            project,
            user(role + DOMAIN),
            role);
      }
    }
    String connection =
        id(
            "insert into connections (name, tracker, url, project_id) values (?, ?, ?, ?::uuid)"
                + " returning id",
            tracker,
            tracker,
            "https://example.org/acme/" + tracker,
            project);
    String user = user("guest" + n + DOMAIN);
    sql.update(
        "insert into project_members (project_id, user_id, role) values (?::uuid, ?::uuid,"
            + " 'viewer')",
        project,
        user);
    return new Place(
        project,
        tracker,
        connection,
        id(
            "insert into operations (connection_id, trigger, requested_by, status, completed_at)"
                + " values (?::uuid, 'manual', 'x', 'Completed', now()) returning id",
            connection),
        id(
            "insert into issues (connection_id, stream, record_key, title, status, source_status,"
                + " type, created_at, updated_at, custom_fields, raw, revision_hash, project_id,"
                + " key) values (?::uuid, 'issues', 'x:1', 'x', 'open', 'open', 'Task', now(),"
                + " now(), '{\"externalId\":\"x:1\"}', '{}', 'x', ?::uuid, ?) returning id",
            connection,
            project,
            "MX" + n + "-1"),
        user,
        id("insert into cycles (project_id, name) values (?::uuid, 'x') returning id", project),
        id(
            "insert into external_identities (tracker, login, user_id) values (?, 'x', ?::uuid)"
                + " returning id",
            tracker,
            user),
        id(
            "insert into set_aside_records (connection_id, stream, record_key, stage, reason, raw)"
                + " values (?::uuid, 'issues', 'x:2', 'map', 'x', '{}') returning id",
            connection),
        id(
            "insert into bugs (bugsby_id, release, connection_id, sync_status) values (?, 'x',"
                + " ?::uuid, 'synced') returning id",
            tracker,
            connection));
  }

  private String user(String email) {
    return id(
        "insert into users (email, name) values (?, ?) on conflict (lower(email)) do update set"
            + " name = excluded.name returning id",
        email,
        email);
  }

  private String id(String insert, Object... values) {
    return sql.queryForObject(insert, UUID.class, values).toString();
  }

  /** Everything of a project, as text. */
  private String state(Place place) {
    return sql.queryForObject(
        "select (select to_jsonb(c)::text from connections c where c.id = ?::uuid)"
            + " || (select to_jsonb(i)::text from issues i where i.id = ?::uuid)"
            + " || (select to_jsonb(o)::text from operations o where o.id = ?::uuid)"
            + " || (select jsonb_agg(m)::text from project_members m where m.project_id = ?::uuid)",
        String.class,
        place.connection(),
        place.issue(),
        place.operation(),
        place.project());
  }

  private static Set<String> table() throws IOException {
    try (InputStream in = AccessMatrixTest.class.getResourceAsStream("/http/access.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(it -> !it.isBlank() && !it.startsWith("#"))
          .map(it -> it.trim().replaceAll(" +", " "))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}

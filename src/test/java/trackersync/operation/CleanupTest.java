package trackersync.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import trackersync.testing.RunningApp;
import trackersync.testing.TestDatabase;

class CleanupTest {

  @Test
  @DisplayName("ISSUE-26 operations that ended long ago are removed, audit_log keeps who and when")
  void oldOperationsAreRemoved() {
    String database = TestDatabase.ready();
    String old;
    try (RunningApp app = RunningApp.start(Map.of("database.url", database))) {
      String connection = app.connect("kept", URI.create("http://127.0.0.1:1"));
      String insert =
          "insert into operations (connection_id, trigger, requested_by, status, error, completed_at)"
              + " values (?::uuid, 'manual', 'mara', 'Failed', 'x', now() - ?::interval)"
              + " returning id::text";
      old = app.jdbc().queryForObject(insert, String.class, connection, "8 days");
      app.jdbc().queryForObject(insert, String.class, connection, "6 days");
    }
    try (RunningApp app = RunningApp.start(Map.of("database.url", database))) {
      await().until(() -> app.count("select count(*) from operations") == 1);
      assertThat(
              app.count(
                  "select count(*) from audit_log where actor = 'mara' and target = ?",
                  "operation/" + old))
          .isEqualTo(1);
    }
  }

  @Test
  @DisplayName("CORE-4 an operation of a connection that was removed meanwhile fails with words")
  void operationOfARemovedConnectionFails() {
    try (RunningApp app = RunningApp.start(Map.of())) {
      String connection = app.connect("removed", URI.create("http://127.0.0.1:1"));
      String id =
          app.jdbc()
              .queryForObject(
                  "insert into operations (connection_id, trigger, requested_by, not_before) values"
                      + " (?::uuid, 'manual', 'mara', now() + interval '1 hour') returning id::text",
                  String.class,
                  connection);
      app.jdbc().update("update connections set removed_at = now() where id = ?::uuid", connection);
      app.jdbc().update("update operations set not_before = null where id = ?::uuid", id);
      assertThat((String) app.ended(id).get("error")).contains("removed was removed");
    }
  }
}

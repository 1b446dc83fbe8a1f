package trackersync.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.ProducerTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import trackersync.App;
import trackersync.settings.Settings;

/**
 * The program itself, with all it does in service. Steps: {@code first} syncs into empty tables,
 * {@code again} syncs once more, {@code sweep} reads everything from the start although it is
 * stored; {@code only NAME} syncs one connection that the settings declare.
 */
final class EngineJob implements Job {
  /** What the step that syncs one connection begins with. */
  static final String ONLY = "only ";

  private final JsonNode task;
  private final List<String> repositories = new ArrayList<>();
  private App app;
  private JdbcTemplate jdbc;
  private ProducerTemplate template;

  EngineJob(JsonNode task) {
    this.task = task;
    task.path("repositories").forEach(name -> repositories.add(name.asText()));
  }

  @Override
  public void prepare() throws IOException {
    Map<String, String> settings = new HashMap<>();
    task.path("settings")
        .properties()
        .forEach(s -> settings.put(s.getKey(), s.getValue().asText()));
    boolean warm = task.path("warm").asBoolean(true);
    List<String> all = new ArrayList<>(repositories);
    if (warm) {
      all.add(Rig.WARM);
    }
    for (String name : all) {
      String connection = "connection." + name + ".";
      settings.put(connection + "tracker", "github");
      settings.put(connection + "url", Rig.address(name));
      settings.put(connection + "api-url", task.path("api").asText());
      settings.put(connection + "token", "token-of-" + name);
    }
    app = App.start(Settings.load(Path.of("").toAbsolutePath(), Map.of(), settings));
    jdbc = new JdbcTemplate(app.dataSource());
    template = app.camel().createProducerTemplate();
    if (task.hasNonNull("sink")) {
      jdbc.update(
          "update connections set sinks = array_append(sinks, ?)", task.path("sink").asText());
    }
    if (task.hasNonNull("port")) {
      Files.writeString(Path.of(task.path("port").asText()), Integer.toString(app.httpPort()));
    }
    if (warm) {
      sync(List.of(Rig.WARM));
      jdbc.execute("truncate issues, cursors, operations cascade");
    }
  }

  @Override
  public long step(String name) {
    if (name.startsWith(ONLY)) {
      return sync(List.of(name.substring(ONLY.length())));
    }
    if (name.equals("sweep")) {
      jdbc.update("delete from cursors");
    }
    return sync(repositories);
  }

  /** From the first trigger to the last end, by the database's clock, in nanoseconds. */
  private long sync(List<String> names) {
    List<String> operations = new ArrayList<>();
    for (String name : names) {
      operations.add(start(name));
    }
    String[] ids = operations.toArray(String[]::new);
    while (count("status not in ('Completed', 'Failed')", ids) > 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    if (count("status = 'Failed'", ids) > 0) {
      throw new IllegalStateException(
          "a sync failed: "
              + jdbc.queryForList(
                  "select error from operations where status = 'Failed'", String.class));
    }
    return jdbc.queryForObject(
        "select (extract(epoch from max(completed_at) - min(created_at)) * 1e9)::bigint"
            + " from operations where id = any(?::uuid[])",
        Long.class,
        (Object) ids);
  }

  private long count(String condition, String[] operations) {
    return jdbc.queryForObject(
        "select count(*) from operations where id = any(?::uuid[]) and " + condition,
        Long.class,
        (Object) operations);
  }

  private String start(String name) {
    String id =
        jdbc.queryForObject("select id::text from connections where name = ?", String.class, name);
    Map<?, ?> started =
        template
            .send(
                "direct:operation-start",
                exchange -> {
                  exchange.setVariable("connectionId", id);
                  exchange.setVariable("trigger", "manual");
                  exchange.setVariable("requestedBy", "bench");
                  exchange.setVariable("syncType", "Full");
                  exchange.setVariable("includeClosed", true);
                  exchange.setVariable("idempotencyKey", null);
                })
            .getMessage()
            .getBody(Map.class);
    if (!"started".equals(started.get("outcome"))) {
      throw new IllegalStateException("the sync of " + name + " did not start: " + started);
    }
    return started.get("id").toString();
  }

  @Override
  public void close() {
    if (app != null) {
      app.close();
    }
  }
}

package trackersync.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import trackersync.testing.RunningApp;
import trackersync.toy.Fault;
import trackersync.toy.ToyGithub;
import trackersync.toy.ToyGithubOptions;

/** The second chance of a set-aside record, and the test of a connection. */
class ReplayTest {
  private static RunningApp app;
  private static ProducerTemplate template;

  @BeforeAll
  static void start() {
    app = RunningApp.start(Map.of());
    template = app.app().camel().createProducerTemplate();
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  private static Map<?, ?> replay(String id) {
    return template
        .send(
            "direct:set-aside-replay",
            e -> {
              e.setVariable("setAsideId", id);
              e.setVariable("requestedBy", "mara");
            })
        .getMessage()
        .getBody(Map.class);
  }

  private static Map<?, ?> test(String connection) {
    return template
        .send("direct:connection-test", e -> e.setVariable("connectionId", connection))
        .getMessage()
        .getBody(Map.class);
  }

  private static String aside(String connection) {
    return app.jdbc()
        .queryForObject(
            "select id::text from set_aside_records where connection_id = ?::uuid",
            String.class,
            connection);
  }

  @Test
  @DisplayName("CORE-8 a replayed record that is still bad stays set aside with its reason")
  void stillBadStaysSetAside() {
    try (ToyGithub toy = ToyGithub.start(ToyGithubOptions.builder().issues(20).build())) {
      String connection = app.connect("still-bad", toy.baseUrl());
      toy.faults().add(Fault.parse("record:bad=no-title"));
      app.sync("still-bad", true);
      Map<?, ?> answer = replay(aside(connection));
      assertThat(answer.get("outcome")).isEqualTo("set-aside");
      assertThat((String) answer.get("reason")).contains("title is missing");
      assertThat(
              app.count(
                  "select attempts from set_aside_records where connection_id = ?::uuid",
                  connection))
          .isEqualTo(2);
    }
  }

  @Test
  @DisplayName("CORE-8 a replayed record that fits now is stored and resolved")
  void fitsNowIsStored() {
    try (ToyGithub toy =
        ToyGithub.start(ToyGithubOptions.builder().issues(20).pullRequests(0).build())) {
      String connection = app.connect("fits-now", toy.baseUrl());
      toy.faults().add(Fault.parse("record:bad=no-title"));
      app.sync("fits-now", true);
      app.jdbc()
          .update(
              "update set_aside_records set raw = (raw::jsonb || '{\"title\":\"found\"}')::text"
                  + " where connection_id = ?::uuid",
              connection);
      assertThat(replay(aside(connection)).get("outcome")).isEqualTo("stored");
      assertThat(
              app.count(
                  "select count(*) from issues where title = 'found' and connection_id = ?::uuid",
                  connection))
          .isEqualTo(1);
      assertThat(replay(aside(connection)).get("outcome")).isEqualTo("resolved");
      assertThat(replay(UUID.randomUUID().toString()).get("outcome")).isEqualTo("unknown");
      assertThat(replay("no id at all").get("outcome")).isEqualTo("unknown");
    }
  }

  @Test
  @DisplayName("CORE-15 the test of a connection says what came and what helps")
  void connectionTestSaysWhatCame() {
    try (ToyGithub toy = ToyGithub.start(ToyGithubOptions.builder().issues(20).build())) {
      String connection = app.connect("tested", toy.baseUrl());
      assertThat(test(connection).get("ok")).isEqualTo(true);
      assertThat(toy.requestCount()).isEqualTo(1);
      assertThat(toy.requests().get(0).query()).contains("per_page=1");
      toy.faults().add(Fault.parse("unauthorized"));
      Map<?, ?> refused = test(connection);
      assertThat(refused.get("ok")).isEqualTo(false);
      assertThat((String) refused.get("words")).contains("token rejected");
      assertThat((String) refused.get("cure")).contains("connection.tested.token");
    }
    String nowhere = app.connect("nowhere", URI.create("http://127.0.0.1:1"));
    Map<?, ?> dead = test(nowhere);
    assertThat(dead.get("ok")).isEqualTo(false);
    assertThat((String) dead.get("words")).contains("no answer from http://127.0.0.1:1");
  }
}

package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SetAsideAndQuotaApiTest {
  private final ApiServer server = ApiServer.shared();

  @Test
  @DisplayName("CORE-8 records set aside are listed with id and reason, and replayed")
  void setAsideRecordsAreListedAndReplayed() {
    UUID connection =
        ApiServer.sql()
            .queryForObject(
                "insert into connections (name, tracker, url) values ('aside', 'github',"
                    + " 'https://example.org/aside') returning id",
                UUID.class);
    ApiServer.sql()
        .update(
            "insert into set_aside_records (connection_id, stream, record_key, stage, reason, raw)"
                + " select ?, 'issues', 'github:' || n, 'map', 'title is missing', '{}'"
                + " from generate_series(1, 5) n",
            connection);
    ApiClient manager = server.as("manager");
    JsonNode page = manager.get("/api/set-aside?connection=aside&limit=3").is(200).json();
    assertThat(page.get("items")).hasSize(3);
    JsonNode rest =
        manager
            .get(
                "/api/set-aside?connection=aside&limit=3&cursor=" + page.get("nextCursor").asText())
            .is(200)
            .json();
    assertThat(rest.get("items")).hasSize(2);
    assertThat(rest.get("nextCursor").isNull()).isTrue();
    List<String> keys = page.get("items").findValuesAsText("key");
    keys.addAll(rest.get("items").findValuesAsText("key"));
    assertThat(keys)
        .containsExactlyInAnyOrder("github:1", "github:2", "github:3", "github:4", "github:5");

    String id = page.get("items").get(0).get("id").asText();
    JsonNode result = manager.post("/api/set-aside/" + id + "/replay", null).is(200).json();
    assertThat(result.get("outcome").asText()).isEqualTo("stored");
    assertThat(
            manager
                .post("/api/set-aside/" + id + "/replay", null)
                .is(200)
                .json()
                .get("outcome")
                .asText())
        .isEqualTo("resolved");
    assertThat(manager.get("/api/set-aside?connection=aside").json().get("items")).hasSize(4);
    JsonNode resolved =
        manager.get("/api/set-aside?connection=aside&resolved=true").is(200).json().get("items");
    assertThat(resolved).hasSize(1);
    assertThat(resolved.get(0).get("resolvedBy").asText()).isEqualTo("manager@example.org");
    manager.post("/api/set-aside/" + UUID.randomUUID() + "/replay", null).problem(404);
    manager.post("/api/set-aside/" + id + "/replay", "{}").problem(400);
  }

  @Test
  @DisplayName("CORE-11 the quota names tokens without revealing them")
  void quotaIsShown() {
    ApiServer.sql()
        .update(
            "insert into quota_ledger (token_key, tracker, origin, limit_count, remaining_count,"
                + " reset_at) values ('0123456789abcdef', 'github', 'https://api.github.com', 5000,"
                + " 4321, now())");
    JsonNode items = server.as("viewer").get("/api/quota").is(200).json().get("items");
    assertThat(items).hasSize(1);
    assertThat(items.get(0).get("token").asText()).isEqualTo("0123456789abcdef");
    assertThat(items.get(0).get("limit").asInt()).isEqualTo(5000);
    assertThat(items.get(0).get("remaining").asInt()).isEqualTo(4321);
  }
}

package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConnectionsApiTest {
  private final ApiServer server = ApiServer.shared();
  private final ApiClient admin = server.as("admin");

  @Test
  @DisplayName("ISSUE-2 a token goes in and never comes out")
  void createdConnectionIsReadWithoutItsToken() {
    JsonNode made =
        admin
            .post(
                "/api/connections",
                """
                {"name":"c-one","tracker":"github","url":"https://github.com/acme/one","token":"ghp_canary1"}
                """)
            .is(201)
            .json();
    assertThat(made.get("hasToken").asBoolean()).isTrue();
    ApiClient.Answer read = admin.get("/api/connections/" + made.get("id").asText()).is(200);
    assertThat(read.body()).doesNotContain("ghp_canary1");
    assertThat(read.json()).isEqualTo(made);
  }
}

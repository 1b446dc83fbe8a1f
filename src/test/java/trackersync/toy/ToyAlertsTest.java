package trackersync.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("CORE-16 ISSUE-31 the toy GitHub serves Dependabot alerts like the real one")
class ToyAlertsTest {
  private static final String ALL = "/repos/acme/shop/dependabot/alerts?per_page=100";
  private static ToyGithub toy;
  private static ToyClient client;

  @BeforeAll
  static void start() {
    toy =
        ToyGithub.start(
            ToyGithubOptions.builder().issues(10).alerts(250).anonymousRateLimit(0).build());
    client = new ToyClient(toy.baseUrl());
  }

  @AfterAll
  static void stop() {
    toy.close();
  }

  @AfterEach
  void reset() {
    toy.reset();
  }

  @ParameterizedTest
  @CsvSource({"created,asc", "created,desc", "updated,asc", "updated,desc"})
  void pagesByCursorHoldEveryAlertOnceInEveryOrder(String sort, String direction)
      throws IOException {
    List<List<JsonNode>> pages = client.walk(ALL + "&sort=" + sort + "&direction=" + direction);
    assertThat(pages).hasSize(3);
    assertThat(ToyClient.numbers(pages))
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 250).boxed().toList());
    Comparator<String> way =
        direction.equals("asc") ? Comparator.naturalOrder() : Comparator.reverseOrder();
    assertThat(ToyClient.flat(pages))
        .extracting(a -> a.path(sort + "_at").asText())
        .isSortedAccordingTo(way);
  }

  @Test
  void linkHasCursorsAndNeitherPagesNorLast() throws IOException {
    HttpResponse<byte[]> first = client.get(ALL);
    String next = ToyClient.next(first);
    assertThat(next)
        .matches(
            toy.baseUrl()
                + "/repositories/\\d+/dependabot/alerts\\?per_page=100&after=[A-Za-z0-9_-]+");
    HttpResponse<byte[]> second = client.get(next);
    String link = second.headers().firstValue("link").orElseThrow();
    assertThat(link).contains("after=", "before=", "rel=\"prev\"").doesNotContain("last");
    String previous = link.replaceFirst(".*<([^>]*)>; rel=\"prev\".*", "$1");
    assertThat(client.get(previous).body()).isEqualTo(first.body());
    HttpResponse<byte[]> third = client.get(ToyClient.next(second));
    assertThat(ToyClient.next(third)).isNull();
    assertThat(client.json("/repos/acme/shop/dependabot/alerts")).hasSize(30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"page=1", "page=2", "first=30", "last=30"})
  void pageNumbersAreRefused(String parameter) throws IOException {
    HttpResponse<byte[]> refused = client.get(ALL + "&" + parameter);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(new String(refused.body(), StandardCharsets.UTF_8))
        .contains("`" + parameter.split("=")[0] + "` parameter is not supported");
  }

  @Test
  void statesAndSeveritiesAreFiltered() throws IOException {
    List<JsonNode> all = ToyClient.flat(client.walk(ALL));
    for (String state : AlertQuery.STATES) {
      assertThat(ToyClient.flat(client.walk(ALL + "&state=" + state)))
          .isNotEmpty()
          .isEqualTo(all.stream().filter(a -> a.path("state").asText().equals(state)).toList());
    }
    assertThat(ToyClient.flat(client.walk(ALL + "&severity=high,critical&state=open,fixed")))
        .isNotEmpty()
        .allMatch(a -> a.at("/security_advisory/severity").asText().matches("high|critical"))
        .allMatch(a -> a.path("state").asText().matches("open|fixed"));
    for (String wrong :
        List.of(
            "state=closed",
            "severity=x",
            "sort=x",
            "direction=up",
            "after=!",
            "before=MTox",
            "q=1")) {
      assertThat(client.get(ALL + "&" + wrong).statusCode()).as(wrong).isEqualTo(422);
    }
  }

  @Test
  void recordsAreOfGithubsVariety() throws IOException {
    List<JsonNode> all = ToyClient.flat(client.walk(ALL));
    assertThat(all).anyMatch(a -> a.at("/security_advisory/cve_id").isNull());
    assertThat(all).anyMatch(a -> a.at("/security_vulnerability/first_patched_version").isNull());
    assertThat(all)
        .filteredOn(a -> a.path("state").asText().equals("dismissed"))
        .allMatch(a -> a.path("dismissed_at").isTextual() && a.path("dismissed_by").isObject())
        .allMatch(a -> a.path("dismissed_reason").isTextual());
    assertThat(all)
        .filteredOn(a -> a.path("state").asText().equals("open"))
        .allMatch(a -> a.path("dismissed_at").isNull() && a.path("fixed_at").isNull());
    assertThat(
            client
                .json(ALL, "X-GitHub-Api-Version", "2022-11-28")
                .at("/0/security_advisory")
                .has("cvss"))
        .isTrue();
    assertThat(
            client
                .json(ALL, "X-GitHub-Api-Version", "2026-03-10")
                .at("/0/security_advisory")
                .has("cvss"))
        .isFalse();
  }

  @Test
  void editsShowInListAndSingleAlert() throws IOException {
    Instant at = Instant.parse("2026-03-01T00:00:00Z");
    ToyAlerts alerts = toy.alerts("acme/shop");
    alerts.dismiss(1, "not_used", at);
    alerts.fix(2, at.plusSeconds(1));
    alerts.reopen(3, at.plusSeconds(2));
    assertThat(alerts.add(2, at.plusSeconds(3))).isEqualTo(251);
    List<JsonNode> changed = ToyClient.flat(client.walk(ALL + "&sort=updated")).subList(0, 5);
    assertThat(changed)
        .extracting(a -> a.path("number").asInt())
        .containsExactly(252, 251, 3, 2, 1);
    JsonNode dismissed = client.json("/repos/acme/shop/dependabot/alerts/1");
    assertThat(dismissed.path("state").asText()).isEqualTo("dismissed");
    assertThat(dismissed.path("dismissed_reason").asText()).isEqualTo("not_used");
    assertThat(dismissed.path("dismissed_at").asText()).isEqualTo("2026-03-01T00:00:00Z");
    assertThat(client.get("/repos/acme/shop/dependabot/alerts/253").statusCode()).isEqualTo(404);
    assertThat(
            client
                .post(
                    "/_toy/edits",
                    """
                    [{"op":"dismiss-alert","repository":"acme/shop","number":9,
                      "reason":"inaccurate"},
                     {"op":"fix-alert","repository":"acme/shop","number":10},
                     {"op":"reopen-alert","repository":"acme/shop","number":9},
                     {"op":"add-alerts","repository":"acme/shop","count":3}]
                    """)
                .statusCode())
        .isEqualTo(200);
    assertThat(client.json("/repos/acme/shop/dependabot/alerts/10").path("state").asText())
        .isEqualTo("fixed");
    assertThat(alerts.highestNumber()).isEqualTo(255);
    assertThatThrownBy(() -> alerts.dismiss(1, "bored", at)).hasMessageContaining("not_used");
    assertThatThrownBy(() -> alerts.fix(999, at)).hasMessageContaining("1 to 255");
  }

  @ParameterizedTest
  @CsvSource({
    "DISABLED,403,Dependabot alerts are disabled for this repository",
    "ARCHIVED,403,archived",
    "HIDDEN,404,Not Found"
  })
  void alertsThatCannotBeReadLeaveTheIssuesAlone(ToyAlerts.Access access, int status, String words)
      throws IOException {
    toy.alerts("acme/shop").setAccess(access);
    HttpResponse<byte[]> refused = client.get(ALL);
    assertThat(refused.statusCode()).isEqualTo(status);
    assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains(words);
    assertThat(client.get("/repos/acme/shop/dependabot/alerts/1").statusCode()).isEqualTo(status);
    assertThat(client.get("/repos/acme/shop/issues").statusCode()).isEqualTo(200);
    assertThat(client.get("/repos/acme/other/dependabot/alerts").statusCode()).isEqualTo(200);
  }

  @Test
  void alertsStayWithARenamedRepository() throws IOException {
    toy.alerts("acme/shop").dismiss(1, "not_used", Instant.parse("2026-03-01T00:00:00Z"));
    toy.renameRepository("acme/shop", "acme/store");
    HttpResponse<byte[]> moved = client.get(ALL);
    assertThat(moved.statusCode()).isEqualTo(301);
    assertThat(client.json(moved.headers().firstValue("location").orElseThrow())).hasSize(100);
    JsonNode first = client.json("/repos/acme/store/dependabot/alerts/1");
    assertThat(first.path("state").asText()).isEqualTo("dismissed");
    assertThat(first.path("html_url").asText()).contains("/acme/store/");
  }
}

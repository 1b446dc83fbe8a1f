package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IssuesApiTest {
  private static final ApiServer SERVER = ApiServer.shared();
  private static final ApiClient VIEWER = SERVER.as("viewer");

  /** 57 issues; times repeat, so that pages are cut inside equal ones. */
  @BeforeAll
  static void store() {
    ApiServer.sql()
        .update(
            """
            with c as (
              insert into connections (name, tracker, url)
              values ('issues', 'github', 'https://example.org/issues') returning id
            )
            insert into issues (connection_id, stream, record_key, number, title, description,
              status, source_status, type, labels, assignees, author, created_at, updated_at,
              custom_fields, raw, revision_hash)
            select c.id, 'issues', 'github:' || n, n,
              case when n = 7 then 'Ünïcode 50%_off' else 'Issue ' || n end,
              case when n = 8 then 'a CRASH in the parser' end,
              case when n % 3 = 0 then 'closed' else 'open' end, 'x',
              case when n % 5 = 0 then 'Bug' else 'Task' end,
              case when n % 2 = 0 then array['even', 'two words'] else '{}' end,
              case when n % 10 = 0 then array['ann', 'bob'] else '{}' end,
              case when n < 10 then 'carl' else 'dora' end,
              timestamptz '2026-01-01T00:00:00Z' + (n / 4) * interval '1.000001 day',
              timestamptz '2026-02-01T00:00:00Z' + (n % 6) * interval '1 hour',
              jsonb_build_object('externalId', 'github:x:' || n), jsonb_build_object('number', n, 'secretly', 'raw'), n::text
            from c, generate_series(1, 57) n
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"updatedAt", "-updatedAt", "createdAt", "-createdAt", "number", "-number"})
  void pagesHoldEveryIssueOnceInOrder(String sort) {
    List<JsonNode> all = walk("/api/issues?connection=issues&limit=7&sort=" + sort);
    assertThat(all).hasSize(57);
    assertThat(new HashSet<>(all.stream().map(it -> it.get("id").asText()).toList())).hasSize(57);
    String field = sort.replace("-", "");
    for (int i = 1; i < all.size(); i++) {
      int order =
          field.equals("number")
              ? Long.compare(all.get(i - 1).get(field).asLong(), all.get(i).get(field).asLong())
              : all.get(i - 1).get(field).asText().compareTo(all.get(i).get(field).asText());
      assertThat(sort.startsWith("-") ? -order : order).isLessThanOrEqualTo(0);
    }
  }

  @Test
  void newestChangeComesFirst() {
    JsonNode page = VIEWER.get("/api/issues?connection=issues&limit=1").is(200).json();
    assertThat(page.get("items").get(0).get("updatedAt").asText())
        .isEqualTo("2026-02-01T05:00:00Z");
    assertThat(page.get("nextCursor").isNull()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "status=closed, 19",
    "type=Bug, 11",
    "label=even, 28",
    "label=two%20words, 28",
    "label=ev, 0",
    "author=carl, 9",
    "assignee=bob, 5",
    "q=crash, 1",
    "q=ISSUE%207, 0",
    "q=50%25_OFF, 1",
    "q=50%25%25, 0",
    "q=%27%29%3B%20drop%20table%20issues%3B--, 0",
    "updatedSince=2026-02-01T05:00:00Z, 9",
    "updatedSince=2026-02-01T06:00:00%2B01:00, 9",
    "status=closed&label=even&type=Bug, 1",
  })
  void filtersNarrow(String filter, int expected) {
    assertThat(walk("/api/issues?connection=issues&limit=200&" + filter)).hasSize(expected);
  }

  @Test
  void connectionIsNamedOrGivenById() {
    String id =
        ApiServer.sql()
            .queryForObject("select id::text from connections where name = 'issues'", String.class);
    assertThat(walk("/api/issues?limit=200&connection=" + id)).hasSize(57);
    assertThat(walk("/api/issues?limit=200&connection=nosuch")).isEmpty();
  }

  @Test
  @DisplayName("CORE-12 the raw record comes on request only")
  void rawComesOnRequest() {
    JsonNode listed =
        VIEWER.get("/api/issues?connection=issues&sort=number&limit=1").is(200).json();
    JsonNode first = listed.get("items").get(0);
    assertThat(first.get("key").asText()).isEqualTo("github:1");
    assertThat(first.get("customFields").get("externalId").asText()).isEqualTo("github:x:1");
    String path = "/api/issues/" + first.get("id").asText();
    assertThat(VIEWER.get(path).is(200).json()).isEqualTo(first);
    assertThat(VIEWER.get(path + "?raw=true").is(200).json().get("raw").get("secretly").asText())
        .isEqualTo("raw");
  }

  @Test
  void unknownIssueIs404WhateverElseIsWrong() {
    VIEWER.get("/api/issues/" + UUID.randomUUID()).problem(404);
    VIEWER.get("/api/issues/" + UUID.randomUUID() + "?raw=maybe").problem(404);
    VIEWER.get("/api/issues/" + UUID.randomUUID() + "?raw=true").problem(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?limit=0",
        "?limit=201",
        "?limit=ten",
        "?limit=99999999999999999999",
        "?limit=1&limit=2",
        "?status=done",
        "?status=",
        "?type=bug",
        "?sort=title",
        "?sort=number;drop",
        "?connection=Bad%20Name",
        "?updatedSince=yesterday",
        "?updatedSince=2026-02-30T00:00:00Z",
        "?updatedSince=+99999-01-01T00:00:00Z",
        "?q=",
        "?q=%00",
        "?q=a%00b",
        "?q=%ED%A0%80",
        "?q=%zz",
        "?cursor=x",
        "?cursor=W10",
        "?cursor=WyItdXBkYXRlZEF0IiwiMSIsIjEiXQ",
        "?unknown=1",
        "?Status=open",
        "?<b>=1",
        "/not-a-uuid",
        "/5f0c954e-36a3-4d6a-b1d5-b0f9f3a5cf0",
        "/%27%20or%201=1",
        "/5f0c954e-36a3-4d6a-b1d5-b0f9f3a5cf0a%00",
        "/%2e%2e%2fconnections",
      })
  @DisplayName("hostile or wrong queries and ids get 400")
  void wrongRequestIsRefused(String path) {
    if (path.equals("?q=%ED%A0%80")) {
      // not UTF-8: decoded to replacement characters, which are harmless
      VIEWER.get("/api/issues" + path).is(200);
      return;
    }
    String sendable = path.replace("<", "%3C").replace(">", "%3E");
    if (sendable.contains("%zz")) {
      assertThat(
              RawHttp.send(
                      SERVER.kernel().httpPort(),
                      "GET /api/issues"
                          + sendable
                          + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                          + SERVER.token("viewer")
                          + "\r\n\r\n")
                  .status())
          .isEqualTo(400);
      return;
    }
    VIEWER.get("/api/issues" + sendable).problem(400);
  }

  @Test
  void cursorOfAnotherSortIsRefused() {
    String cursor =
        VIEWER
            .get("/api/issues?connection=issues&sort=number&limit=1")
            .is(200)
            .json()
            .get("nextCursor")
            .asText();
    VIEWER.get("/api/issues?sort=createdAt&limit=1&cursor=" + cursor).problem(400);
    VIEWER.get("/api/issues?limit=1&cursor=" + cursor).problem(400);
  }

  private static List<JsonNode> walk(String path) {
    List<JsonNode> all = new ArrayList<>();
    String cursor = null;
    do {
      JsonNode page =
          VIEWER
              .get(
                  cursor == null
                      ? path
                      : path + "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8))
              .is(200)
              .json();
      page.get("items").forEach(all::add);
      cursor = page.get("nextCursor").isNull() ? null : page.get("nextCursor").asText();
    } while (cursor != null);
    return all;
  }
}

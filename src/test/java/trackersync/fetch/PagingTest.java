package trackersync.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagingTest {
  private final Paging paging = new Paging();

  @ParameterizedTest
  @DisplayName("ISSUE-34 ISSUE-50 the next link is found in every form servers send")
  @CsvSource(
      delimiter = '^',
      value = {
        "<https://a/x?page=2>; rel=\"next\", <https://a/x?page=9>; rel=\"last\" ^ https://a/x?page=2",
        "<https://a/x?page=9>; rel=\"last\",<https://a/x?page=2>; rel=\"next\" ^ https://a/x?page=2",
        "<https://a/x?a=1,2;3&page=2>;rel=next ^ https://a/x?a=1,2;3&page=2",
        "<https://a/x>; title=\"next\"; rel=\"prev\", <https://a/y>; REL=\"Next\" ^ https://a/y",
        "<https://a/y>; rel=\"prev next\" ^ https://a/y"
      })
  void nextLinkIsFound(String header, String next) {
    assertThat(paging.link(header, "next")).isEqualTo(next);
  }

  @ParameterizedTest
  @DisplayName("ISSUE-34 a header without a next link ends the paging")
  @CsvSource(
      delimiter = '^',
      value = {
        "<https://a/x>; rel=\"prev\"",
        "<https://a/x>; rel=\"nextish\"",
        "nonsense",
        "''",
        "<https://a/x>"
      })
  void noNextLinkEndsThePaging(String header) {
    assertThat(paging.link(header, "next")).isNull();
    assertThat(paging.link(null, "next")).isNull();
  }

  @Test
  @DisplayName(
      "ISSUE-34 a keyset goes on at the newest change, page numbers only inside one instant")
  void keysetGoesOnAtTheNewestChange() {
    String page = "https://a/issues?state=all&since=2026-01-01T00:00:00Z&page=3";
    String next = "https://a/issues?state=all&since=2026-01-01T00:00:00Z&page=4";
    Instant now = Instant.parse("2026-01-03T00:00:00Z");
    assertThat(paging.keyset(page, next, "2026-01-02T00:00:00Z", now, "since="))
        .isEqualTo("https://a/issues?state=all&since=2026-01-02T00:00:00Z");
    assertThat(paging.keyset(page, next, "2026-01-01T00:00:00Z", now, "since=")).isEqualTo(next);
    assertThat(paging.keyset(page, null, "2026-01-02T00:00:00Z", now, "since=")).isNull();
    assertThat(paging.keyset(page, next, null, now, "since=")).isEqualTo(next);
  }

  @Test
  @DisplayName(
      "ISSUE-33 ISSUE-34 the change time may stand inside a parameter, and be written otherwise")
  void keysetInsideAParameter() {
    String page =
        "https://a/issues?sort=updated_on&pagelen=100&q=updated_on%3E%3D1970-01-01T00:00:00Z&page=2";
    Instant now = Instant.parse("2026-01-03T00:00:00Z");
    String newest = "2026-01-02T00:00:00.409838+00:00";
    String after = paging.keyset(page, page, newest, now, "updated_on%3E%3D");
    assertThat(after)
        .isEqualTo(
            "https://a/issues?sort=updated_on&pagelen=100"
                + "&q=updated_on%3E%3D2026-01-02T00:00:00.409838%2B00:00");
    String tie = after + "&page=2";
    assertThat(paging.keyset(after, tie, newest, now, "updated_on%3E%3D")).isEqualTo(tie);
  }

  @Test
  @DisplayName("CORE-6 a change time in the source's future does not carry the keyset past others")
  void futureChangeIsNotJumpedTo() {
    String page = "https://a/issues?since=1970-01-01T00:00:00Z";
    String next = page + "&page=2";
    Instant now = Instant.parse("2026-01-03T00:00:00Z");
    assertThat(paging.keyset(page, next, "2999-01-01T00:00:00Z", now, "since=")).isEqualTo(next);
  }

  @Test
  @DisplayName("ISSUE-19 the total comes from the last page's number, 0 when unknown")
  void totalComesFromTheLastPage() {
    assertThat(paging.total("https://a/x?page=21&per_page=100", 100)).isEqualTo(2_100);
    assertThat(paging.total("https://a/x?page=many", 100)).isZero();
    assertThat(paging.total(null, 100)).isZero();
  }

  private static final String FIRST = "https://b/bugs?release=ooty&limit=100";

  @ParameterizedTest
  @DisplayName(
      "BUGSBY-9 the token in the body leads to the next page, null and empty end the paging")
  @CsvSource(
      delimiter = '^',
      nullValues = "-",
      value = {
        FIRST + " ^ \"next\":\"MTAx\" ^ " + FIRST + "&page_token=MTAx",
        FIRST + "&page_token=MTAx ^ \"next\":\"MjAx\" ^ " + FIRST + "&page_token=MjAx",
        FIRST
            + " ^ \"next\":\"a+b/{{env:HOME}}&x=1\" ^ "
            + FIRST
            + "&page_token=a%2Bb%2F%7B%7Benv%3AHOME%7D%7D%26x%3D1",
        FIRST + " ^ \"next\":2 ^ " + FIRST + "&page_token=2",
        FIRST + " ^ \"next\":null ^ -",
        FIRST + " ^ \"next\":\"\" ^ -",
        FIRST + " ^ \"other\":1 ^ -"
      })
  void tokenInTheBodyLeadsToTheNextPage(String page, String named, String next) throws IOException {
    Exchange read = read(page, "{\"bugs\":[{}],\"total\":150," + named + "}", "/bugs", "token");
    assertThat(read.getVariable("nextPage")).isEqualTo(next);
    assertThat(read.getVariable("recordsTotal")).isEqualTo(150L);
    assertThat(read.getMessage().getBody()).hasToString("[{}]");
  }

  @Test
  @DisplayName("BUGSBY-9 an address in the body, or a Link header, leads to the next page as well")
  void addressOrLinkLeadsToTheNextPage() throws IOException {
    String body = "{\"bugs\":[],\"next\":\"https://b/bugs?after=7\"}";
    assertThat(read(FIRST, body, "/bugs", "address").getVariable("nextPage"))
        .isEqualTo("https://b/bugs?after=7");
    assertThat(read(FIRST, body, "/bugs", "").getVariable("nextPage"))
        .isEqualTo("https://b/bugs?after=7");
    assertThat(read(FIRST, body, "/bugs", "link").getVariable("nextPage"))
        .isEqualTo("https://b/bugs?page=2");
    assertThat(read(FIRST, "[{}]", ".", "link").getMessage().getBody()).hasToString("[{}]");
  }

  private Exchange read(String page, String body, String list, String way) throws IOException {
    Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    exchange.setVariable("tracker", "bugsby");
    exchange.setVariable("pageUrl", page);
    exchange.setVariable("pageSize", "100");
    exchange.getMessage().setHeader("Link", "<https://b/bugs?page=2>; rel=\"next\"");
    exchange.getMessage().setBody(new ObjectMapper().readTree(body));
    paging.read(exchange, list, way, "/next", "page_token", "/total");
    return exchange;
  }
}

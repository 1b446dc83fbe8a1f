package trackersync.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
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
}

package trackersync.toy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recorded pages of issues, served in their order whatever the page size asked for; with {@code
 * since} they are filtered and sorted like computed ones. The file holds {@code {exchanges: [
 * {request: {url}, response: {status, headers, body}} ]}}.
 */
final class ReplayedIssues implements IssueSource {
  /**
   * How a tracker's recorded pages of issues are read; field names are JSON pointers.
   *
   * @param list addresses of lists; group 1 is the repository's number or null, group 2 the query
   * @param closed the states that count as closed
   * @param comments a field to sort by
   * @param ticks parts of a second
   */
  record Format(
      Pattern list,
      String number,
      Set<String> closed,
      String created,
      String updated,
      String comments,
      long ticks) {

    private Recorded read(JsonNode issue) {
      return new Recorded(
          issue.at(number).asInt(),
          closed.contains(issue.path("state").asText()),
          issue.at(comments).asInt(),
          time(issue.at(created).asText()),
          time(issue.at(updated).asText()),
          issue.toString().getBytes(StandardCharsets.UTF_8));
    }

    private long time(String text) {
      Instant at = OffsetDateTime.parse(text).toInstant();
      return at.getEpochSecond() * ticks + at.getNano() / (1_000_000_000 / ticks);
    }
  }

  private record Recorded(
      int number, boolean closed, int comments, long createdAt, long updatedAt, byte[] json) {}

  private final List<List<Recorded>> pages = new ArrayList<>();
  private long id = 1;
  private String query = "";

  ReplayedIssues(Path file, Format format) {
    JsonNode exchanges;
    try {
      exchanges = new ObjectMapper().readTree(file.toFile()).path("exchanges");
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "toy: cannot replay "
              + file
              + ": "
              + e.getMessage()
              + ". Name a file of recorded exchanges.",
          e);
    }
    for (JsonNode exchange : exchanges) {
      Matcher url = format.list().matcher(exchange.path("request").path("url").asText());
      JsonNode answered = exchange.path("response").path("body");
      JsonNode body = answered.has("values") ? answered.path("values") : answered;
      if (url.matches() && body.isArray()) {
        if (url.group(1) != null && url.group(1).matches("\\d{1,18}")) {
          id = Long.parseLong(url.group(1));
        }
        if (pages.isEmpty() && url.group(2) != null) {
          query = url.group(2).replaceAll("(^|&)page=\\d+", "");
        }
        List<Recorded> page = new ArrayList<>();
        body.forEach(issue -> page.add(format.read(issue)));
        pages.add(page);
      }
    }
    if (pages.isEmpty()) {
      throw new IllegalArgumentException(
          "toy: "
              + file
              + " holds no recorded page of a repository's issues, so there is nothing"
              + " to replay. Name a file whose exchanges list issues.");
    }
  }

  @Override
  public long id() {
    return id;
  }

  int pageCount() {
    return pages.size();
  }

  int size() {
    return pages.stream().mapToInt(List::size).sum();
  }

  @Override
  public Page write(IssueQuery asked, int perPage, long page, boolean detailed, Bytes out) {
    if (asked.since() == Long.MIN_VALUE) {
      List<Recorded> records = page <= pages.size() ? pages.get((int) page - 1) : List.of();
      return write(records, size(), pages.size(), query, out);
    }
    List<Recorded> all = fitting(asked);
    int from = (int) Math.min(all.size(), (page - 1) * perPage);
    int until = Math.min(all.size(), from + perPage);
    return write(
        all.subList(from, until), all.size(), (all.size() + perPage - 1L) / perPage, null, out);
  }

  private List<Recorded> fitting(IssueQuery asked) {
    Comparator<Recorded> order =
        switch (asked.sort()) {
          case CREATED -> Comparator.comparingLong(Recorded::createdAt);
          case UPDATED -> Comparator.comparingLong(Recorded::updatedAt);
          case COMMENTS -> Comparator.comparingInt(Recorded::comments);
        };
    order = order.thenComparing(Recorded::number);
    return pages.stream()
        .flatMap(List::stream)
        .filter(r -> r.updatedAt() >= asked.since())
        .filter(
            r ->
                asked.state() == IssueQuery.State.ALL
                    || r.closed() == (asked.state() == IssueQuery.State.CLOSED))
        .sorted(asked.ascending() ? order : order.reversed())
        .toList();
  }

  private static Page write(
      List<Recorded> records, long total, long pages, String linkQuery, Bytes out) {
    int[] starts = new int[records.size() + 1];
    out.put('[');
    for (int i = 0; i < records.size(); i++) {
      if (i > 0) {
        out.put(',');
      }
      starts[i] = out.length();
      out.put(records.get(i).json());
    }
    starts[records.size()] = out.length() + 1;
    out.put(']');
    return new Page(starts, total, pages, linkQuery);
  }

  @Override
  public boolean write(int number, boolean detailed, Bytes out) {
    for (List<Recorded> page : pages) {
      for (Recorded record : page) {
        if (record.number() == number) {
          out.put(record.json());
          return true;
        }
      }
    }
    return false;
  }
}

package trackersync.toy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recorded pages of issues, served in their order whatever the page size asked for; with {@code
 * since} they are filtered and sorted like computed ones. The file holds {@code {exchanges: [
 * {request: {url}, response: {status, headers, body}} ]}}.
 */
final class ReplayedIssues implements IssueSource {
  private static final Pattern LIST =
      Pattern.compile(
          "https?://[^/]+(?:/api/v3)?/(?:repos/[^/]+/[^/]+|repositories/(\\d+))/issues(?:\\?(.*))?");

  private record Recorded(
      int number, boolean closed, int comments, long createdAt, long updatedAt, byte[] json) {}

  private final List<List<Recorded>> pages = new ArrayList<>();
  private long id = 1;
  private String query = "";

  ReplayedIssues(Path file) {
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
      Matcher url = LIST.matcher(exchange.path("request").path("url").asText());
      JsonNode body = exchange.path("response").path("body");
      if (url.matches() && body.isArray()) {
        if (url.group(1) != null) {
          id = Long.parseLong(url.group(1));
        }
        if (pages.isEmpty() && url.group(2) != null) {
          query = url.group(2).replaceAll("(^|&)page=\\d+", "");
        }
        pages.add(page(body));
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

  private static List<Recorded> page(JsonNode body) {
    List<Recorded> page = new ArrayList<>();
    for (JsonNode issue : body) {
      page.add(
          new Recorded(
              issue.path("number").asInt(),
              issue.path("state").asText().equals("closed"),
              issue.path("comments").asInt(),
              Instant.parse(issue.path("created_at").asText()).getEpochSecond(),
              Instant.parse(issue.path("updated_at").asText()).getEpochSecond(),
              issue.toString().getBytes(StandardCharsets.UTF_8)));
    }
    return page;
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
  public Page write(IssueQuery asked, int perPage, long page, boolean withAssignee, Bytes out) {
    if (asked.since() == Long.MIN_VALUE) {
      List<Recorded> records = page <= pages.size() ? pages.get((int) page - 1) : List.of();
      return write(records, pages.size(), query, out);
    }
    List<Recorded> all = fitting(asked);
    int from = (int) Math.min(all.size(), (page - 1) * perPage);
    int until = Math.min(all.size(), from + perPage);
    return write(all.subList(from, until), (all.size() + perPage - 1L) / perPage, null, out);
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

  private static Page write(List<Recorded> records, long pages, String linkQuery, Bytes out) {
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
    return new Page(starts, pages, linkQuery);
  }

  @Override
  public boolean write(int number, boolean withAssignee, Bytes out) {
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

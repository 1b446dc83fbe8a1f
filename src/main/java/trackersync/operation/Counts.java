package trackersync.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import trackersync.map.Mapping;

/** What became of a page's records, for the SQL of advance; bean {@code counts}. */
public final class Counts {
  // numbers as they were written: a raw record must not change on its way
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** Grows while a page is stored record by record; shared by the parts of a split. */
  private static final class Tally {
    long created;
    long updated;
    long skipped;
    long failed;
    final List<Mapping.Rejected> rejected = new ArrayList<>();
  }

  /** A page stored as a whole; body: the row of upsert-issues.sql. */
  public void page(Exchange exchange) throws JsonProcessingException {
    begin(exchange);
    add(exchange);
    close(exchange);
  }

  public void begin(Exchange exchange) {
    Tally tally = new Tally();
    tally.rejected.addAll(exchange.getVariable("mapped", Mapping.Page.class).rejected());
    exchange.setVariable("tally", tally);
  }

  /** Body: a row of upsert-issues.sql, added up. */
  public void add(Exchange exchange) {
    Map<?, ?> row = exchange.getMessage().getBody(Map.class);
    Tally tally = exchange.getVariable("tally", Tally.class);
    tally.created += (Long) row.get("created");
    tally.updated += (Long) row.get("updated");
    tally.skipped += (Long) row.get("skipped");
    tally.failed += (Long) row.get("failed");
  }

  /** Variable records as JSON arrays of one record each. */
  public List<byte[]> single(Exchange exchange) throws IOException {
    List<byte[]> singles = new ArrayList<>();
    for (JsonNode issue : JSON.readTree(exchange.getVariable("records", byte[].class))) {
      singles.add(JSON.writeValueAsBytes(List.of(issue)));
    }
    return singles;
  }

  /** The only one of variable records was refused by the database. */
  public void reject(Exchange exchange) throws IOException {
    JsonNode issue = JSON.readTree(exchange.getVariable("records", byte[].class)).get(0);
    exchange
        .getVariable("tally", Tally.class)
        .rejected
        .add(
            new Mapping.Rejected(
                issue.get("key").asText(),
                "write",
                refusal(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class)),
                issue.get("raw").toString()));
  }

  /** Why the database refused a value, in its own words but without the value. */
  static String refusal(Throwable caught) {
    Throwable cause = caught;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String words =
        cause instanceof org.postgresql.util.PSQLException refused
                && refused.getServerErrorMessage() != null
            ? refused.getServerErrorMessage().getMessage()
            : cause.getClass().getSimpleName();
    return "the database refused it: " + words;
  }

  /** Sets the variables that advance and its SQL read. */
  public void close(Exchange exchange) throws JsonProcessingException {
    Tally tally = exchange.getVariable("tally", Tally.class);
    Mapping.Page page = exchange.getVariable("mapped", Mapping.Page.class);
    exchange.setVariable("created", tally.created);
    exchange.setVariable("updated", tally.updated);
    exchange.setVariable("skipped", tally.skipped);
    exchange.setVariable("failed", tally.failed);
    exchange.setVariable("errors", page.notes());
    exchange.setVariable("rejectedCount", tally.rejected.size());
    exchange.setVariable("rejected", tally.rejected.isEmpty() ? "[]" : json(tally.rejected));
    exchange.setVariable("ignored", "{}");
    exchange.setVariable("ignoredCount", page.ignoredCount());
    exchange.setVariable("ignoredKeys", page.ignored());
    Instant sourceDate = exchange.getVariable("sourceDate", Instant.class);
    exchange.setVariable("newestBounded", newest(page.newest(), sourceDate));
    boolean onlyPage =
        exchange.getVariable("firstPage", false, Boolean.class)
            && exchange.getVariable("nextPage") == null
            // past a full page there may be more without a change of this one
            && page.seen() < exchange.getVariable("pageSize", Integer.MAX_VALUE, Integer.class);
    String etag = exchange.getVariable("etag", String.class);
    exchange.setVariable("etagFound", onlyPage ? etag : null);
    exchange.setVariable(
        "etagFoundUrl",
        onlyPage && etag != null ? exchange.getVariable("pageUrl", String.class) : null);
    String moved = exchange.getVariable("movedUrl", String.class);
    if (moved != null) {
      String path = moved.replaceAll("\\?.*", "");
      String suffix = exchange.getVariable("path", String.class);
      boolean known = path.endsWith(suffix);
      exchange.setVariable("movedUrl", known ? moved : null);
      exchange.setVariable(
          "movedBase", known ? path.substring(0, path.length() - suffix.length()) : null);
    }
  }

  /** Body: the row of set-aside.sql. */
  public void setAside(Exchange exchange) throws JsonProcessingException {
    Map<?, ?> row = exchange.getMessage().getBody(Map.class);
    exchange.setVariable(
        "failed", exchange.getVariable("failed", Long.class) + (Long) row.get("failed"));
    ArrayNode told = (ArrayNode) JSON.readTree((String) row.get("errors"));
    told.addAll((ArrayNode) JSON.readTree(exchange.getVariable("errors", String.class)));
    exchange.setVariable("errors", told.toString());
  }

  /**
   * Sets sweptAll: the operation asked for every record of the stream, and had lists for answers.
   */
  public void sweptAll(Exchange exchange) {
    exchange.setVariable(
        "sweptAll",
        !"record".equals(exchange.getVariable("mode"))
            && exchange.getVariable("sourceFilter") == null
            && !exchange.getVariable("notModified", false, Boolean.class)
            && exchange.getVariable("unavailable", "", String.class).isEmpty());
  }

  /** A change time in the future would carry the cursor past changes still to come. */
  private static String newest(String newest, Instant sourceDate) {
    if (newest == null) {
      return null;
    }
    Instant at = OffsetDateTime.parse(newest).toInstant();
    return (at.isAfter(sourceDate) ? sourceDate : at).toString();
  }

  private static String json(List<Mapping.Rejected> rejected) throws JsonProcessingException {
    ArrayNode array = JSON.createArrayNode();
    for (Mapping.Rejected r : rejected) {
      array
          .addObject()
          .put("key", r.key())
          .put("stage", r.stage())
          .put("reason", r.reason())
          .put("raw", r.raw());
    }
    return JSON.writeValueAsString(array);
  }
}

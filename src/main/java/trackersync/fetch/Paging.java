package trackersync.fetch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.BindToRegistry;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Where the next page is, for the ways of paging under routes/shared; bean {@code paging}. */
@BindToRegistry("paging")
public final class Paging {
  private static final Pattern LINK = Pattern.compile("<([^>]*)>([^<]*)");

  /**
   * @param link a Link header (RFC 8288), or null
   * @param rel the relation, such as {@code next}
   * @return the address as given, or null
   */
  public String link(String link, String rel) {
    if (link == null) {
      return null;
    }
    Pattern relation =
        Pattern.compile("(?i);\\s*rel\\s*=\\s*(\"[^\"]*\\b" + rel + "\\b[^\"]*\"|" + rel + "\\b)");
    Matcher m = LINK.matcher(link);
    while (m.find()) {
      if (relation.matcher(m.group(2)).find()) {
        return m.group(1);
      }
    }
    return null;
  }

  /**
   * After a page, or in mode record one record, was read: leaves its list as the body, sets
   * variables nextPage (null: no more), pagesTotal (how many records there may be; 0: unknown) and
   * recordsTotal (how many the source says there are; 0: not said).
   *
   * @param list where the list is, as a JSON pointer; empty or a dot: the body is the list
   * @param way where the next page is named: {@code link} (header), {@code address} or {@code
   *     token} (in the body); empty: address where {@code next} says where, else link
   * @param next where the next address or token is, as a JSON pointer
   * @param parameter the query parameter that takes a token
   * @param total where the number of records is; empty: by the last page's number
   * @throws SourceException.Unavailable when there is no list: never "0 records"
   */
  public void read(
      Exchange exchange, String list, String way, String next, String parameter, String total) {
    Message in = exchange.getMessage();
    JsonNode page = in.getBody(JsonNode.class);
    exchange.setVariable("recordsTotal", total.isEmpty() ? 0L : number(page, total));
    if ("record".equals(exchange.getVariable("mode"))) {
      exchange.setVariable("nextPage", null);
      exchange.setVariable("pagesTotal", 1L);
      in.setBody(page.isArray() ? page : JsonNodeFactory.instance.arrayNode().add(page));
      return;
    }
    String link = in.getHeader("Link", String.class);
    String named = way.isEmpty() ? (next.isEmpty() ? "link" : "address") : way;
    exchange.setVariable(
        "nextPage",
        switch (named) {
          case "link" -> link(link, "next");
          case "token" ->
              withToken(exchange.getVariable("pageUrl", String.class), parameter, text(page, next));
          default -> text(page, next);
        });
    int pageSize = exchange.getVariable("pageSize", Integer.class);
    long records = total.isEmpty() ? total(link(link, "last"), pageSize) : number(page, total);
    exchange.setVariable("pagesTotal", records);
    if (page != null && !list.isEmpty() && !list.equals(".")) {
      String tracker = exchange.getVariable("tracker", String.class);
      in.setBody(page.isArray() ? page : SourceAnswers.list(tracker, page.at(list)));
    }
  }

  /** Null and an empty text alike say that there is no more. */
  private static String text(JsonNode page, String pointer) {
    JsonNode value = page == null ? null : page.at(pointer);
    boolean said = value != null && (value.isTextual() || value.isIntegralNumber());
    return said && !value.asText().isEmpty() ? value.asText() : null;
  }

  /** The address of the page just read, asking for another one; null without a token. */
  private static String withToken(String address, String parameter, String token) {
    if (token == null) {
      return null;
    }
    int query = address.indexOf('?') + 1;
    List<String> parts = new ArrayList<>(List.of(address.substring(query).split("&")));
    parts.removeIf(part -> part.startsWith(parameter + "="));
    parts.add(parameter + "=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
    return address.substring(0, query) + String.join("&", parts);
  }

  private static long number(JsonNode page, String pointer) {
    return page == null ? 0 : page.at(pointer).asLong(0);
  }

  /**
   * Keyset paging over a change time: asking again from the newest change seen cannot lose a record
   * that moves while we page; page numbers are followed only inside one instant.
   *
   * @param page the address of the page just read
   * @param next its next link, null on the last page
   * @param newest the newest change on it, ISO 8601; one in the source's own future is not gone by,
   *     it would jump past what changed before it
   * @param sourceDate the source's clock
   * @param before what stands before the change time in the query, such as {@code since=}; the time
   *     ends its parameter
   * @return the next address, or null
   */
  public String keyset(String page, String next, String newest, Instant sourceDate, String before) {
    int query = page.indexOf('?') + 1;
    int at = page.indexOf(before, query);
    if (next == null || newest == null || at < 0) {
      return next;
    }
    int end = page.indexOf('&', at);
    String rest = end < 0 ? "" : page.substring(end);
    Instant asked = instant(page.substring(at + before.length(), end < 0 ? page.length() : end));
    Instant seen = OffsetDateTime.parse(newest).toInstant();
    if (seen.equals(asked) || seen.isAfter(sourceDate)) {
      return next;
    }
    String whole = page.substring(query, at) + before + newest.replace("+", "%2B") + rest;
    List<String> parts = new ArrayList<>(List.of(whole.split("&")));
    parts.removeIf(part -> part.startsWith("page="));
    return page.substring(0, query) + String.join("&", parts);
  }

  private static Instant instant(String encoded) {
    try {
      return OffsetDateTime.parse(encoded.replace("%3A", ":").replace("%2B", "+")).toInstant();
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** How many records a sweep may hold, from the last page's number; 0 when unknown. */
  public long total(String last, int pageSize) {
    String page = last == null ? null : query(last, "page");
    return page == null || !page.matches("\\d{1,9}") ? 0 : Long.parseLong(page) * pageSize;
  }

  static String query(String address, String parameter) {
    int start = address.indexOf('?');
    if (start < 0) {
      return null;
    }
    for (String part : address.substring(start + 1).split("&")) {
      if (part.startsWith(parameter + "=")) {
        return part.substring(parameter.length() + 1).replace("%3A", ":").replace("%2B", "+");
      }
    }
    return null;
  }
}

package trackersync.fetch;

import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.BindToRegistry;

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
   * Keyset paging over a change time: asking again from the newest change seen cannot lose a record
   * that moves while we page; page numbers are followed only inside one instant.
   *
   * @param page the address of the page just read
   * @param next its next link, null on the last page
   * @param newest the newest change on it, ISO 8601; one in the source's own future is not gone by,
   *     it would jump past what changed before it
   * @param sourceDate the source's clock
   * @param parameter the query parameter that holds the change time, such as {@code since}
   * @return the next address, or null
   */
  public String keyset(
      String page, String next, String newest, Instant sourceDate, String parameter) {
    if (next == null
        || newest == null
        || newest.equals(query(page, parameter))
        || OffsetDateTime.parse(newest).toInstant().isAfter(sourceDate)) {
      return next;
    }
    URI uri = URI.create(page);
    List<String> parts = new ArrayList<>();
    for (String part : uri.getRawQuery().split("&")) {
      if (part.startsWith(parameter + "=")) {
        parts.add(parameter + "=" + newest.replace("+", "%2B"));
      } else if (!part.startsWith("page=")) {
        parts.add(part);
      }
    }
    return page.substring(0, page.indexOf('?') + 1) + String.join("&", parts);
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

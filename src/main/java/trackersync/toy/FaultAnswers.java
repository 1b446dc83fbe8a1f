package trackersync.toy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** What each kind of fault makes of a good answer. */
final class FaultAnswers {
  private static final String JSON = "application/json; charset=utf-8";
  private static final String HTML = "text/html; charset=utf-8";
  private static final String ENDLESS = "{\"id\":1,\"number\":1,\"title\":\"long\",\"body\":\"";
  private static final int MEGABYTE = 1024 * 1024;
  private static final Set<Fault.Kind> CHANGING =
      Set.of(
          Fault.Kind.NEXT_LINK,
          Fault.Kind.RECORD,
          Fault.Kind.DUPLICATE_PAGE,
          Fault.Kind.SHIFT,
          Fault.Kind.CLOCK_SKEW);
  private static final String PAGE =
      "<!DOCTYPE html>\n<html><head><title>Unicorn</title></head>\n"
          + "<body><h1>We had an issue with your request.</h1></body></html>\n";

  private FaultAnswers() {}

  /** True for kinds that make another answer; the others change how the good one is made. */
  static boolean replaces(Fault fault) {
    return !CHANGING.contains(fault.kind());
  }

  /**
   * Refuses settings that no request could use.
   *
   * @throws IllegalArgumentException naming kind, setting, what came and what is known
   */
  static void check(Fault.Kind kind, Map<String, String> settings) {
    String at = settings.get("byte");
    if (at != null && !at.matches("\\d{1,9}|middle|last")) {
      throw wrong(kind, "byte", at, "a number, middle or last");
    }
    for (String key :
        List.of("status", "reset-in", "mb", "depth", "interval-ms", "index", "count", "seed")) {
      String value = settings.get(key);
      if (value != null && !value.matches("\\d{1,9}")) {
        throw wrong(kind, key, value, "a whole number");
      }
    }
    String seconds = settings.get("seconds");
    if (seconds != null && !seconds.matches("[+-]?\\d{1,9}")) {
      throw wrong(kind, "seconds", seconds, "a whole number");
    }
    if (kind == Fault.Kind.RECORD) {
      Fault.constant(
          HostileRecord.values(), "hostile record", settings.getOrDefault("bad", "null-id"));
    }
    int status = Integer.parseInt(settings.getOrDefault("status", "200"));
    if (status < 200 || status > 599) {
      throw wrong(kind, "status", "" + status, "200 to 599");
    }
  }

  private static IllegalArgumentException wrong(
      Fault.Kind kind, String key, String value, String range) {
    return new IllegalArgumentException(
        "toy: fault %s has %s=%s, must be %s.".formatted(kind.word(), key, value, range));
  }

  static HostileRecord hostile(Fault fault) {
    return Fault.constant(
        HostileRecord.values(), "hostile record", fault.setting("bad", "null-id"));
  }

  /**
   * The address of the next page, another one where a fault says so; null for none.
   *
   * @param next the next page's address; null on the last page
   * @param self the page's own address
   * @param earlier the address of a page before it
   */
  static String next(List<Fault> hits, String next, String self, String earlier) {
    for (Fault fault : hits) {
      if (fault.kind() == Fault.Kind.NEXT_LINK) {
        String on = next == null ? self : next;
        String path = on.replaceFirst("^https?://[^/]+", "");
        return switch (fault.setting("to", "self")) {
          case "self" -> self;
          case "earlier" -> earlier;
          case "other-host" -> "http://localhost.example:9" + path;
          case "other-scheme" -> "file:///etc/hostname" + path.replaceFirst("^[^?]*", "");
          case "env" -> on + (on.contains("?") ? "&" : "?") + "x={{env:HOME}}";
          case "none" -> null;
          default -> fault.setting("to", "self");
        };
      }
    }
    return next;
  }

  /** A Link header with another next address, or without one for null. */
  static String link(String link, String next) {
    String rest =
        Arrays.stream(link.split(", (?=<)"))
            .filter(part -> !part.isEmpty() && !part.endsWith("rel=\"next\""))
            .collect(Collectors.joining(", "));
    if (next == null) {
      return rest;
    }
    return "<" + next + ">; rel=\"next\"" + (rest.isEmpty() ? "" : ", " + rest);
  }

  /** True where a fault changes the next address. */
  static boolean leadsAstray(List<Fault> hits) {
    return hits.stream().anyMatch(fault -> fault.kind() == Fault.Kind.NEXT_LINK);
  }

  /**
   * The answer that goes out in place of a good one.
   *
   * @param own the address of the request, with scheme and host
   */
  static Answer apply(
      Fault fault, Answer good, String own, Fault.Target target, Clock clock, Dialect dialect) {
    return switch (fault.kind()) {
      case STATUS -> status(fault, good);
      case TOO_MANY ->
          retryAfter(
              replace(good, dialect.tooMany(fault.number("status", 429))),
              fault.setting("retry-after", "1"),
              clock);
      case PRIMARY_LIMIT -> {
        Instant now = clock.instant();
        yield replace(
            good,
            dialect.spent(
                fault.number("status", dialect.limitStatus()),
                now.getEpochSecond() + fault.number("reset-in", 60),
                now));
      }
      case SECONDARY_LIMIT ->
          retryAfter(
              replace(good, dialect.hiddenLimit(fault.number("status", dialect.limitStatus()))),
              fault.setting("retry-after", "absent"),
              clock);
      case FORBIDDEN -> error(good, 403, dialect);
      case UNAUTHORIZED -> error(good, 401, dialect);
      case NOT_FOUND -> error(good, 404, dialect);
      case GONE -> error(good, 410, dialect);
      case LEGAL -> error(good, 451, dialect);
      case SERVER_ERROR -> replace(good, fault.number("status", 503), PAGE);
      case HTML ->
          replace(good, 200, PAGE)
              .header("Content-Type", fault.setting("as", "html").equals("json") ? JSON : HTML);
      case EMPTY -> replace(good, 200, "");
      case OBJECT -> replace(good, 200, "{\"message\":\"Something went wrong\"}");
      case WRONG_TYPE -> replace(good, 200, fault.setting("json", "42"));
      case BRACKET -> replace(good, 200, "[");
      case TRUNCATED -> {
        good.body.cut(place(fault).in(good.body.length()));
        yield good;
      }
      case HUGE -> {
        Answer answer = replace(good, 200, dialect.beforeRecords() + ENDLESS);
        byte[] block = new byte[MEGABYTE];
        Arrays.fill(block, (byte) 'x');
        yield answer.delivery(new Delivery.Repeat(block, fault.number("mb", 200), end(dialect)));
      }
      case GZIP_BOMB -> bomb(good, fault.number("mb", 1_024), dialect);
      case DEEP -> {
        int depth = fault.number("depth", 100_000);
        yield replace(good, 200, "[".repeat(depth) + "]".repeat(depth));
      }
      case NUL -> {
        String title = "\"" + dialect.shape(target).titleKey() + "\":\"";
        String text = new String(good.body.toByteArray(), StandardCharsets.UTF_8);
        yield replace(good, 200, text.replace(title, title + "\\u0000"));
      }
      case BOM -> {
        byte[] body = good.body.toByteArray();
        good.body.clear().put(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}).put(body);
        yield good;
      }
      case RESET -> good.delivery(new Delivery.Reset(place(fault)));
      case CLOSE -> good.delivery(new Delivery.Close(place(fault)));
      case DRIP ->
          good.delivery(new Delivery.Drip(Duration.ofMillis(fault.number("interval-ms", 1_000))));
      case HEADERS_ONLY -> good.delivery(new Delivery.HeadersOnly());
      case HANG -> good.delivery(new Delivery.Hang());
      case REDIRECT -> redirect(fault, good, own, dialect);
      case NEXT_LINK, RECORD, DUPLICATE_PAGE, SHIFT, CLOCK_SKEW -> good;
    };
  }

  private static Answer status(Fault fault, Answer good) {
    int status = fault.number("status", 503);
    Answer answer =
        replace(
            good,
            status,
            fault.setting(
                "body", "{\"message\":\"Status " + status + "\",\"status\":\"" + status + "\"}"));
    answer.header("Content-Type", fault.setting("type", JSON));
    fault
        .settings()
        .forEach(
            (key, value) -> {
              if (key.startsWith("header.")) {
                answer.headers.keySet().removeIf(h -> h.equalsIgnoreCase(key.substring(7)));
                answer.header(key.substring(7), value);
              }
            });
    return answer;
  }

  private static Answer redirect(Fault fault, Answer good, String own, Dialect dialect) {
    String to = fault.setting("to", "renamed");
    String location =
        switch (to) {
          case "loop" -> own;
          case "renamed" -> dialect.renamed(own);
          case "other-host" -> own.replaceFirst("^http://[^/]+", "http://localhost.example:9");
          default -> to;
        };
    return replace(good, dialect.moved(fault.number("status", 301), location));
  }

  private static Answer error(Answer good, int status, Dialect dialect) {
    return replace(good, dialect.error(status, dialect.words(status)));
  }

  /** Another status and body, and the headers that come with them. */
  private static Answer replace(Answer good, Answer other) {
    good.status = other.status;
    good.body = other.body;
    sameHeaders(good).headers.putAll(other.headers);
    return good;
  }

  private static Answer replace(Answer good, int status, String body) {
    return replace(good, Answer.of(status, JSON, body.getBytes(StandardCharsets.UTF_8)));
  }

  /** What the vendor's servers in front of the API leave out of an error. */
  private static Answer sameHeaders(Answer answer) {
    if (answer.status != 200) {
      answer
          .headers
          .keySet()
          .removeIf(
              name ->
                  Set.of("ETag", "Link", "Cache-Control").contains(name)
                      || name.matches("X-(Next-Page|Prev-Page|Page|Per-Page|Total|Total-Pages)"));
    }
    return answer;
  }

  private static Answer retryAfter(Answer answer, String value, Clock clock) {
    if (value.equals("absent")) {
      return answer;
    }
    if (value.startsWith("date:")) {
      long seconds = Long.parseLong(value.substring("date:".length()));
      return answer.header("Retry-After", ToyApi.date(clock.instant().plusSeconds(seconds)));
    }
    return answer.header("Retry-After", value);
  }

  private static Delivery.Place place(Fault fault) {
    return Delivery.Place.parse(fault.setting("byte", "middle"));
  }

  /** A gzip stream of one issue whose body is that many megabytes of the same letter. */
  private static Answer bomb(Answer good, int megabytes, Dialect dialect) {
    byte[] head = (dialect.beforeRecords() + ENDLESS).getBytes(StandardCharsets.US_ASCII);
    byte[] tail = end(dialect);
    byte[] block = new byte[MEGABYTE];
    Arrays.fill(block, (byte) 'x');
    CRC32 sum = new CRC32();
    sum.update(head);
    for (int i = 0; i < megabytes; i++) {
      sum.update(block);
    }
    sum.update(tail);
    long length = head.length + (long) megabytes * MEGABYTE + tail.length;
    // A full flush makes a block independent of what came before, so it can be sent many times
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      Answer answer = replace(good, 200, "");
      answer.body.put(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff});
      answer.body.put(deflate(deflater, head));
      byte[] repeated = deflate(deflater, block);
      deflater.setInput(tail);
      deflater.finish();
      byte[] buffer = new byte[64];
      Bytes end = new Bytes(64).put(buffer, 0, deflater.deflate(buffer));
      for (long number : new long[] {sum.getValue(), length}) {
        for (int shift = 0; shift < 32; shift += 8) {
          end.put((char) (number >>> shift & 0xff));
        }
      }
      return answer
          .header("Content-Encoding", "gzip")
          .delivery(new Delivery.Repeat(repeated, megabytes, end.toByteArray()));
    } finally {
      deflater.end();
    }
  }

  private static byte[] end(Dialect dialect) {
    return ("\"}" + dialect.afterRecords()).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] deflate(Deflater deflater, byte[] input) {
    deflater.setInput(input);
    Bytes out = new Bytes(4 * 1024);
    byte[] buffer = new byte[4 * 1024];
    int count;
    do {
      count = deflater.deflate(buffer, 0, buffer.length, Deflater.FULL_FLUSH);
      out.put(buffer, 0, count);
    } while (count == buffer.length);
    return out.toByteArray();
  }
}

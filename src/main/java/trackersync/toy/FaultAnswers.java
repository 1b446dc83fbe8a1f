package trackersync.toy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** What each kind of fault makes of a good answer. */
final class FaultAnswers {
  private static final String JSON = "application/json; charset=utf-8";
  private static final String HTML = "text/html; charset=utf-8";
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

  /** The Link header with its next address changed, where a fault says so. */
  static String link(String link, List<Fault> hits, ToyRequest request, String home, int page) {
    for (Fault fault : hits) {
      if (fault.kind() == Fault.Kind.NEXT_LINK) {
        String address = home + "/issues?";
        String next = request.queryForPage(page + 1L);
        String to = fault.setting("to", "self");
        String target =
            switch (to) {
              case "self" -> address + request.queryForPage(page);
              case "earlier" -> address + request.queryForPage(Math.max(1, page - 1));
              case "other-host" -> "http://localhost.example:9/repositories/1/issues?" + next;
              case "other-scheme" -> "file:///etc/hostname?" + next;
              case "env" -> address + next + "&x={{env:HOME}}";
              case "none" -> null;
              default -> to;
            };
        List<String> kept =
            Arrays.stream(link.split(", (?=<)"))
                .filter(part -> !part.isEmpty() && !part.endsWith("rel=\"next\""))
                .toList();
        String rest = String.join(", ", kept);
        if (target == null) {
          return rest;
        }
        return "<" + target + ">; rel=\"next\"" + (rest.isEmpty() ? "" : ", " + rest);
      }
    }
    return link;
  }

  /**
   * The answer that goes out in place of a good one.
   *
   * @param origin scheme, host and Enterprise prefix of the toy
   */
  static Answer apply(Fault fault, Answer good, ToyRequest request, String origin, Clock clock) {
    return switch (fault.kind()) {
      case STATUS -> status(fault, good);
      case TOO_MANY -> {
        Answer answer =
            replace(good, fault.number("status", 429), "{\"message\":\"Too many requests\"}");
        yield retryAfter(answer, fault.setting("retry-after", "1"), clock);
      }
      case PRIMARY_LIMIT -> {
        long reset = clock.instant().getEpochSecond() + fault.number("reset-in", 60);
        yield error(
                good, fault.number("status", 403), "API rate limit exceeded for user ID 90000000.")
            .header("X-RateLimit-Limit", "5000")
            .header("X-RateLimit-Remaining", "0")
            .header("X-RateLimit-Used", "5000")
            .header("X-RateLimit-Resource", "core")
            .header("X-RateLimit-Reset", "" + reset);
      }
      case SECONDARY_LIMIT ->
          retryAfter(
              error(
                  good,
                  fault.number("status", 403),
                  "You have exceeded a secondary rate limit. Please wait a few minutes before you"
                      + " try again."),
              fault.setting("retry-after", "absent"),
              clock);
      case FORBIDDEN -> error(good, 403, "Resource not accessible by personal access token");
      case UNAUTHORIZED -> error(good, 401, "Bad credentials");
      case NOT_FOUND -> error(good, 404, "Not Found");
      case GONE -> error(good, 410, "Issues are disabled for this repo");
      case LEGAL -> error(good, 451, "Repository access blocked");
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
        Answer answer =
            replace(good, 200, "[{\"id\":1,\"number\":1,\"title\":\"long\",\"body\":\"");
        byte[] block = new byte[MEGABYTE];
        Arrays.fill(block, (byte) 'x');
        yield answer.delivery(
            new Delivery.Repeat(
                block, fault.number("mb", 200), "\"}]".getBytes(StandardCharsets.US_ASCII)));
      }
      case GZIP_BOMB -> bomb(good, fault.number("mb", 1_024));
      case DEEP -> {
        int depth = fault.number("depth", 100_000);
        yield replace(good, 200, "[".repeat(depth) + "]".repeat(depth));
      }
      case NUL -> {
        String text = new String(good.body.toByteArray(), StandardCharsets.UTF_8);
        yield replace(good, 200, text.replace("\"title\":\"", "\"title\":\"\\u0000"));
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
      case REDIRECT -> redirect(fault, good, request, origin);
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

  private static Answer redirect(Fault fault, Answer good, ToyRequest request, String origin) {
    String query = request.query().isEmpty() ? "" : "?" + request.query();
    String own = origin.replaceFirst("(http://[^/]+).*", "$1") + request.path() + query;
    String to = fault.setting("to", "renamed");
    String location =
        switch (to) {
          case "loop" -> own;
          case "renamed" -> own.replaceFirst("/repos/([^/]+)/([^/?]+)", "/repos/$1/$2-renamed");
          case "other-host" -> "http://localhost.example:9" + request.path() + query;
          default -> to;
        };
    int status = fault.number("status", 301);
    String url = new String(Bytes.json(location), StandardCharsets.UTF_8);
    return replace(
            good,
            status,
            "{\"message\":\"Moved Permanently\",\"url\":\""
                + url
                + "\",\"documentation_url\":\"https://docs.github.com/rest\"}")
        .header("Location", location);
  }

  private static Answer error(Answer good, int status, String message) {
    Answer error = Answer.error(status, message);
    good.body = error.body;
    good.status = status;
    return sameHeaders(good).header("Content-Type", JSON);
  }

  private static Answer replace(Answer good, int status, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    good.body = new Bytes(bytes.length).put(bytes);
    good.status = status;
    return sameHeaders(good).header("Content-Type", JSON);
  }

  /** What the vendor's servers in front of the API leave out of an error. */
  private static Answer sameHeaders(Answer answer) {
    if (answer.status != 200) {
      answer.headers.keySet().removeAll(Set.of("ETag", "Link", "Cache-Control"));
    }
    return answer;
  }

  private static Answer retryAfter(Answer answer, String value, Clock clock) {
    if (value.equals("absent")) {
      return answer;
    }
    if (value.startsWith("date:")) {
      long seconds = Long.parseLong(value.substring("date:".length()));
      return answer.header("Retry-After", GithubApi.date(clock.instant().plusSeconds(seconds)));
    }
    return answer.header("Retry-After", value);
  }

  private static Delivery.Place place(Fault fault) {
    return Delivery.Place.parse(fault.setting("byte", "middle"));
  }

  /** A gzip stream of one issue whose body is that many megabytes of the same letter. */
  private static Answer bomb(Answer good, int megabytes) {
    byte[] head =
        "[{\"id\":1,\"number\":1,\"title\":\"long\",\"body\":\""
            .getBytes(StandardCharsets.US_ASCII);
    byte[] tail = "\"}]".getBytes(StandardCharsets.US_ASCII);
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

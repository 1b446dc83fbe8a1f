package trackersync.fetch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * What an answer means; bean {@code sourceAnswers} of the routes under routes/shared. Each kind of
 * answer has its own outcome, words and cure. What is not a page is never taken for an empty one.
 *
 * <p>Rate limits as GitHub documents them ("Rate limits for the REST API", 2022-11-28): a 403 is a
 * limit only with nothing remaining of a limit above 0, with Retry-After, or when it says so.
 */
public final class SourceAnswers {
  private static final int BODY_SHOWN = 2_048;
  private static final Pattern FIRST_NUMBER =
      Pattern.compile("^\\s*(\\d{1,15})(?:\\s*[,;].*|\\s*)$");
  private static final Duration LEDGER_MAX = Duration.ofHours(1);
  private final Quota quota;
  private final Clock clock;
  private final Duration waitDefault;
  private final RetryAfter retryAfter;
  private final ObjectReader json;

  /**
   * @param waitDefault how long a token rests when the source set no time
   * @param nestingMax how deep a page's JSON may nest
   * @param bodyMax how long a page's text may be, in bytes
   */
  public SourceAnswers(
      Quota quota, Clock clock, Duration waitDefault, int nestingMax, long bodyMax) {
    this.quota = quota;
    this.clock = clock;
    this.waitDefault = waitDefault;
    this.retryAfter = new RetryAfter(clock);
    JsonMapper mapper =
        JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(nestingMax)
                .maxStringLength((int) Math.min(bodyMax, Integer.MAX_VALUE - 8))
                .maxNumberLength(400)
                .build());
    this.json = mapper.readerFor(JsonNode.class).without(JsonParser.Feature.AUTO_CLOSE_SOURCE);
  }

  /**
   * Before the call: the address is ours, and the token has budget left. Sets CamelHttpUri.
   *
   * @throws SourceException.Limit when the budget is used up: nothing is sent
   */
  public void prepare(Exchange exchange) {
    // one that was read before in this exchange; nobody may hold a processor while he waits
    RawPage.done(exchange);
    String tracker = exchange.getVariable("tracker", String.class);
    URI api = URI.create(exchange.getVariable("apiUrl", String.class));
    URI page = Addresses.sameOrigin(tracker, exchange.getVariable("pageUrl", String.class), api);
    String key = exchange.getVariable("tokenKey", String.class);
    Optional<Instant> wait = quota.take(key, tracker, api);
    if (wait.isPresent()) {
      throw new SourceException.Limit(
          tracker + ": the budget of this token is used up until " + wait.get() + ".",
          "Nothing to do: the operation goes on by itself. Use a token of its own for this"
              + " connection if it happens often.",
          wait.get(),
          false);
    }
    exchange.getMessage().setHeader(Exchange.HTTP_URI, page.toString());
    exchange.getMessage().setHeader(SourceClient.TRACKER, tracker);
    exchange.setVariable("unavailable", "");
    String token = exchange.getVariable("token", String.class);
    if (!token.isEmpty()) {
      exchange
          .getMessage()
          .setHeader(
              exchange.getVariable("authorizationHeader", "Authorization", String.class),
              authorization(exchange.getVariable("authorization", "Bearer", String.class), token));
    }
  }

  /**
   * Basic takes a token of the form {@code user:secret}, any other goes as a bearer token; {@code
   * none} sends the token alone, any other word stands before it.
   */
  private static String authorization(String scheme, String token) {
    return switch (scheme) {
      case "Basic" ->
          token.indexOf(':') > 0
              ? "Basic "
                  + Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8))
              : "Bearer " + token;
      case "none" -> token;
      default -> scheme + " " + token;
    };
  }

  /** The call brought no answer: its place in the budget is free again. */
  public void lost(Exchange exchange) {
    quota.release(exchange.getVariable("tokenKey", String.class));
    Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof SourceException known) {
        throw known;
      }
    }
    String tracker = exchange.getVariable("tracker", String.class);
    throw new SourceException.Unavailable(
        tracker
            + ": no answer from "
            + Addresses.origin(URI.create(exchange.getVariable("apiUrl", String.class)))
            + " ("
            + words(cause)
            + ").",
        "Check connection.<id>.url, the network and the source's status page; it is tried again.",
        null);
  }

  /**
   * After the call: the body becomes a parsed page, or the answer's own exception is thrown. Sets
   * variables sourceDate (Instant, the source's clock), etag, notModified, movedUrl.
   */
  public void read(Exchange exchange) throws IOException {
    Message in = exchange.getMessage();
    String tokenKey = exchange.getVariable("tokenKey", String.class);
    quota.release(tokenKey);
    int status = in.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
    Instant date = RetryAfter.httpDate(in.getHeader("Date", String.class)).orElse(null);
    String limit = rate(in, "Limit");
    String remaining = rate(in, "Remaining");
    Instant reset = retryAfter.reset(rate(in, "Reset"), date).orElse(null);
    quota.learn(
        tokenKey,
        in.getHeader("X-RateLimit-Resource", String.class),
        number(limit),
        number(remaining),
        RetryAfter.isEpoch(rate(in, "Reset")) ? number(rate(in, "Reset")) : null,
        reset == null ? null : capped(reset));
    exchange.setVariable("sourceDate", date == null ? clock.instant() : date);
    exchange.setVariable("etag", in.getHeader("ETag", String.class));
    exchange.setVariable("movedUrl", in.getHeader(SourceClient.MOVED, String.class));
    exchange.setVariable("notModified", status == 304);
    byte[] body = body(in);
    if (status == 304 && exchange.getVariable("etagAsked") != null) {
      in.setBody(null);
      return;
    }
    if (status != 200) {
      SourceException refusal =
          refusal(exchange, status, body, number(limit), number(remaining), reset, date);
      if (!notOffered(exchange, status, refusal)) {
        throw refusal;
      }
      exchange.setVariable("unavailable", refusal.getMessage());
      in.setBody(JsonNodeFactory.instance.arrayNode());
      return;
    }
    in.setBody(page(exchange, in, body));
  }

  /** What some sources have not at all (switched off, not in their tier) fails no operation. */
  private static boolean notOffered(Exchange exchange, int status, SourceException refusal) {
    boolean mayLack =
        "true".equals(exchange.getVariable("optional"))
            // a record that was deleted or moved away since its webhook
            || "record".equals(exchange.getVariable("mode"));
    return mayLack
        && refusal instanceof SourceException.Refused
        && (status == 403 || status == 404 || status == 410);
  }

  /** GitHub and Bitbucket begin these headers with X-, GitLab does not. */
  private static String rate(Message in, String what) {
    String with = in.getHeader("X-RateLimit-" + what, String.class);
    return with != null ? with : in.getHeader("RateLimit-" + what, String.class);
  }

  private JsonNode page(Exchange exchange, Message in, byte[] body) throws IOException {
    String where = where(exchange, 200);
    String type = in.getHeader(Exchange.CONTENT_TYPE, "", String.class).toLowerCase(Locale.ROOT);
    if (body.length == 0) {
      throw unusable(where, "an empty answer");
    }
    boolean markup = body[0] == '<' || type.contains("html");
    if (markup || !type.contains("json")) {
      throw unusable(
          where, markup ? "an HTML page" : "an answer of type '" + shownType(type) + "'");
    }
    try {
      RawPage.turn(exchange);
      JsonNode page = RawPage.parse(exchange, json, body);
      if (page == null || page.isMissingNode() || !(page.isArray() || page.isObject())) {
        throw unusable(where, "JSON that is neither list nor object");
      }
      return page;
    } catch (JsonProcessingException e) {
      throw unusable(
          where,
          "JSON that breaks off or is wrong at byte "
              + Math.max(0, e.getLocation() == null ? 0 : e.getLocation().getByteOffset())
              + " of "
              + body.length);
    }
  }

  /** The list a page should hold; anything else is an error, never "0 records". */
  public static JsonNode list(String tracker, JsonNode items) {
    if (items == null || !items.isArray()) {
      throw unusable(
          tracker + ": 200 came",
          items != null && items.has("message")
              ? "an object with a message where the list of records is due"
              : "no list where the list of records is due");
    }
    return items;
  }

  private static SourceException unusable(String where, String what) {
    return new SourceException.Unavailable(
        where + " with " + what + ".",
        "A proxy, a login page or a fault of the source answers in its place: it is tried again;"
            + " then check connection.<id>.url.",
        null);
  }

  private SourceException refusal(
      Exchange exchange,
      int status,
      byte[] body,
      Long limit,
      Long remaining,
      Instant reset,
      Instant date) {
    String tracker = exchange.getVariable("tracker", String.class);
    String name = exchange.getVariable("connectionName", String.class);
    String where = where(exchange, status);
    Message in = exchange.getMessage();
    Optional<Instant> after = retryAfter.header(in.getHeader("Retry-After", String.class), date);
    String text = new String(body, 0, Math.min(body.length, BODY_SHOWN), StandardCharsets.UTF_8);
    boolean primary = remaining != null && remaining == 0 && limit != null && limit > 0;
    boolean secondary =
        after.isPresent()
            || in.getHeader("gh-limited-by") != null
            || text.toLowerCase(Locale.ROOT).contains("secondary rate limit");
    if (status == 429 || (status == 403 && (primary || secondary))) {
      Instant until = after.orElse(primary ? reset : null);
      String tokenKey = exchange.getVariable("tokenKey", String.class);
      quota.block(tokenKey, capped(until != null ? until : clock.instant().plus(waitDefault)));
      return new SourceException.Limit(
          where
              + ": "
              + (primary && after.isEmpty() ? "rate limit used up" : "asked to slow down")
              + (until == null ? "" : " until " + until)
              + ".",
          "Nothing to do: the operation waits and goes on by itself.",
          until,
          true);
    }
    String retired = exchange.getVariable("retired", "", String.class);
    if ((status == 404 || status == 410) && !retired.isEmpty()) {
      return new SourceException.Refused(
          where + ": source retired. " + retired + ".",
          "Remove connection " + name + ", or point it to where the issues live now.",
          true);
    }
    return switch (status) {
      case 401 ->
          new SourceException.Refused(
              tracker + ": token rejected (" + where.substring(tracker.length() + 2) + ").",
              "Set connection." + name + ".token to one that may read issues.",
              false);
      case 403 ->
          new SourceException.Refused(
              where + ": forbidden, and not by a rate limit.",
              "Give the token of connection."
                  + name
                  + " the right to read this repository's issues.",
              false);
      case 404 ->
          new SourceException.Refused(
              where + ": no such repository, or the token may not see it.",
              "Check connection." + name + ".url and that its token may read it.",
              true);
      case 410 ->
          new SourceException.Refused(
              where + ": gone; the source has switched its issues off.",
              "Switch issues on at the source, or remove connection " + name + ".",
              true);
      case 451 ->
          new SourceException.Refused(
              where + ": withheld for legal reasons.",
              "Ask the owner of the repository, or remove connection " + name + ".",
              true);
      default ->
          status >= 500 || status == 408 || status == 425
              ? new SourceException.Unavailable(
                  where + ": the source has trouble.",
                  "It is tried again; see the source's status page.",
                  after.orElse(null))
              : new SourceException.Refused(
                  where + ": an answer nobody expected here.",
                  "Check connection." + name + ".url; if it is right, report this line.",
                  false);
    };
  }

  /** The ledger is shared and outlives a restart: an absurd time must not shut a token out. */
  private Instant capped(Instant until) {
    Instant most = clock.instant().plus(LEDGER_MAX);
    return until.isAfter(most) ? most : until;
  }

  private static String where(Exchange exchange, int status) {
    return exchange.getVariable("tracker", String.class)
        + ": "
        + status
        + " from "
        + Addresses.shown(URI.create(exchange.getVariable("pageUrl", String.class)).getRawPath());
  }

  private static byte[] body(Message in) throws IOException {
    Object body = in.getBody();
    if (body instanceof InputStream stream) {
      try (stream) {
        return stream.readAllBytes();
      }
    }
    byte[] bytes = in.getBody(byte[].class);
    return bytes == null ? new byte[0] : bytes;
  }

  private static String shownType(String type) {
    return type.replaceAll("[^a-z0-9/+.;= -]", "?").substring(0, Math.min(type.length(), 40));
  }

  private static String words(Throwable cause) {
    Throwable root = cause;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    return root == null ? "unknown" : root.getClass().getSimpleName();
  }

  private static Long number(String header) {
    // Bitbucket adds its windows: 60, 60;w=3600
    Matcher first = header == null ? null : FIRST_NUMBER.matcher(header);
    return first == null || !first.find() ? null : Long.valueOf(first.group(1));
  }
}

package trackersync.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RFC 9457 problem documents, one form for the gate, the validation and the routes. What a route
 * throws goes to the log under the exchange's id; the caller gets the id only.
 */
public final class Problem {
  static final String TYPE = "application/problem+json";
  static final String NOT_THE_CONTRACT = "the request does not match the contract";

  private static final Logger LOG = LoggerFactory.getLogger(Problem.class);
  private static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(406, "Not Acceptable"),
          Map.entry(408, "Request Timeout"),
          Map.entry(409, "Conflict"),
          Map.entry(412, "Precondition Failed"),
          Map.entry(413, "Content Too Large"),
          Map.entry(414, "URI Too Long"),
          Map.entry(415, "Unsupported Media Type"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(502, "Bad Gateway"),
          Map.entry(503, "Service Unavailable"));

  private static final Map<String, String> TWINS =
      Map.of(
          "connections_address", "another connection reads that address",
          "connections_release", "another connection reads that release",
          "connections_name_key", "another connection has that name",
          "projects_key_key", "another project has that key",
          "issues_external_id", "another issue of the project has that externalId");

  /** The document. */
  static String json(int status, String detail, Map<String, ?> members) {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", "about:blank");
    problem.put("title", TITLES.getOrDefault(status, "Error"));
    problem.put("status", status);
    if (detail != null) {
      problem.put("detail", detail);
    }
    problem.putAll(members);
    return Json.text(problem);
  }

  /** From a handler of the gate; does nothing when the answer has begun. */
  static void send(RoutingContext ctx, int status, String detail) {
    HttpServerResponse response = ctx.response();
    if (response.ended() || response.headWritten()) {
      return;
    }
    if (!ctx.request().isEnded()) {
      // the body was paused for a handler further on, or is not wanted: read it away
      ctx.request().resume();
    }
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, TYPE)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    ctx.end(json(status, detail, Map.of()));
  }

  /** For requests the HTTP parser refused: too long a line, too many headers, no HTTP at all. */
  static void unreadable(HttpServerRequest request) {
    String reason = String.valueOf(request.decoderResult().cause());
    int status =
        reason.contains("TooLongHttpLine") ? 414 : reason.contains("TooLongHttpHeader") ? 431 : 400;
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, TYPE)
        .putHeader(HttpHeaders.CONNECTION, "close")
        .end(json(status, null, Map.of()))
        .onComplete(done -> request.connection().close());
  }

  /** For YAML, in {@code onException}: the caught exception as an answer. */
  public void fromException(Exchange exchange) {
    answer(exchange, exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
  }

  static void answer(Exchange exchange, Throwable thrown) {
    ApiException refusal = refusal(thrown);
    if (refusal != null) {
      reply(exchange, refusal.status(), refusal.getMessage(), refusal.members());
      return;
    }
    LOG.error("api: exchange {} failed", exchange.getExchangeId(), thrown);
    reply(exchange, 500, null, Map.of("exchange", exchange.getExchangeId()));
  }

  /** For YAML: end the route with this status. */
  public void refuse(int status, String detail) {
    throw new ApiException(status, detail);
  }

  /**
   * For YAML: end the route with 409.
   *
   * @param operation the one in the way
   */
  public void busy(String connection, String operation) {
    throw running(connection, operation);
  }

  /**
   * @param operation the one in the way; null when it ended while it was looked for
   */
  static ApiException running(String connection, Object operation) {
    return new ApiException(
        409, "connection " + connection + " is being synced", inTheWay(operation));
  }

  static Map<String, Object> inTheWay(Object operation) {
    return operation == null
        ? Map.of("cure", "Try again.")
        : Map.of(
            "operation",
            operation.toString(),
            "cure",
            "Wait until the operation is over, or cancel it.");
  }

  private static ApiException refusal(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof ApiException refusal) {
        return refusal;
      }
      if (at instanceof PSQLException refused && "23505".equals(refused.getSQLState())) {
        return twin(refused.getServerErrorMessage());
      }
    }
    return null;
  }

  /** A unique index decides between two callers; here it is put in words. */
  private static ApiException twin(ServerErrorMessage refused) {
    String constraint = refused == null ? null : refused.getConstraint();
    return new ApiException(
        409, TWINS.getOrDefault(String.valueOf(constraint), "there is one like it already"));
  }

  static void reply(Exchange exchange, int status, String detail, Map<String, ?> members) {
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, TYPE);
    exchange.getMessage().setHeader("Cache-Control", "no-store");
    exchange.getMessage().setBody(json(status, detail, members));
  }
}

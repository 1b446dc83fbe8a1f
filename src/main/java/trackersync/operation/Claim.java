package trackersync.operation;

import java.net.URI;
import java.sql.Array;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import trackersync.fetch.Addresses;
import trackersync.fetch.Quota;
import trackersync.fetch.SourceException;
import trackersync.secret.Secrets;
import trackersync.settings.ConnectionSettings;
import trackersync.settings.Settings;

/**
 * What a claimed operation needs to know, as exchange variables; bean {@code claim}. Camel's
 * variables survive {@code removeHeaders: "*"}.
 */
public final class Claim {
  private final Settings settings;
  private final Secrets secrets;
  private final Quota quota;

  public Claim(Settings settings, Secrets secrets, Quota quota) {
    this.settings = settings;
    this.secrets = secrets;
    this.quota = quota;
  }

  /** Body: the row of claim-operation.sql. Sets the variables of operation-run's header. */
  public void open(Exchange exchange) throws SQLException {
    Map<?, ?> row = exchange.getMessage().getBody(Map.class);
    for (String name :
        List.of("operation", "fence", "connection", "tracker", "url", "kind", "retries", "pages")) {
      exchange.setVariable(name, row.get(name));
    }
    String tracker = (String) row.get("tracker");
    String name = (String) row.get("connection_name");
    UUID connection = (UUID) row.get("connection");
    boolean includeClosed = (Boolean) row.get("include_closed");
    exchange.setVariable("connectionName", name);
    exchange.setVariable("requestedBy", row.get("requested_by"));
    exchange.setVariable("includeClosed", includeClosed);
    exchange.setVariable("fromStart", row.get("from_start"));
    exchange.setVariable("filter", includeClosed ? "all" : "open");
    exchange.setVariable("otherSinks", !texts(row.get("sinks")).equals(List.of("postgres")));
    if (row.get("cancelled_by") != null) {
      throw new Cancelled((String) row.get("cancelled_by"));
    }
    if ((Boolean) row.get("removed")) {
      throw new SourceException.Refused(
          tracker + ": connection " + name + " was removed before its operation began.",
          "Connect it again to sync it.",
          false);
    }
    source(exchange, tracker, name, connection, row);
    List<String> left = new ArrayList<>(streams(tracker, (String) row.get("sync_type")));
    left.removeAll(texts(row.get("streams_done")));
    exchange.setVariable("streamsLeft", left);
    exchange.setVariable("savedStream", row.get("stream"));
    exchange.setVariable("savedMode", row.get("mode"));
    exchange.setVariable("savedPage", row.get("next_page"));
    exchange.setVariable("startedAt", Instant.now());
  }

  /** Body: the row of find-connection.sql. Sets the variables a fetch needs. */
  public void openConnection(Exchange exchange) {
    Map<?, ?> row = exchange.getMessage().getBody(Map.class);
    String tracker = (String) row.get("tracker");
    String name = (String) row.get("connection_name");
    exchange.setVariable("tracker", tracker);
    exchange.setVariable("connectionName", name);
    source(exchange, tracker, name, (UUID) row.get("connection"), row);
  }

  /** Sets variables apiUrl, recordsUrl, token, tokenKey of a connection row. */
  private void source(
      Exchange exchange, String tracker, String name, UUID connection, Map<?, ?> row) {
    String token = token(name, connection, (byte[]) row.get("token_encrypted"));
    Source source =
        Source.of(
            tracker,
            (String) row.get("url"),
            (String) row.get("api_url"),
            (String) row.get("moved_url"),
            settings.find("tracker." + tracker + ".url").orElse(""));
    exchange.setVariable("apiUrl", source.api().toString());
    exchange.setVariable("recordsUrl", source.records().toString());
    exchange.setVariable("token", token == null ? "" : token);
    String key = Quota.key(source.api(), token);
    exchange.setVariable("tokenKey", key);
    quota.refresh(key);
  }

  private String token(String name, UUID connection, byte[] sealed) {
    if (sealed != null) {
      try {
        return secrets.decrypt(connection, sealed);
      } catch (IllegalStateException e) {
        throw new SourceException.Refused(
            "the stored token of connection " + name + " does not decrypt.",
            "Set the encryption.key it was stored with, or store the token again.",
            false);
      }
    }
    return settings.connections().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .flatMap(ConnectionSettings::token)
        .orElse(null);
  }

  /** Sets stream, mode, nextPage, cursor for the next stream; stream is null when none is left. */
  public void nextStream(Exchange exchange) {
    @SuppressWarnings("unchecked")
    List<String> left = exchange.getVariable("streamsLeft", List.class);
    exchange.setVariable("stream", left.isEmpty() ? null : left.remove(0));
  }

  /**
   * Body: the row of read-cursor.sql, or null. A stream without a high-water mark is swept from the
   * first change on; one with it is asked for what changed since, less an overlap for records
   * committed late; an operation that is to read all again goes by no mark. The mark moves with
   * each page, so that a new operation goes on where a failed one stopped, in mid-sweep too.
   */
  public void position(Exchange exchange) {
    Map<?, ?> cursor = exchange.getMessage().getBody(Map.class);
    String tracker = exchange.getVariable("tracker", String.class);
    String stream = exchange.getVariable("stream", String.class);
    boolean fromStart = exchange.getVariable("fromStart", Boolean.class);
    boolean known = cursor != null && !fromStart;
    Instant highWater = known ? instant(cursor.get("high_water_at")) : null;
    boolean resumed = stream.equals(exchange.getVariable("savedStream", String.class));
    String mode =
        resumed && exchange.getVariable("savedMode") != null
            ? exchange.getVariable("savedMode", String.class)
            : highWater == null ? "full" : "incremental";
    Duration overlap = settings.duration("tracker." + tracker + ".overlap");
    exchange.setVariable("mode", mode);
    exchange.setVariable(
        "since",
        (highWater == null
                ? Instant.EPOCH
                : highWater.minus(overlap).truncatedTo(ChronoUnit.SECONDS))
            .toString());
    String page = resumed ? exchange.getVariable("savedPage", String.class) : null;
    exchange.setVariable("nextPage", sameOrigin(page, exchange) ? page : null);
    exchange.setVariable("savedEtag", known ? cursor.get("etag") : null);
    exchange.setVariable("savedEtagUrl", known ? cursor.get("etag_url") : null);
    exchange.removeVariable("savedStream");
  }

  /** A page kept from before the connection's address was changed would be refused for ever. */
  private static boolean sameOrigin(String page, Exchange exchange) {
    URI api = URI.create(exchange.getVariable("apiUrl", String.class));
    return page != null && Addresses.origin(URI.create(page)).equals(Addresses.origin(api));
  }

  private List<String> streams(String tracker, String syncType) {
    List<String> all = List.of(settings.get("tracker." + tracker + ".streams").split("\\s*,\\s*"));
    return switch (syncType) {
      case "IssuesOnly" -> all.stream().filter(s -> s.equals("issues")).toList();
      case "SecurityOnly" -> all.stream().filter(s -> !s.equals("issues")).toList();
      default -> all;
    };
  }

  static List<String> texts(Object array) throws SQLException {
    return array instanceof Array a
        ? Arrays.asList((String[]) a.getArray())
        : array instanceof String[] s ? Arrays.asList(s) : List.of();
  }

  static Instant instant(Object value) {
    return value instanceof java.sql.Timestamp t
        ? t.toInstant()
        : value instanceof java.time.OffsetDateTime o ? o.toInstant() : null;
  }

  /**
   * Where a connection's records are read.
   *
   * @param api the API's base, which fixes the origin the token may go to
   * @param records the address the stream's path is appended to
   */
  record Source(URI api, URI records) {
    /**
     * GitHub: {@code https://github.com/o/r} is read at {@code publicApi}, any other host at {@code
     * https://HOST/api/v3} (Enterprise Server). A renamed repository is read where it moved to.
     */
    static Source of(String tracker, String url, String apiUrl, String moved, String publicApi) {
      URI place = URI.create(url);
      String path = place.getPath().replaceAll("(\\.git)?/*$", "");
      String base =
          apiUrl != null && !apiUrl.isBlank()
              ? apiUrl
              : place.getHost().equalsIgnoreCase("github.com")
                  ? publicApi
                  : place.getScheme() + "://" + place.getRawAuthority() + "/api/v3";
      URI api = URI.create(base.replaceAll("/+$", ""));
      return new Source(api, moved != null ? URI.create(moved) : URI.create(api + "/repos" + path));
    }
  }
}

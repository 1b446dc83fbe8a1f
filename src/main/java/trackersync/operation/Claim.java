package trackersync.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
  private static final String ANYWHERE = "any";
  private static final ObjectMapper JSON = new ObjectMapper();
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
    String filter = (String) row.get("source_filter");
    exchange.setVariable("sourceFilter", filter == null ? null : encoded(filter));
    String closed = includeClosed ? "all" : "open";
    exchange.setVariable("filter", filter == null ? closed : closed + ":" + filter);
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
    address(exchange, name, connection, row);
    String recordStream = (String) row.get("record_stream");
    String recordRef = (String) row.get("record_ref");
    exchange.setVariable("recordRef", recordRef == null ? null : encoded(recordRef));
    List<String> left =
        new ArrayList<>(
            recordStream != null
                ? List.of(recordStream)
                : streams(tracker, (String) row.get("sync_type")));
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
    address(exchange, name, (UUID) row.get("connection"), row);
    exchange.setVariable("streamsLeft", new ArrayList<>(streams(tracker, "Full")));
  }

  /** Sets variables url, ownApiUrl, ownSettings, movedTo, token of a connection row. */
  private void address(Exchange exchange, String name, UUID connection, Map<?, ?> row) {
    String token = token(name, connection, (byte[]) row.get("token_encrypted"));
    JsonNode own = json((String) row.get("settings"));
    Map<String, String> encoded = new HashMap<>();
    own.properties().stream()
        .filter(one -> !one.getValue().isNull())
        .forEach(one -> encoded.put(one.getKey(), encoded(one.getValue().asText())));
    exchange.setVariable("ownSettings", encoded);
    exchange.setVariable("url", row.get("url"));
    String ownApi = own.path("api-url").textValue();
    exchange.setVariable("ownApiUrl", ownApi == null || ownApi.isBlank() ? null : ownApi);
    exchange.setVariable("movedTo", row.get("moved_url"));
    exchange.setVariable("token", token == null ? "" : token);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a connection's settings are no JSON", e);
    }
  }

  /** Ready for any place of an address. */
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Where the connection's records are read, for routes/shared/source. Sets apiUrl, recordsUrl and
   * tokenKey, and token where the tracker has one for all its connections.
   *
   * @param publicHost host of the vendor's own service, whose API is {@code publicApi}; {@code
   *     any}: every connection is read there
   * @param hostedApi path of the API below any other host
   * @param records path below the API base; PATH stands for the place's path, ENCODED for the same
   *     as one segment
   * @param needs a setting each connection must have; empty: none
   */
  public void source(
      Exchange exchange,
      String publicHost,
      String publicApi,
      String hostedApi,
      String records,
      String needs) {
    String tracker = exchange.getVariable("tracker", String.class);
    String own = exchange.getVariable("ownApiUrl", String.class);
    check(
        exchange,
        tracker,
        publicHost.equals(ANYWHERE) && publicApi.isBlank() && own == null,
        needs);
    Source source =
        Source.of(
            new Source.Rule(publicHost, publicApi, hostedApi, records),
            exchange.getVariable("url", String.class),
            own,
            exchange.getVariable("movedTo", String.class));
    exchange.setVariable("apiUrl", source.api().toString());
    exchange.setVariable("recordsUrl", source.records().toString());
    String token = exchange.getVariable("token", String.class);
    if (token.isEmpty() && own == null && publicHost.equals(ANYWHERE)) {
      // never for an address that a connection names itself
      token = settings.all().getOrDefault("tracker." + tracker + ".token", "");
      exchange.setVariable("token", token);
    }
    String key = Quota.key(source.api(), token.isEmpty() ? null : token);
    exchange.setVariable("tokenKey", key);
    quota.refresh(key);
  }

  private static void check(Exchange exchange, String tracker, boolean nowhere, String needs) {
    String name = exchange.getVariable("connectionName", String.class);
    if (nowhere) {
      throw new SourceException.Refused(
          tracker + ": no address is set.", "Set tracker." + tracker + ".url.", false);
    }
    Map<?, ?> own = exchange.getVariable("ownSettings", Map.class);
    if (!needs.isEmpty() && own.get(needs) == null) {
      throw new SourceException.Refused(
          tracker + ": connection " + name + " names no " + needs + ".",
          "Set connection." + name + "." + needs + ", or " + needs + " in its settings.",
          false);
    }
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
    String stream = left.isEmpty() ? null : left.remove(0);
    String tracker = exchange.getVariable("tracker", String.class);
    exchange.setVariable("stream", stream);
    exchange.setVariable(
        "fetchRoute", tracker + ("issues".equals(stream) ? "" : "-" + stream) + "-fetch");
  }

  /**
   * Body: the row of read-cursor.sql, or null. A stream without a high-water mark is swept from the
   * first change on; one with it is asked for what changed since, less an overlap for records
   * committed late; an operation that is to read all again goes by no mark, nor does one of a
   * tracker without the setting overlap, which cannot be asked for changes. The mark moves with
   * each page, so that a new operation goes on where a failed one stopped, in mid-sweep too.
   */
  public void position(Exchange exchange) {
    Map<?, ?> cursor = exchange.getMessage().getBody(Map.class);
    String tracker = exchange.getVariable("tracker", String.class);
    String stream = exchange.getVariable("stream", String.class);
    boolean fromStart = exchange.getVariable("fromStart", Boolean.class);
    boolean asksForChanges = settings.tracker(tracker).containsKey("overlap");
    boolean known = cursor != null && !fromStart && asksForChanges;
    Instant highWater = known ? instant(cursor.get("high_water_at")) : null;
    boolean resumed = stream.equals(exchange.getVariable("savedStream", String.class));
    boolean record = exchange.getVariable("recordRef") != null;
    String mode =
        resumed && exchange.getVariable("savedMode") != null
            ? exchange.getVariable("savedMode", String.class)
            : record ? "record" : highWater == null ? "full" : "incremental";
    exchange.setVariable("mode", mode);
    exchange.setVariable(
        "since", (highWater == null ? Instant.EPOCH : overlapped(tracker, highWater)).toString());
    String page = resumed ? exchange.getVariable("savedPage", String.class) : null;
    exchange.setVariable("nextPage", sameOrigin(page, exchange) ? page : null);
    boolean etag = known && !record;
    exchange.setVariable("savedEtag", etag ? cursor.get("etag") : null);
    exchange.setVariable("savedEtagUrl", etag ? cursor.get("etag_url") : null);
    exchange.removeVariable("savedStream");
  }

  private Instant overlapped(String tracker, Instant highWater) {
    Duration overlap = settings.duration("tracker." + tracker + ".overlap");
    return highWater.minus(overlap).truncatedTo(ChronoUnit.SECONDS);
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
    /** What is true of a tracker; see {@link Claim#source}. */
    record Rule(String publicHost, String publicApi, String hostedApi, String records) {}

    /** A repository that was renamed is read where it moved to. */
    static Source of(Rule rule, String url, String ownApi, String moved) {
      URI place = URI.create(url);
      String path = place.getRawPath().replaceAll("(\\.git)?/*$", "");
      String base =
          ownApi != null
              ? ownApi
              : rule.publicHost().equals(ANYWHERE)
                      || place.getHost().equalsIgnoreCase(rule.publicHost())
                  ? rule.publicApi()
                  : place.getScheme() + "://" + place.getRawAuthority() + rule.hostedApi();
      URI api = URI.create(base.replaceAll("/+$", ""));
      String segment = path.replaceFirst("^/", "").replace("/", "%2F");
      String below = rule.records().replace("PATH", path).replace("ENCODED", segment);
      return new Source(api, moved != null ? URI.create(moved) : URI.create(api + below));
    }
  }
}

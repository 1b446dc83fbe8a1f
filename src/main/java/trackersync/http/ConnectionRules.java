package trackersync.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import trackersync.fetch.PublicAddresses;
import trackersync.operation.Schedules;
import trackersync.secret.Secrets;
import trackersync.settings.ConnectionSettings;
import trackersync.settings.Settings;

/** For YAML: what the contract's schema cannot say about a connection. */
public final class ConnectionRules {
  private static final String DIRECT = "direct://";
  private static final String POSTGRES = "postgres";
  private static final Pattern SETTING_NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  private static final Pattern NUMERIC =
      Pattern.compile("(0x[0-9a-f]+|[0-9]+)(\\.(0x[0-9a-f]+|[0-9]+))*");
  private static final Pattern REPOSITORY_PATH =
      Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+){2,20}/?");
  private static final int SLUG_MAX = 56;
  private static final Map<String, String> SERVICES =
      Map.of("github.com", "GitHub", "gitlab.com", "GitLab", "bitbucket.org", "Bitbucket");

  /** The part of a connection's secrets that webhooks are signed with. */
  public static final String WEBHOOK_SECRET = "webhook-secret";

  private final Settings settings;

  ConnectionRules(Settings settings) {
    this.settings = settings;
  }

  /**
   * In: the id of a removed connection of that name, or nothing; variable request. Out: the
   * request's map with what the insert takes: id, settings, sinks as JSON, sealed token, next run.
   */
  public void create(Exchange exchange) {
    UUID removed = exchange.getMessage().getBody(UUID.class);
    @SuppressWarnings("unchecked")
    Map<String, Object> request = new HashMap<>(exchange.getVariable("request", Map.class));
    List<Map<String, String>> errors = new ArrayList<>();
    CamelContext camel = exchange.getContext();
    List<String> trackers = named(camel, "-source");
    if (!trackers.contains(request.get("tracker"))) {
      errors.add(error("tracker", "no such tracker; there are " + String.join(", ", trackers)));
    }
    address("url", (String) request.get("url"), true, errors);
    common(camel, request, errors);
    refuse(errors);
    UUID id = removed == null ? UUID.randomUUID() : removed;
    request.put("id", id.toString());
    request.put("tokenSealed", seal(camel, id, (String) request.get("token")));
    finish(exchange, request);
  }

  /** In: the request's map; out: with what the update takes. */
  public void change(Exchange exchange) {
    Map<String, Object> request = request(exchange);
    List<Map<String, String>> errors = new ArrayList<>();
    CamelContext camel = exchange.getContext();
    common(camel, request, errors);
    refuse(errors);
    UUID id = UUID.fromString((String) request.get("id"));
    request.put("tokenSealed", seal(camel, id, (String) request.get("token")));
    finish(exchange, request);
  }

  /** In: the request's map, for a connection of a project. Out: with what the insert takes. */
  public void createRepository(Exchange exchange) {
    Map<String, Object> request = request(exchange);
    List<Map<String, String>> errors = new ArrayList<>();
    CamelContext camel = exchange.getContext();
    String service = (String) request.get("serviceType");
    String tracker = service.toLowerCase(Locale.ROOT);
    if (!named(camel, "-source").contains(tracker)) {
      errors.add(error("serviceType", "its tracker is not loaded here"));
    }
    String url = (String) request.get("repositoryUrl");
    repository(url, service, errors);
    common(camel, request, errors);
    refuseInside(request, errors);
    refuse(errors);
    UUID id = UUID.randomUUID();
    request.put("id", id.toString());
    request.put("tracker", tracker);
    request.put("base", slug(URI.create(url).getPath()));
    sealAll(camel, id, request);
    finish(exchange, request);
  }

  /** In: the request's map; out: with what the update takes. */
  public void changeRepository(Exchange exchange) {
    Map<String, Object> request = request(exchange);
    List<Map<String, String>> errors = new ArrayList<>();
    CamelContext camel = exchange.getContext();
    common(camel, request, errors);
    refuseInside(request, errors);
    refuse(errors);
    sealAll(camel, UUID.fromString((String) request.get("repositoryId")), request);
    finish(exchange, request);
  }

  /** Variable request with the repository as {@code id}, for what works on any connection. */
  public Map<String, Object> asConnection(Exchange exchange) {
    @SuppressWarnings("unchecked")
    Map<String, Object> request = new HashMap<>(exchange.getVariable("request", Map.class));
    request.put("id", request.get("repositoryId"));
    return request;
  }

  private void sealAll(CamelContext camel, UUID id, Map<String, Object> request) {
    Secrets secrets = secrets(camel);
    request.put("tokenSealed", seal(camel, id, (String) request.remove("accessToken")));
    String word = (String) request.remove("webhookSecret");
    request.put(
        "webhookSecretSealed", word == null ? null : secrets.encrypt(id, WEBHOOK_SECRET, word));
  }

  /** {@code /acme/Shop.git} → {@code acme-shop}. */
  private static String slug(String path) {
    String words =
        path.toLowerCase(Locale.ROOT)
            .replaceAll("(\\.git)?/*$", "")
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-+|-+$", "");
    String cut = words.length() > SLUG_MAX ? words.substring(0, SLUG_MAX) : words;
    return cut.isEmpty() ? "repository" : cut.replaceAll("-+$", "");
  }

  /** The address of a repository, as in a browser; it is stored, compared and shown. */
  private void repository(String url, String service, List<Map<String, String>> errors) {
    int before = errors.size();
    address("repositoryUrl", url, true, errors);
    if (errors.size() > before) {
      return;
    }
    URI uri = URI.create(url);
    String host = uri.getHost().toLowerCase(Locale.ROOT).replaceAll("\\.+$", "");
    String owner = SERVICES.get(host);
    if (!uri.getScheme().equals("https")) {
      errors.add(error("repositoryUrl", "is not an https address"));
    } else if (isOurs(host) || isPrivate(host)) {
      errors.add(error("repositoryUrl", "names a host by a private address"));
    } else if (SERVICES.keySet().stream().anyMatch(it -> host.startsWith(it + "."))) {
      errors.add(error("repositoryUrl", "looks like a well-known host and is another"));
    } else if (owner != null && !owner.equals(service)) {
      errors.add(error("repositoryUrl", "is of " + owner + ", not of " + service));
    } else if (!REPOSITORY_PATH.matcher(uri.getRawPath()).matches()) {
      errors.add(error("repositoryUrl", "has no path such as /owner/repository"));
    }
  }

  /** Who runs a project need not be who runs the network this program stands in. */
  private void refuseInside(Map<String, Object> request, List<Map<String, String>> errors) {
    if (!errors.isEmpty()
        || settings.get("auth.mode").equals("dev")
        || !(request.get("settings") instanceof Map<?, ?> own)) {
      return;
    }
    own.forEach(
        (name, value) -> {
          if (name.toString().endsWith("url")
              && isPrivate(URI.create(value.toString()).getHost().toLowerCase(Locale.ROOT))) {
            errors.add(
                error("settings." + name, "names a private address; an admin may connect it"));
          }
        });
  }

  private static boolean isPrivate(String host) {
    try {
      return NUMERIC.matcher(host).matches()
          && InetAddress.getByName(numeric(host)).isSiteLocalAddress();
    } catch (UnknownHostException | NumberFormatException e) {
      return true;
    }
  }

  /** In: the connection's row, or nothing; 404 when there is none. */
  public void found(Exchange exchange) {
    if (exchange.getMessage().getBody() == null) {
      throw new ApiException(404, "there is no such resource");
    }
  }

  /** As {@link #found}; 409 when the settings declare it, as the next start would undo a change. */
  public void mayChange(Exchange exchange) {
    found(exchange);
    Map<?, ?> connection = exchange.getMessage().getBody(Map.class);
    if ("settings".equals(connection.get("declaredIn"))) {
      String name = connection.get("name").toString();
      throw new ApiException(
          409,
          "connection " + name + " is declared in the settings",
          Map.of("cure", "Change connection." + name + ".… there and start again."));
    }
  }

  /** Names of connections whose token stands in the settings, with commas between. */
  public String namesWithToken() {
    return settings.connections().stream()
        .filter(it -> it.token().isPresent())
        .map(ConnectionSettings::name)
        .collect(Collectors.joining(","));
  }

  private static Map<String, Object> request(Exchange exchange) {
    @SuppressWarnings("unchecked")
    Map<String, Object> request = exchange.getMessage().getBody(Map.class);
    return new HashMap<>(request);
  }

  private void common(
      CamelContext camel, Map<String, Object> request, List<Map<String, String>> errors) {
    if (request.get("sinks") instanceof List<?> sinks) {
      List<String> known = named(camel, "-deliver");
      for (Object sink : sinks) {
        if (!sink.equals(POSTGRES) && !known.contains(sink)) {
          errors.add(error("sinks", "no such sink: " + sink));
        }
      }
    }
    if (request.get("settings") instanceof Map<?, ?> own) {
      own.forEach((name, value) -> setting(name.toString(), value.toString(), errors));
    }
    Optional<ZoneId> zone = zone((String) request.get("scheduleZone"), errors);
    String schedule = (String) request.get("schedule");
    request.put("nextRunAt", null);
    if (schedule != null && zone.isPresent()) {
      try {
        request.put("nextRunAt", Schedules.next(schedule, zone.get(), Instant.now()).toString());
      } catch (IllegalArgumentException e) {
        errors.add(error("schedule", e.getMessage()));
      }
    }
  }

  private static Optional<ZoneId> zone(String zone, List<Map<String, String>> errors) {
    try {
      return Optional.of(ZoneId.of(zone == null ? "UTC" : zone));
    } catch (DateTimeException e) {
      errors.add(error("scheduleZone", "no such time zone"));
      return Optional.empty();
    }
  }

  private void setting(String name, String value, List<Map<String, String>> errors) {
    if (!SETTING_NAME.matcher(name).matches()) {
      errors.add(error("settings", "a name is lower case letters, digits and dashes"));
    } else if (isPlaceholder(value)) {
      errors.add(error("settings." + name, "holds a placeholder"));
    } else if (name.endsWith("url")) {
      address("settings." + name, value, false, errors);
    }
  }

  private void address(
      String at, String address, boolean repository, List<Map<String, String>> errors) {
    if (isPlaceholder(address) || address.contains("\\")) {
      errors.add(error(at, "holds a placeholder or a backslash"));
      return;
    }
    try {
      URI uri = new URI(address);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if (!(scheme.equals("https") || scheme.equals("http")) || uri.getHost() == null) {
        errors.add(error(at, "is not an http or https address"));
      } else if (uri.getRawUserInfo() != null) {
        errors.add(error(at, "holds a user; give a token instead"));
      } else if (uri.getRawFragment() != null || (repository && uri.getRawQuery() != null)) {
        errors.add(error(at, "holds a query or a fragment"));
      } else if (!settings.get("auth.mode").equals("dev") && isOurs(uri.getHost())) {
        errors.add(
            error(
                at, "names this machine or a private network; declare it in the settings instead"));
      }
    } catch (URISyntaxException e) {
      errors.add(error(at, "is not an http or https address"));
    }
  }

  private static boolean isPlaceholder(String text) {
    return text.contains("{{") || text.contains("${") || text.contains("RAW(");
  }

  /**
   * Whether the host is written as an address of this machine, its link or a private network. Names
   * are not resolved here: what they mean is decided when they are called.
   */
  private static boolean isOurs(String host) {
    String bare =
        host.replace("[", "").replace("]", "").toLowerCase(Locale.ROOT).replaceAll("\\.+$", "");
    if (bare.equals("localhost") || bare.endsWith(".localhost")) {
      return true;
    }
    if (!bare.contains(":") && !NUMERIC.matcher(bare).matches()) {
      return false;
    }
    try {
      InetAddress address = InetAddress.getByName(numeric(bare));
      return !PublicAddresses.isPublic(address);
    } catch (UnknownHostException | NumberFormatException e) {
      return true;
    }
  }

  /** 0x7f000001 and 2130706433 are 127.0.0.1 to many clients. */
  private static String numeric(String host) {
    if (host.startsWith("0x") && !host.contains(".")) {
      return Long.toString(Long.parseLong(host.substring(2), 16));
    }
    return host;
  }

  private static byte[] seal(CamelContext camel, UUID id, String token) {
    return token == null ? null : secrets(camel).encrypt(id, token);
  }

  private static Secrets secrets(CamelContext camel) {
    return camel.getRegistry().lookupByNameAndType("secrets", Secrets.class);
  }

  private static void finish(Exchange exchange, Map<String, Object> request) {
    request.put("token", null);
    request.put("settings", text(request.get("settings")));
    request.put("sinks", text(request.get("sinks")));
    if (request.get(ApiRequest.BODY) != null) {
      // what the change names; the token itself is not needed any more
      request.put("named", Json.text(names((String) request.get(ApiRequest.BODY))));
      request.put(ApiRequest.BODY, null);
    }
    exchange.getMessage().setBody(request);
  }

  private static List<String> names(String body) {
    List<String> names = new ArrayList<>();
    try {
      Json.REQUESTS.readTree(body).fieldNames().forEachRemaining(names::add);
    } catch (java.io.IOException e) {
      throw new IllegalStateException("the body was JSON a moment ago", e);
    }
    return names;
  }

  private static String text(Object value) {
    return value == null ? null : Json.text(value);
  }

  private static void refuse(List<Map<String, String>> errors) {
    if (!errors.isEmpty()) {
      throw ApiException.invalid(errors);
    }
  }

  private static Map<String, String> error(String at, String message) {
    return Map.of("at", at, "message", message);
  }

  /** Trackers are those with a {@code direct:<name>-source}, sinks those with a -deliver. */
  private static List<String> named(CamelContext camel, String ending) {
    return camel.getRoutes().stream()
        .map(route -> route.getEndpoint().getEndpointUri())
        .filter(uri -> uri.startsWith(DIRECT) && uri.endsWith(ending))
        .map(uri -> uri.substring(DIRECT.length(), uri.length() - ending.length()))
        .sorted()
        .toList();
  }
}

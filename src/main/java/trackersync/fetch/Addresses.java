package trackersync.fetch;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * The one guard for addresses that came from outside: next links, redirects, stored or not. A
 * hostile link could name another component, resolve a property placeholder (camel-http resolves
 * {@code {{env:…}}} in CamelHttpUri, measured on 4.17.0) or carry the token to another host.
 */
public final class Addresses {
  private static final int LENGTH_MAX = 8_192;

  private Addresses() {}

  /**
   * @param address absolute, or relative to {@code base}
   * @param base the connection's API address, which fixes the origin
   * @return the absolute address
   * @throws SourceException.Refused when it has another origin, holds a placeholder, or is no
   *     http(s) address
   */
  public static URI sameOrigin(String tracker, String address, URI base) {
    String shown = shown(address);
    if (address.length() > LENGTH_MAX) {
      throw refused(tracker, "an address of " + address.length() + " characters", base);
    }
    if (address.contains("{{") || address.contains("${") || address.contains("\\")) {
      throw refused(tracker, "an address with a placeholder in it: " + shown, base);
    }
    if (address.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
      throw refused(tracker, "an address with white space in it: " + shown, base);
    }
    URI uri;
    try {
      uri = base.resolve(new URI(address));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw refused(tracker, "an address nobody can read: " + shown, base);
    }
    if (uri.getRawUserInfo() != null
        || uri.getRawFragment() != null
        || !origin(uri).equals(origin(base))) {
      throw refused(tracker, "an address of another origin: " + shown, base);
    }
    return uri;
  }

  /** Scheme, host and port in one form: {@code https://api.github.com:443}. */
  public static String origin(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
      return "none:" + scheme;
    }
    int port = uri.getPort() != -1 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port;
  }

  /** Path only, for messages: queries can carry secrets, and outside text can carry anything. */
  public static String shown(String address) {
    int query = address.indexOf('?');
    String text = query < 0 ? address : address.substring(0, query);
    text = text.replaceAll("[^\\x21-\\x7e]", "?").replace("{{", "{ {");
    return text.length() > 120 ? text.substring(0, 120) + "…" : text;
  }

  private static SourceException.Refused refused(String tracker, String what, URI base) {
    return new SourceException.Refused(
        tracker + ": the answer names " + what + ", expected one under " + origin(base) + ".",
        "Check connection.<id>.url and whether a proxy rewrites links; nothing was sent there.",
        false);
  }
}

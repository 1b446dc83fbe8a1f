package trackersync.http;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * What crosses between HTTP and Camel's message headers. Camel copies every request header, query
 * parameter and form field in, where some steer components ({@code kafka.OVERRIDE_TOPIC}), and
 * every message header out. Here nothing comes in, as {@link ApiRequest} hands over what the
 * contract declares, and only named headers go out.
 */
final class SafeHeaders implements HeaderFilterStrategy {
  private static final Set<String> OUT =
      Set.of(
          "content-type",
          "location",
          "retry-after",
          "etag",
          "last-modified",
          "cache-control",
          "link",
          "allow",
          "content-disposition",
          "vary",
          "www-authenticate");

  /** True: the header stays inside. */
  @Override
  public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
    return !OUT.contains(name.toLowerCase(Locale.ROOT));
  }

  /** True: the header stays outside. */
  @Override
  public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
    return true;
  }
}

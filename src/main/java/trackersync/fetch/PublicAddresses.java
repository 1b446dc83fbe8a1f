package trackersync.fetch;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * What a name means is decided when it is called: a source made through the API must not turn out
 * to be this machine, its link (where clouds keep credentials) or a private network, whatever its
 * name resolved to before.
 */
public final class PublicAddresses implements DnsResolver {
  private final Predicate<String> trusted;

  /**
   * @param trusted hosts that may be anywhere: those the operator wrote into the settings
   */
  public PublicAddresses(Predicate<String> trusted) {
    this.trusted = trusted;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] found = SystemDefaultDnsResolver.INSTANCE.resolve(host);
    if (!trusted.test(host)) {
      for (InetAddress address : found) {
        if (!isPublic(address)) {
          throw new SourceException.Refused(
              "the source's host " + host + " is this machine or in a private network.",
              "Where that is meant, name the host in fetch.private-hosts, or declare the"
                  + " connection in the settings.",
              false);
        }
      }
    }
    return found;
  }

  @Override
  public String resolveCanonicalHostname(String host) throws UnknownHostException {
    return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
  }

  /** Neither this machine, nor its link, nor RFC 1918, RFC 6598 or RFC 4193, nor a group. */
  public static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
    boolean unique = address instanceof Inet6Address && (bytes[0] & 0xfe) == 0xfc;
    return !(address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || (bytes.length == 4 && bytes[0] == 0)
        || shared
        || unique);
  }
}

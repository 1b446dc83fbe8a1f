package trackersync.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
  private static final URI API = URI.create("https://api.github.com");

  @ParameterizedTest
  @DisplayName("ISSUE-34 an address of the connection's own origin passes")
  @ValueSource(
      strings = {
        "https://api.github.com/repositories/1/issues?page=2",
        "https://API.github.com:443/x",
        "/repositories/1",
        "?page=2"
      })
  void ownOriginPasses(String address) {
    assertThat(Addresses.sameOrigin("github", address, API).toString())
        .containsIgnoringCase("https://api.github.com");
  }

  @ParameterizedTest
  @DisplayName(
      "CORE-14 U10 any other address is refused, and the message cannot be used to smuggle")
  @ValueSource(
      strings = {
        "https://evil.test/x",
        "http://api.github.com/x",
        "https://api.github.com:8443/x",
        "https://api.github.com@evil.test/x",
        "https://user@api.github.com/x",
        "//evil.test/x",
        "https://api.github.com.evil.test/",
        "https://api.github.com/x?h={{env:HOME}}",
        "https://api.github.com/x?h=${sys.user.home}",
        "file:/etc/passwd",
        "kafka:topic",
        "https:\\\\evil.test",
        "https://api.github.com/x\r\nX: y",
        "https://api.github.com/x#f",
        "http://[::1",
        "jar:https://api.github.com/x!/y"
      })
  void anyOtherAddressIsRefused(String address) {
    assertThatThrownBy(() -> Addresses.sameOrigin("github", address, API))
        .isInstanceOf(SourceException.Refused.class)
        .hasMessageStartingWith("github: ")
        .message()
        .doesNotContain("\n")
        .doesNotContain("{{");
  }
}

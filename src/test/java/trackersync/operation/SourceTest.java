package trackersync.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trackersync.fetch.SourceException;
import trackersync.settings.Settings;

class SourceTest {
  private static final Claim.Source.Rule GITHUB =
      new Claim.Source.Rule("github.com", "https://api.github.com", "/api/v3", "/reposPATH");
  private static final Claim.Source.Rule GITLAB =
      new Claim.Source.Rule(
          "gitlab.com", "https://gitlab.com/api/v4", "/api/v4", "/projects/ENCODED");

  @ParameterizedTest
  @DisplayName(
      "CORE-6 a repository is read at github.com's API, at an Enterprise Server's, or where it moved")
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      value = {
        "https://github.com/acme/shop     | -                      | - | https://api.github.com/repos/acme/shop",
        "https://github.com/acme/shop.git | -                      | - | https://api.github.com/repos/acme/shop",
        "https://github.com/acme/shop/    | -                      | - | https://api.github.com/repos/acme/shop",
        "https://git.acme.test/acme/shop  | -                      | - | https://git.acme.test/api/v3/repos/acme/shop",
        "https://github.com/acme/shop     | http://127.0.0.1:8490/ | - | http://127.0.0.1:8490/repos/acme/shop",
        "https://github.com/acme/shop | - | https://api.github.com/repositories/1 | https://api.github.com/repositories/1"
      })
  void whereARepositoryIsRead(String url, String apiUrl, String moved, String records) {
    assertThat(Claim.Source.of(GITHUB, url, apiUrl, moved).records().toString()).isEqualTo(records);
  }

  @ParameterizedTest
  @DisplayName("ISSUE-32 a GitLab project is one segment of the path, with all its subgroups")
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      value = {
        "https://gitlab.com/acme/shop       | -                             | https://gitlab.com/api/v4/projects/acme%2Fshop",
        "https://gitlab.com/acme/web/x/shop | -                             | https://gitlab.com/api/v4/projects/acme%2Fweb%2Fx%2Fshop",
        "https://git.acme.test/acme/shop/   | -                             | https://git.acme.test/api/v4/projects/acme%2Fshop",
        "https://acme.test/git/acme/shop    | https://acme.test/git/api/v4/ | https://acme.test/git/api/v4/projects/git%2Facme%2Fshop"
      })
  void whereAProjectIsRead(String url, String apiUrl, String records) {
    assertThat(Claim.Source.of(GITLAB, url, apiUrl, null).records().toString()).isEqualTo(records);
  }

  @ParameterizedTest
  @DisplayName("BUGSBY-5 every release is read at the one address, or at the connection's own")
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      value = {
        "https://b.acme.test/releases/ooty        | -                      | https://b.acme.test",
        "https://acme.test/bugsby/releases/wifi-1 | -                      | https://b.acme.test",
        "https://b.acme.test/releases/ooty        | http://127.0.0.1:8493/ | http://127.0.0.1:8493"
      })
  void whereAReleaseIsRead(String url, String apiUrl, String records) {
    Claim.Source.Rule bugsby = new Claim.Source.Rule("any", "https://b.acme.test/", "", "");
    assertThat(Claim.Source.of(bugsby, url, apiUrl, null).records().toString()).isEqualTo(records);
  }

  @Test
  @DisplayName("BUGSBY-1 without an address nothing is asked, and the words name the setting")
  void noAddressIsRefused() {
    Claim claim = new Claim(Settings.defaults(Path.of("."), Map.of()), null, null);
    Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    exchange.setVariable("tracker", "bugsby");
    exchange.setVariable("ownSettings", Map.of());
    assertThatThrownBy(() -> claim.source(exchange, "any", "", "", "", ""))
        .isInstanceOfSatisfying(
            SourceException.Refused.class,
            refused -> assertThat(refused.cure()).contains("tracker.bugsby.url"));
  }
}

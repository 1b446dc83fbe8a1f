package trackersync.operation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceTest {

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
    assertThat(
            Claim.Source.of("github", url, apiUrl, moved, "https://api.github.com")
                .records()
                .toString())
        .isEqualTo(records);
  }
}

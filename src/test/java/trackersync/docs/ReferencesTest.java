package trackersync.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReferencesTest {
  private static final Path HOME = Path.of("");

  @Test
  @DisplayName("CORE-3 the unified issue is documented as its schema says")
  void issueReferenceIsCurrent() throws IOException {
    check("docs/reference/issue.md", IssueReference.page(HOME));
  }

  @Test
  @DisplayName("CORE-1 every route is listed with what goes in, out, and what it calls")
  void routeReferenceIsCurrent() throws IOException {
    check("docs/reference/routes.md", RouteReference.page(HOME));
  }

  private static void check(String file, String generated) throws IOException {
    // not isEqualTo, which would print both pages
    assertThat(Files.readString(Path.of(file)).equals(generated))
        .as("%s is current; where not, run ./tracker-sync docs", file)
        .isTrue();
  }
}

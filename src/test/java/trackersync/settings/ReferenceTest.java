package trackersync.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferenceTest {

  @Test
  void generatedReferenceIsCurrent() throws IOException {
    assertThat(Files.readString(Path.of("docs/reference/settings.md")))
        .as("docs/reference/settings.md is old: run ./tracker-sync docs")
        .isEqualTo(Reference.settings());
  }
}

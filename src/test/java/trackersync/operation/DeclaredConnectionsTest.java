package trackersync.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import trackersync.testing.RunningApp;
import trackersync.testing.TestDatabase;
import trackersync.toy.ToyGithub;
import trackersync.toy.ToyGithubOptions;

class DeclaredConnectionsTest {
  @Test
  @DisplayName(
      "ISSUE-5 CORE-10 a connection of the settings gives its issues keys of the project it names")
  void projectIsNamed() {
    String database = TestDatabase.ready();
    try (ToyGithub toy = ToyGithub.start(ToyGithubOptions.builder().issues(30).build())) {
      Map<String, String> settings =
          new HashMap<>(RunningApp.github("shop", toy.baseUrl().toString()));
      settings.put("database.url", database);
      settings.put("connection.shop.project", "MOVED");
      // without issues the project may still change
      RunningApp.start(settings).close();
      settings.put("connection.shop.project", "SHOP");
      try (RunningApp app = RunningApp.start(settings)) {
        assertThat(app.sync("shop", true).get("status")).isEqualTo("Completed");
        assertThat(
                app.count(
                    "select count(*) from issues i join projects p on p.id = i.project_id"
                        + " where p.key = 'SHOP' and i.key ~ '^SHOP-[0-9]+$'"))
            .isEqualTo(app.count("select count(*) from issues"))
            .isPositive();
      }
      settings.put("connection.shop.project", "OTHER");
      assertThatThrownBy(() -> RunningApp.start(settings))
          .hasMessageContaining("connection.shop")
          .hasMessageContaining("project");
      settings.put("connection.shop.project", "SHOP");
      RunningApp.start(settings).close();
    }
  }
}

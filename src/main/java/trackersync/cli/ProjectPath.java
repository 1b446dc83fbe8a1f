package trackersync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import trackersync.settings.Nearest;

/** Where the API keeps what people name by a project's key or an issue's. */
final class ProjectPath {
  private ProjectPath() {}

  /**
   * @param key such as {@code SHOP}, whatever its case
   * @throws CommandException when there is no such project; says which there are
   */
  static String of(ApiClient api, String key) {
    List<JsonNode> projects = api.all("/api/projects?limit=200");
    String wanted = key.toUpperCase(Locale.ROOT);
    List<String> known = projects.stream().map(it -> it.path("key").asText()).toList();
    return projects.stream()
        .filter(it -> it.path("key").asText().equals(wanted))
        .map(it -> "/api/projects/" + it.path("id").asText())
        .findFirst()
        .orElseThrow(
            () ->
                new CommandException(
                    Exit.REFUSED,
                    "There is no project '%s'.%s Known: %s."
                        .formatted(
                            key,
                            Nearest.to(wanted, known)
                                .map(it -> " Did you mean " + it + "?")
                                .orElse(""),
                            known.isEmpty() ? "none" : String.join(", ", known))));
  }

  /**
   * @param key such as {@code SHOP-12}
   * @throws CommandException when it is no key, or its project is not there
   */
  static String ofIssue(ApiClient api, String key) {
    int dash = key.lastIndexOf('-');
    if (dash < 1 || !key.substring(dash + 1).matches("[0-9]{1,18}")) {
      throw new CommandException(
          Exit.USAGE, "'%s' is no issue's key, such as SHOP-12.".formatted(key));
    }
    return of(api, key.substring(0, dash)) + "/issues/" + key.toUpperCase(Locale.ROOT);
  }
}

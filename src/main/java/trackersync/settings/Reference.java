package trackersync.settings;

import java.util.stream.Collectors;

/** {@code docs/reference/settings.md}, generated from the comments of the settings' file. */
public final class Reference {

  private Reference() {}

  /** The whole page. */
  public static String settings() {
    StringBuilder page = new StringBuilder();
    page.append("<!-- Generated from application.properties by `./tracker-sync docs`. -->\n");
    page.append(
        """
        # Settings

        Each setting stands in `application.properties`, can be given in `.env` beside it or in the
        environment (its name in upper case, dots and dashes as underscores); strongest first:
        environment, `.env`, file, default. Unknown or invalid settings stop the start. Durations:
        `250ms 5s 1m 1h 7d`; sizes: `512B 512KB 32MB 1GB`. Settings that end in token, password,
        secret or key are secrets and never shown.
        """);
    String section = "";
    for (Setting setting : Settings.builtIn().all()) {
      if (!setting.section().equals(section)) {
        section = setting.section();
        page.append("\n## ").append(section).append("\n\n");
        page.append("| setting | meaning | value | default |\n|---|---|---|---|\n");
      }
      page.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  setting.key(),
                  setting.meaning().replaceAll("<([a-z]+)>", "`<$1>`").replace("|", "\\|"),
                  value(setting),
                  fallback(setting)));
    }
    return page.toString();
  }

  private static String value(Setting setting) {
    String limits =
        setting
            .range()
            .map(
                range ->
                    setting.type() == SettingType.TEXT
                        ? ", " + range + " characters"
                        : ", " + range)
            .orElse("");
    String values =
        setting.values().stream().map(it -> "`" + it + "`").collect(Collectors.joining(", "));
    return setting.type().word() + limits + (values.isEmpty() ? "" : ": " + values);
  }

  private static String fallback(Setting setting) {
    if (setting.required()) {
      return "required";
    }
    return setting.fallback().isBlank() ? "blank" : "`" + setting.fallback() + "`";
  }
}

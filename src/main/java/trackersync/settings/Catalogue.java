package trackersync.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import trackersync.settings.Setting.Range;

/**
 * Every setting there is, read from the comments of {@code application.properties}.
 *
 * <p>A description is a comment that ends in a line {@code # type: …}, followed by {@code key = …}
 * or, for a template, {@code # key.<name>.more = …}.
 */
final class Catalogue {

  private static final Pattern SECTION = Pattern.compile("# == (.+) ==");
  private static final Pattern TYPE = Pattern.compile("# type: (.+)");
  private static final Pattern KEY = Pattern.compile("(?:# )?([a-z][a-z0-9.<>-]*) ?=.*");

  private final Map<String, Setting> settings;

  private Catalogue(Map<String, Setting> settings) {
    this.settings = settings;
  }

  /**
   * @throws IllegalArgumentException when a description cannot be read; names the line
   */
  static Catalogue parse(List<String> lines) {
    Map<String, Setting> found = new LinkedHashMap<>();
    List<String> comment = new ArrayList<>();
    String section = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      Matcher heading = SECTION.matcher(line);
      Matcher type = TYPE.matcher(line);
      if (heading.matches()) {
        section = heading.group(1);
        comment.clear();
      } else if (type.matches()) {
        try {
          Setting setting = describe(section, comment, type.group(1), next(lines, i));
          found.put(setting.key(), setting);
        } catch (IllegalArgumentException unreadable) {
          throw new IllegalArgumentException(
              "line %d, \"%s\": %s".formatted(i + 1, line, unreadable.getMessage()), unreadable);
        }
        comment.clear();
      } else if (line.startsWith("#")) {
        comment.add(line.substring(1).strip());
      } else {
        comment.clear();
      }
    }
    return new Catalogue(found);
  }

  private static String next(List<String> lines, int i) {
    Matcher key = KEY.matcher(i + 1 < lines.size() ? lines.get(i + 1).strip() : "");
    if (!key.matches()) {
      throw new IllegalArgumentException("no setting on the line below");
    }
    return key.group(1);
  }

  private static Setting describe(String section, List<String> comment, String rule, String key) {
    Map<String, String> parts = new LinkedHashMap<>();
    // the default comes last and may hold commas
    int fallbackAt = rule.indexOf(", default: ");
    String head = fallbackAt < 0 ? rule : rule.substring(0, fallbackAt);
    for (String part : ("type: " + head).split(", ")) {
      String[] pair = part.split(": ", 2);
      parts.put(pair[0], pair.length > 1 ? pair[1] : "");
    }
    String range = parts.getOrDefault("range", parts.get("length"));
    String values = parts.get("values");
    return new Setting(
        section,
        key,
        String.join(" ", comment).strip(),
        SettingType.of(parts.get("type")),
        Optional.ofNullable(range).map(it -> it.split("\\.\\.")).map(it -> new Range(it[0], it[1])),
        values == null ? List.of() : List.of(values.split("\\|")),
        fallbackAt < 0 ? "" : rule.substring(fallbackAt + ", default: ".length()),
        parts.containsKey("required"));
  }

  /**
   * This catalogue with the settings of trackers and sinks that another file describes; what is
   * described here stays as it is, and a key outside those two families is not taken over.
   */
  Catalogue with(Catalogue more) {
    Map<String, Setting> all = new LinkedHashMap<>(settings);
    more.settings.forEach(
        (key, setting) -> {
          if (key.startsWith("tracker.")
              || key.startsWith("sink.")
              || key.startsWith("connection.<")) {
            all.putIfAbsent(key, setting);
          }
        });
    return new Catalogue(all);
  }

  /** In the order of the file. */
  Collection<Setting> all() {
    return settings.values();
  }

  List<Setting> templates() {
    return settings.values().stream().filter(Setting::isTemplate).toList();
  }

  /** The description of a key, by itself or by a template. */
  Optional<Setting> find(String key) {
    Setting exact = key.indexOf('<') >= 0 ? null : settings.get(key);
    return exact != null
        ? Optional.of(exact)
        : templates().stream().filter(it -> it.nameIn(key).isPresent()).findFirst();
  }
}

package trackersync.settings;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import trackersync.settings.Settings.Value;
import trackersync.settings.Source.Entry;

/** Gathers the sources, says everything that is wrong with them in one message. */
final class SettingsReader {

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1");

  private final Path home;
  private final boolean files;
  private final Map<String, String> environment;
  private final Map<String, String> overrides;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Value> given = new LinkedHashMap<>();
  private Catalogue catalogue = Settings.builtIn();
  private Map<String, String> keyOfVariable = Map.of();
  private Set<String> families = Set.of();

  /**
   * @param files whether the files in the home are read
   */
  SettingsReader(
      Path home, boolean files, Map<String, String> environment, Map<String, String> overrides) {
    this.home = home;
    this.files = files;
    this.environment = Map.copyOf(environment);
    this.overrides = Map.copyOf(overrides);
  }

  Settings read() {
    List<String> file = lines(Settings.FILE);
    try {
      catalogue = catalogue.with(Catalogue.parse(file));
    } catch (IllegalArgumentException badDescription) {
      problems.add(Settings.FILE + ", " + badDescription.getMessage());
    }
    keyOfVariable =
        catalogue.all().stream()
            .filter(it -> !it.isTemplate())
            .collect(
                Collectors.toMap(
                    it -> Setting.environmentName(it.key()), Setting::key, (a, b) -> a));
    families =
        catalogue.all().stream()
            .map(it -> Setting.environmentName(it.key().split("\\.")[0]) + "_")
            .collect(Collectors.toSet());

    readFile(file);
    readEnvironmentFile(lines(".env"));
    readEnvironment();
    new TreeMap<>(overrides).forEach((key, value) -> take(key, value, "command line"));

    Map<String, Value> complete = complete();
    complete.forEach(this::check);
    if (problems.isEmpty()) {
      checkTogether(complete);
    }
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return new Settings(home, files, catalogue, complete, environment, overrides);
  }

  private List<String> lines(String name) {
    Path path = home.resolve(name);
    try {
      return files && Files.exists(path) ? Files.readAllLines(path) : List.of();
    } catch (MalformedInputException notText) {
      problems.add(name + ": not UTF-8 text. Save it as UTF-8.");
    } catch (IOException unreadable) {
      problems.add(
          "%s: cannot be read (%s). Make it readable for this user."
              .formatted(name, unreadable.getClass().getSimpleName()));
    }
    return List.of();
  }

  private void readFile(List<String> lines) {
    Source.Content content = Source.properties(Settings.FILE, lines);
    problems.addAll(content.problems());
    Map<String, String> seen = new HashMap<>();
    for (Entry entry : content.entries()) {
      String before = seen.put(entry.key(), entry.place());
      if (before != null) {
        problems.add(
            "%s (%s): given twice, first in %s. Keep one."
                .formatted(entry.key(), entry.place(), before));
      }
      take(entry.key(), entry.value(), entry.place());
    }
  }

  private void readEnvironmentFile(List<String> lines) {
    Source.Content content = Source.environmentFile(".env", lines);
    problems.addAll(content.problems());
    Map<String, Entry> last = new LinkedHashMap<>();
    content.entries().forEach(entry -> last.put(entry.key(), entry));
    for (Entry entry : last.values()) {
      Optional<String> key = keyOf(entry.key());
      if (key.isPresent()) {
        take(key.get(), entry.value(), entry.place());
      } else if (isOurs(entry.key())) {
        unknownVariable(entry.key(), entry.place());
      }
    }
  }

  private void readEnvironment() {
    for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
      Optional<String> key = keyOf(entry.getKey());
      if (key.isPresent()) {
        take(key.get(), entry.getValue().strip(), "environment " + entry.getKey());
      } else if (isCertainlyOurs(entry.getKey())) {
        unknownVariable(entry.getKey(), "environment");
      }
    }
  }

  /** A file of ours: the first word of one of our keys is enough. */
  private boolean isOurs(String variable) {
    return !variable.startsWith("TRACKER_SYNC_")
        && families.stream().anyMatch(variable::startsWith);
  }

  /**
   * The environment is shared with other programs ({@code HTTP_PROXY}, {@code NODE_ENV}): only what
   * nobody else would set, and slips of one of our names.
   */
  private boolean isCertainlyOurs(String variable) {
    if (!isOurs(variable)) {
      return false;
    }
    String[] words = variable.split("_");
    boolean named = words[0].equals("CONNECTION") || words[0].equals("SINK");
    boolean tracker =
        words[0].equals("TRACKER")
            && keyOfVariable.keySet().stream()
                .anyMatch(it -> it.startsWith("TRACKER_" + words[1] + "_"));
    boolean slip =
        Nearest.to(variable, keyOfVariable.keySet())
            .filter(it -> it.substring(it.lastIndexOf('_') + 1).length() >= 4)
            .isPresent();
    return words.length >= 3 && (named || tracker) || slip;
  }

  /** The key a variable stands for: one of ours, or of a template with a name. */
  private Optional<String> keyOf(String variable) {
    String exact = keyOfVariable.get(variable);
    if (exact != null) {
      return Optional.of(exact);
    }
    Set<String> declared = declaredNames();
    Comparator<Setting> preferred =
        Comparator.<Setting, Boolean>comparing(
                it -> declared.contains(it.nameInEnvironment(variable).orElseThrow()))
            .thenComparing(it -> it.suffix().length());
    return catalogue.templates().stream()
        .filter(it -> it.nameInEnvironment(variable).isPresent())
        .max(preferred)
        .map(it -> it.keyFor(it.nameInEnvironment(variable).orElseThrow()));
  }

  /** Names the sources so far give to templates; they decide what {@code A_B_TOKEN} means. */
  private Set<String> declaredNames() {
    Set<String> names = new TreeSet<>();
    for (Setting template : catalogue.templates()) {
      given.keySet().forEach(key -> template.nameIn(key).ifPresent(names::add));
    }
    return names;
  }

  private void take(String key, String value, String place) {
    if (catalogue.find(key).isEmpty()) {
      problems.add("%s (%s): no such setting.%s".formatted(key, place, cureFor(key)));
      return;
    }
    given.put(key, new Value(value, place));
  }

  private void unknownVariable(String variable, String place) {
    Set<String> candidates = new TreeSet<>(keyOfVariable.keySet());
    for (Setting template : catalogue.templates()) {
      String prefix = Setting.environmentName(template.prefix());
      String suffix = Setting.environmentName(template.suffix());
      if (variable.startsWith(prefix)) {
        // every way to read the first words as a name
        String rest = variable.substring(prefix.length());
        for (int at = rest.indexOf('_'); at > 0; at = rest.indexOf('_', at + 1)) {
          candidates.add(prefix + rest.substring(0, at) + suffix);
        }
      }
    }
    String cure =
        Nearest.to(variable, candidates)
            .map(it -> " Did you mean " + it + "?")
            .orElse(" Take it out, or see " + Settings.FILE + " for all names.");
    problems.add("%s (%s): no such setting.%s".formatted(variable, place, cure));
  }

  private String cureFor(String key) {
    for (Setting template : catalogue.templates()) {
      if (key.startsWith(template.prefix()) && key.endsWith(template.suffix())) {
        return " A name holds lower case letters, digits and dashes, 63 at most.";
      }
    }
    String[] words = key.split("\\.");
    Set<String> candidates = new TreeSet<>();
    for (Setting setting : catalogue.all()) {
      candidates.add(
          setting.isTemplate() && words.length > 1 ? setting.keyFor(words[1]) : setting.key());
    }
    return Nearest.to(key, candidates)
        .map(it -> " Did you mean " + it + "?")
        .orElse(" Take it out, or see docs/reference/settings.md for all settings.");
  }

  /** What was given, in the order of the descriptions, and the defaults of all else. */
  private Map<String, Value> complete() {
    Map<String, Set<String>> names = new HashMap<>();
    for (Setting template : catalogue.templates()) {
      Set<String> ofFamily = names.computeIfAbsent(template.prefix(), it -> new TreeSet<>());
      given.keySet().forEach(key -> template.nameIn(key).ifPresent(ofFamily::add));
    }
    Map<String, Value> complete = new LinkedHashMap<>();
    for (Setting setting : catalogue.all()) {
      Stream<String> keys =
          setting.isTemplate()
              ? names.get(setting.prefix()).stream().map(setting::keyFor)
              : Stream.of(setting.key());
      keys.forEach(
          key ->
              complete.put(key, given.getOrDefault(key, new Value(setting.fallback(), "default"))));
    }
    return complete;
  }

  private void check(String key, Value value) {
    Setting setting = catalogue.find(key).orElseThrow();
    Optional<String> problem;
    if (value.text().isBlank()) {
      boolean mayBeBlank = setting.fallback().isBlank() && !setting.required();
      problem =
          mayBeBlank
              ? Optional.empty()
              : Optional.of(
                  setting.required()
                      ? "missing. Each connection needs it."
                      : "blank. Take it out for the default, %s.".formatted(setting.fallback()));
    } else if (value.text().contains("{{")) {
      problem = Optional.of("holds {{, which would be replaced. Write the value itself.");
    } else {
      problem = setting.type().problem(value.text(), withInstalled(setting));
    }
    problem.ifPresent(words -> problems.add(shown(key, value) + ": " + words));
  }

  /** Trackers and sinks are folders of routes; a description makes one known, too. */
  private Setting withInstalled(Setting setting) {
    String folder =
        switch (setting.type()) {
          case TRACKER -> "trackers";
          case SINKS -> "sinks";
          default -> "";
        };
    if (folder.isEmpty()) {
      return setting;
    }
    Set<String> known = new TreeSet<>(Settings.folders(home.resolve("routes").resolve(folder)));
    if (setting.type() == SettingType.SINKS) {
      known.add("postgres");
    } else {
      catalogue.all().stream()
          .filter(it -> it.key().startsWith("tracker.") && !it.isTemplate())
          .forEach(it -> known.add(it.key().split("\\.")[1]));
    }
    return new Setting(
        setting.section(),
        setting.key(),
        setting.meaning(),
        setting.type(),
        setting.range(),
        List.copyOf(known),
        setting.fallback(),
        setting.required());
  }

  private static String shown(String key, Value value) {
    String text =
        value.text().isBlank()
            ? ""
            : Setting.isSecret(key) ? " = (hidden)" : " = \"" + value.text() + "\"";
    String origin = value.origin().equals("default") ? "" : " (" + value.origin() + ")";
    return key + text + origin;
  }

  /** Rules over more than one setting. */
  private void checkTogether(Map<String, Value> all) {
    java.util.function.UnaryOperator<String> text = key -> all.get(key).text();
    boolean dev = text.apply("auth.mode").equals("dev");
    boolean jwks = !text.apply("auth.jwks").isBlank();
    boolean secret = !text.apply("auth.jwt-secret").isBlank();
    if (dev && !LOOPBACK.contains(text.apply("http.host"))) {
      problems.add(
          shown("http.host", all.get("http.host"))
              + ": open to the network while auth.mode is dev. Use 127.0.0.1, or an issuer of your"
              + " own.");
    }
    if (jwks && secret) {
      problems.add("auth.jwks and auth.jwt-secret are both given. Keep one.");
    }
    if (dev && (jwks || secret)) {
      problems.add(
          "auth.mode is dev while auth.%s is given. Keep one."
              .formatted(jwks ? "jwks" : "jwt-secret"));
    }
    if (text.apply("auth.issuer").equals("tracker-sync-dev")) {
      problems.add(
          "auth.issuer = \"tracker-sync-dev\" is the development issuer. Give your issuer's name.");
    }
    for (String key : List.of("auth.issuer", "auth.audience")) {
      if ((jwks || secret) && text.apply(key).isBlank()) {
        problems.add(
            "%s is blank while auth.%s is given. Give what your tokens carry."
                .formatted(key, jwks ? "jwks" : "jwt-secret"));
      }
    }
    String port = text.apply("http.port");
    if (!port.equals("0") && port.equals(text.apply("management.port"))) {
      problems.add(
          "http.port and management.port are both %s. Give two different ones.".formatted(port));
    }
    if (Durations.parse(text.apply("retry.delay"))
            .orElseThrow()
            .compareTo(Durations.parse(text.apply("retry.delay-max")).orElseThrow())
        > 0) {
      problems.add(
          "retry.delay = \"%s\" is longer than retry.delay-max = \"%s\"."
              .formatted(text.apply("retry.delay"), text.apply("retry.delay-max")));
    }
  }
}

package trackersync.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The settings of one process: described, checked, complete.
 *
 * <p>From, strongest first: overrides, the environment, {@code .env}, {@code
 * application.properties} (both in the home), the defaults. Every description stands in the
 * comments of {@code application.properties}; the copy inside the jar says which settings exist,
 * the one in the home may describe more trackers and sinks.
 */
public final class Settings {

  /** The file with every setting and its description. */
  public static final String FILE = "application.properties";

  /** Shown in place of a secret. */
  public static final String MASK = "xxxxxx";

  private final Path home;
  private final boolean files;
  private final Catalogue catalogue;
  private final Map<String, Value> values;
  private final Map<String, String> environment;
  private final Map<String, String> overrides;

  record Value(String text, String origin) {}

  Settings(
      Path home,
      boolean files,
      Catalogue catalogue,
      Map<String, Value> values,
      Map<String, String> environment,
      Map<String, String> overrides) {
    this.home = home;
    this.files = files;
    this.catalogue = catalogue;
    this.values = values;
    this.environment = environment;
    this.overrides = overrides;
  }

  /**
   * Reads and checks everything.
   *
   * @param home the folder of {@code application.properties}, {@code .env} and {@code routes}; a
   *     missing file is an empty one
   * @param environment variables of the process
   * @param overrides by key, stronger than all else
   * @throws SettingsException naming every unknown key and invalid value, with the cure
   */
  public static Settings load(
      Path home, Map<String, String> environment, Map<String, String> overrides) {
    return new SettingsReader(home.toAbsolutePath().normalize(), true, environment, overrides)
        .read();
  }

  /**
   * The defaults and these overrides; neither files nor the environment are read.
   *
   * @throws SettingsException as {@link #load}
   */
  public static Settings defaults(Path home, Map<String, String> overrides) {
    return new SettingsReader(home.toAbsolutePath().normalize(), false, Map.of(), overrides).read();
  }

  /**
   * The same settings with more overrides.
   *
   * @throws SettingsException as {@link #load}
   */
  public Settings with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(overrides);
    all.putAll(more);
    return new SettingsReader(home, files, environment, all).read();
  }

  /**
   * The value; blank when there is none.
   *
   * @throws NoSuchElementException when no such setting is described
   */
  public String get(String key) {
    Value value = values.get(key);
    return value != null ? value.text() : description(key).fallback();
  }

  /** The value; empty when blank. */
  public Optional<String> find(String key) {
    return Optional.of(get(key)).filter(it -> !it.isBlank());
  }

  /** For settings of type integer. */
  public int integer(String key) {
    return Integer.parseInt(get(key));
  }

  /** For settings of type size. */
  public long bytes(String key) {
    return Sizes.parse(get(key)).orElseThrow(() -> new NoSuchElementException(key));
  }

  /** For settings of type duration. */
  public Duration duration(String key) {
    return Durations.parse(get(key)).orElseThrow(() -> new NoSuchElementException(key));
  }

  /** For settings of type flag. */
  public boolean flag(String key) {
    return Boolean.parseBoolean(get(key));
  }

  /** Every key with its value, defaults included, secrets in clear: never print it. */
  public Map<String, String> all() {
    Map<String, String> all = new LinkedHashMap<>();
    values.forEach((key, value) -> all.put(key, value.text()));
    return Collections.unmodifiableMap(all);
  }

  /** A tracker's settings by what follows {@code tracker.NAME.}; secrets are left out. */
  public Map<String, String> tracker(String name) {
    String prefix = "tracker." + name + ".";
    Map<String, String> own = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (key.startsWith(prefix) && !Setting.isSecret(key)) {
            own.put(key.substring(prefix.length()), value.text());
          }
        });
    return own;
  }

  /** {@link #all} for people: secrets masked. */
  public Map<String, String> masked() {
    Map<String, String> all = new LinkedHashMap<>();
    values.forEach(
        (key, value) ->
            all.put(key, Setting.isSecret(key) && !value.text().isBlank() ? MASK : value.text()));
    return Collections.unmodifiableMap(all);
  }

  /** Where a value came from, for people: {@code .env, line 3}. */
  public String origin(String key) {
    Value value = values.get(key);
    return value != null ? value.origin() : "default";
  }

  /** Whether the value is the one the program would take by itself. */
  public boolean isDefault(String key) {
    return get(key).equals(description(key).fallback());
  }

  /** Connections declared in the settings, by name. */
  public List<ConnectionSettings> connections() {
    return names("connection.").stream().map(this::connection).toList();
  }

  private ConnectionSettings connection(String name) {
    String at = "connection." + name + ".";
    Set<String> own =
        Set.of(
            "tracker",
            "url",
            "project",
            "token",
            "sinks",
            "schedule",
            "schedule-zone",
            "schedule-jitter",
            "include-closed",
            "enabled");
    Map<String, String> other = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (key.startsWith(at)
              && !own.contains(key.substring(at.length()))
              && !value.text().isBlank()) {
            other.put(key.substring(at.length()), value.text());
          }
        });
    return new ConnectionSettings(
        name,
        get(at + "tracker"),
        get(at + "url"),
        get(at + "project"),
        find(at + "token"),
        SettingType.items(get(at + "sinks")),
        find(at + "schedule"),
        get(at + "schedule-zone"),
        duration(at + "schedule-jitter"),
        flag(at + "include-closed"),
        flag(at + "enabled"),
        other);
  }

  private Set<String> names(String family) {
    Set<String> names = new TreeSet<>();
    for (Setting template : catalogue.templates()) {
      if (template.prefix().equals(family)) {
        values.keySet().forEach(key -> template.nameIn(key).ifPresent(names::add));
      }
    }
    return names;
  }

  /** The folder of {@code application.properties} and {@code routes}; absolute. */
  public Path home() {
    return home;
  }

  /** The folder the program writes to; absolute. It may not exist yet. */
  public Path data() {
    return home.resolve(get("data.dir")).normalize();
  }

  private Setting description(String key) {
    return catalogue
        .find(key)
        .orElseThrow(() -> new NoSuchElementException("no such setting: " + key));
  }

  /** Secrets masked. */
  @Override
  public String toString() {
    return "settings of " + home + " " + masked();
  }

  /** What the program itself knows. */
  static Catalogue builtIn() {
    try (InputStream file = Settings.class.getResourceAsStream(FILE)) {
      return Catalogue.parse(
          new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Sub-folders of a folder, sorted; none when it does not exist. */
  static List<String> folders(Path parent) {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return new ArrayList<>(
          new LinkedHashSet<>(
              children
                  .filter(Files::isDirectory)
                  .map(it -> it.getFileName().toString())
                  .sorted()
                  .toList()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}

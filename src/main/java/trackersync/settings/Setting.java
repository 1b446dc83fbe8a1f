package trackersync.settings;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The description of one setting, read from the comment above it.
 *
 * @param section heading it stands under
 * @param key the key, or a template such as {@code connection.<id>.url}
 * @param meaning sentences for people
 * @param type what its value must be
 * @param range lowest and highest value as written, both included; empty: any
 * @param values the only values allowed; empty: any
 * @param fallback value when nothing else is given; blank: none
 * @param required for templates: whether each name must have it
 */
record Setting(
    String section,
    String key,
    String meaning,
    SettingType type,
    Optional<Range> range,
    List<String> values,
    String fallback,
    boolean required) {

  /** Names in templates: what the table {@code connections} accepts, too. */
  static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private static final Pattern PLACEHOLDER = Pattern.compile("<[a-z]+>");
  private static final Pattern SECRET = Pattern.compile(".*[.-](token|password|secret|key)");

  /** Lowest and highest value, as written in the comment. */
  record Range(String low, String high) {
    @Override
    public String toString() {
      return low + ".." + high;
    }
  }

  /** {@code HTTP_PORT} for {@code http.port}. */
  static String environmentName(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Whether values of this key are never shown. */
  static boolean isSecret(String key) {
    return SECRET.matcher(key).matches();
  }

  boolean isTemplate() {
    return key.indexOf('<') >= 0;
  }

  /** For a template: everything before the name, with its dot. */
  String prefix() {
    return key.substring(0, key.indexOf('<'));
  }

  /** For a template: everything after the name, with its dot. */
  String suffix() {
    return key.substring(key.indexOf('>') + 1);
  }

  /** The key of this template for one name. */
  String keyFor(String name) {
    return PLACEHOLDER.matcher(key).replaceFirst(Matcher.quoteReplacement(name));
  }

  /** The name a key gives to this template; empty when the key is none of this template's. */
  Optional<String> nameIn(String candidate) {
    if (!isTemplate()
        || candidate.length() <= prefix().length() + suffix().length()
        || !candidate.startsWith(prefix())
        || !candidate.endsWith(suffix())) {
      return Optional.empty();
    }
    String name = candidate.substring(prefix().length(), candidate.length() - suffix().length());
    return Optional.of(name).filter(it -> NAME.matcher(it).matches());
  }

  /** The name a variable of the environment gives to this template, in the settings' form. */
  Optional<String> nameInEnvironment(String variable) {
    if (!isTemplate()) {
      return Optional.empty();
    }
    String before = environmentName(prefix());
    String after = environmentName(suffix());
    if (variable.length() <= before.length() + after.length()
        || !variable.startsWith(before)
        || !variable.endsWith(after)) {
      return Optional.empty();
    }
    String name =
        variable
            .substring(before.length(), variable.length() - after.length())
            .toLowerCase(Locale.ROOT)
            .replace('_', '-');
    return Optional.of(name).filter(it -> NAME.matcher(it).matches());
  }
}

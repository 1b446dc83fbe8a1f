package trackersync.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Temporary: the few settings the HTTP kernel reads, until the real class lands. */
public final class Settings {
  private final Path home;
  private final Map<String, String> values = new HashMap<>();

  private Settings(Path home, Map<String, String> overrides) {
    this.home = home.toAbsolutePath().normalize();
    values.putAll(
        Map.ofEntries(
            Map.entry("data.dir", "data"),
            Map.entry("http.host", "127.0.0.1"),
            Map.entry("http.port", "8480"),
            Map.entry("http.body-max", "1MB"),
            Map.entry("http.idle-timeout", "30s"),
            Map.entry("http.rate-per-minute", "600"),
            Map.entry("management.host", "127.0.0.1"),
            Map.entry("management.port", "8481"),
            Map.entry("management.scrape-token", ""),
            Map.entry("auth.mode", ""),
            Map.entry("auth.jwks", ""),
            Map.entry("auth.jwt-secret", ""),
            Map.entry("auth.issuer", ""),
            Map.entry("auth.audience", ""),
            Map.entry("sync.answer-threshold", "100"),
            Map.entry("sync.answer-wait-max", "10s")));
    values.putAll(overrides);
  }

  public static Settings load(
      Path home, Map<String, String> environment, Map<String, String> overrides) {
    return new Settings(home, overrides);
  }

  public String get(String key) {
    return values.getOrDefault(key, "");
  }

  public Optional<String> find(String key) {
    return Optional.of(get(key)).filter(it -> !it.isBlank());
  }

  public int integer(String key) {
    return Integer.parseInt(get(key));
  }

  public long bytes(String key) {
    String text = get(key);
    return text.endsWith("MB")
        ? Long.parseLong(text.substring(0, text.length() - 2)) << 20
        : text.endsWith("KB")
            ? Long.parseLong(text.substring(0, text.length() - 2)) << 10
            : Long.parseLong(text);
  }

  public Duration duration(String key) {
    String text = get(key);
    return text.endsWith("ms")
        ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
        : Duration.parse("PT" + text);
  }

  public boolean flag(String key) {
    return Boolean.parseBoolean(get(key));
  }

  public Map<String, String> all() {
    return Map.copyOf(values);
  }

  public List<ConnectionSettings> connections() {
    return List.of();
  }

  public Path home() {
    return home;
  }

  public Path data() {
    return home.resolve(get("data.dir"));
  }
}

package trackersync.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import trackersync.embedded.EmbeddedDatabase;
import trackersync.embedded.Ports;
import trackersync.settings.Settings;

/** Where a running program can be reached, by name, in the order of importance. */
record Addresses(Map<String, String> all) {

  static Addresses of(Session session) {
    Map<String, String> urls = session.running().urls();
    Map<String, String> all = new LinkedHashMap<>();
    all.put("api", urls.get("api") + "/api/connections");
    all.put("docs", urls.get("docs"));
    all.put("health", urls.get("health"));
    all.put("metrics", urls.get("metrics"));
    all.put("database", database(session.settings()));
    return new Addresses(all);
  }

  /** A line for the shell where the database is embedded, its address elsewhere. */
  private static String database(Settings settings) {
    return settings
        .find("database.url")
        .orElseGet(
            () -> {
              Path password = settings.data().resolve("keys/postgres-password");
              return "PGPASSWORD=$(cat %s) psql -h 127.0.0.1 -p %d -U %s"
                  .formatted(
                      shown(settings, password),
                      Ports.of(settings.data()).kept("postgres"),
                      EmbeddedDatabase.NAME);
            });
  }

  /** Short where it lies in the home, whole elsewhere. */
  static Path shown(Settings settings, Path path) {
    return path.startsWith(settings.home()) ? settings.home().relativize(path) : path;
  }

  Addresses with(String name, String address) {
    Map<String, String> more = new LinkedHashMap<>(all);
    more.put(name, address);
    return new Addresses(more);
  }

  List<String> lines() {
    return all.entrySet().stream()
        .map(it -> "  %-9s %s".formatted(it.getKey(), it.getValue()))
        .toList();
  }

  ObjectNode json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    all.forEach(node::put);
    return node;
  }
}

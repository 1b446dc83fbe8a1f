package trackersync.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a machine can check of the route files; a message names the file and the fix. */
class RouteFactsTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Pattern DIRECT = Pattern.compile("\"?direct:([A-Za-z0-9-]+)");
  private static final Pattern SETTING = Pattern.compile("\\{\\{([a-z][A-Za-z0-9.-]*)}}");
  // made by the program from other settings
  private static final Set<String> DERIVED =
      Set.of(
          "app.version",
          "queue.operations-in",
          "operations.lease-renewal",
          "operations.keep-millis",
          "webhooks.silence-millis",
          "release-notes.llm.timeout-millis",
          "schedule.tick-millis");

  private static List<Path> files(String ending) throws IOException {
    try (Stream<Path> all = Files.walk(Path.of("routes"))) {
      return all.filter(f -> f.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static String id(Path file) {
    return file.getFileName().toString().replace(".camel.yaml", "");
  }

  @Test
  @DisplayName(
      "CORE-2 one route a file, named as the file, described, with a header of what goes in and out")
  void oneRouteAFile() throws IOException {
    for (Path file : files(".camel.yaml")) {
      String text = Files.readString(file);
      assertThat(text).as("%s: begin with '# Part · what it does'", file).startsWith("# ");
      JsonNode all = YAML.readTree(text);
      for (JsonNode part : all) {
        JsonNode route = part.path("route");
        if (!route.isMissingNode()) {
          assertThat(route.path("id").asText())
              .as("%s: route id is the file's name", file)
              .isEqualTo(id(file));
          assertThat(route.path("description").asText())
              .as("%s: describe the route", file)
              .isNotBlank();
        }
        if (part.has("templatedRoute")) {
          assertThat(part.at("/templatedRoute/routeId").asText())
              .as("%s: routeId is the file's name", file)
              .isEqualTo(id(file));
          assertThat(part.at("/templatedRoute/prefixId").asText())
              .as("%s: prefixId is the file's name and a dash, so a step's id names the file", file)
              .isEqualTo(id(file) + "-");
        }
        if (part.has("routeTemplate")) {
          assertThat(part.at("/routeTemplate/id").asText())
              .as("%s: the template's id is the file's name", file)
              .isEqualTo(id(file));
        }
      }
      assertThat(text.lines().count())
          .as("%s: past 120 lines, make a second route", file)
          .isLessThanOrEqualTo(120);
    }
  }

  @Test
  @DisplayName("CORE-2 every direct: that is called has a listener")
  void everyDirectHasAListener() throws IOException {
    Set<String> listeners = new HashSet<>();
    for (Path file : files(".camel.yaml")) {
      for (JsonNode part : YAML.readTree(Files.readString(file))) {
        JsonNode from = part.at("/route/from");
        String uri = from.path("uri").asText();
        if (uri.equals("direct")) {
          listeners.add(from.at("/parameters/name").asText());
        } else if (uri.startsWith("direct:")) {
          listeners.add(uri.substring(7));
        }
        part.at("/templatedRoute/parameters")
            .forEach(
                p -> {
                  if (p.path("name").asText().equals("name")) {
                    listeners.add(p.path("value").asText());
                  }
                });
      }
    }
    List<String> missing = new ArrayList<>();
    for (Path file : files(".camel.yaml")) {
      Matcher call = DIRECT.matcher(Files.readString(file).replaceAll("(?m)^\\s*#.*$", ""));
      while (call.find()) {
        if (!listeners.contains(call.group(1))) {
          missing.add(file + " calls direct:" + call.group(1));
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  @DisplayName("CORE-16 every setting a route names is described in application.properties")
  void everySettingIsDescribed() throws IOException {
    String described = Files.readString(Path.of("application.properties"));
    Set<String> unknown = new TreeSet<>();
    for (Path file : files(".camel.yaml")) {
      String text = Files.readString(file);
      Set<String> parameters = new HashSet<>(DERIVED);
      for (JsonNode part : YAML.readTree(text)) {
        part.at("/routeTemplate/parameters").forEach(p -> parameters.add(p.path("name").asText()));
      }
      Matcher setting = SETTING.matcher(text.replaceAll("(?m)^\\s*#.*$", ""));
      while (setting.find()) {
        String key = setting.group(1);
        if (!parameters.contains(key)
            && !Pattern.compile("(?m)^" + Pattern.quote(key) + "\\s*=").matcher(described).find()) {
          unknown.add(file + ": {{" + key + "}}");
        }
      }
    }
    assertThat(unknown).as("describe these in application.properties").isEmpty();
  }

  @Test
  @DisplayName("CORE-14 SQL takes parameters only: no ${…} in its text, no header that replaces it")
  void sqlTakesParametersOnly() throws IOException {
    Pattern open = Pattern.compile("(?<!:#)\\$\\{");
    for (Path file : files(".sql")) {
      assertThat(open.matcher(Files.readString(file)).find())
          .as("%s: use :#${variable.x}", file)
          .isFalse();
    }
    for (Path file : files(".camel.yaml")) {
      assertThat(Files.readString(file)).as("%s", file).doesNotContain("CamelSqlQuery");
    }
  }

  @Test
  @DisplayName("CORE-2 every SQL file is used by a route")
  void everySqlFileIsUsed() throws IOException {
    StringBuilder routes = new StringBuilder();
    for (Path file : files(".camel.yaml")) {
      routes.append(Files.readString(file));
    }
    for (Path file : files(".sql")) {
      assertThat(routes)
          .as("%s: no route uses it, remove it", file)
          .contains(file.getFileName().toString());
    }
  }
}

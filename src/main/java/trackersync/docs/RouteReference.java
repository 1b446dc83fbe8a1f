package trackersync.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code docs/reference/routes.md}, generated from the headers and descriptions of the routes. */
public final class RouteReference {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String ENDING = ".camel.yaml";
  private static final Pattern LABEL = Pattern.compile("(In|Out|API) {1,2}(.*)");

  private RouteReference() {}

  /**
   * The whole page.
   *
   * @param home the folder that holds {@code routes}
   */
  public static String page(Path home) throws IOException {
    Map<String, List<Path>> folders = new TreeMap<>();
    try (Stream<Path> all = Files.walk(home.resolve("routes"))) {
      all.filter(file -> file.toString().endsWith(ENDING))
          .sorted()
          .forEach(
              file ->
                  folders
                      .computeIfAbsent(
                          slashes(home.relativize(file.getParent())), f -> new ArrayList<>())
                      .add(file));
    }
    Map<String, String> listeners = new TreeMap<>();
    for (List<Path> files : folders.values()) {
      for (Path file : files) {
        for (JsonNode part : YAML.readTree(file.toFile())) {
          listener(part).ifPresent(endpoint -> listeners.put(endpoint, id(file)));
        }
      }
    }
    StringBuilder page = new StringBuilder();
    page.append("<!-- Generated from routes/**/*.camel.yaml by `./tracker-sync docs`. -->\n");
    page.append(
        """
        # Routes

        What each route file does, what goes in and comes out, and what it calls, in the order of its
        steps. A route has the name of its file, so a name in the log is a name below.
        [How to read one](../../routes/README.md).
        """);
    for (Map.Entry<String, List<Path>> folder : folders.entrySet()) {
      page.append("\n## ").append(folder.getKey()).append('\n');
      for (Path file : folder.getValue()) {
        page.append(section(home, file, listeners));
      }
    }
    return page.toString();
  }

  /** The {@code direct:} endpoint a part of a file listens on. */
  private static Optional<String> listener(JsonNode part) {
    JsonNode from = part.at("/route/from");
    if (from.path("uri").asText().equals("direct")) {
      return Optional.of(from.at("/parameters/name").asText());
    }
    for (JsonNode parameter : part.at("/templatedRoute/parameters")) {
      if (parameter.path("name").asText().equals("name")) {
        return Optional.of(parameter.path("value").asText());
      }
    }
    return Optional.empty();
  }

  private static String section(Path home, Path file, Map<String, String> listeners)
      throws IOException {
    String text = Files.readString(file);
    Map<String, String> header = header(text);
    Set<String> calls = new LinkedHashSet<>();
    String description = header.getOrDefault("", "");
    for (JsonNode part : YAML.readTree(text)) {
      for (String kind : List.of("route", "routeConfiguration")) {
        description = part.path(kind).path("description").asText(description);
      }
      if (part.has("templatedRoute")) {
        description = header.getOrDefault("", "A route of a template.");
        calls.add(
            "template [%1$s](#%1$s)"
                .formatted(part.at("/templatedRoute/routeTemplateRef").asText()));
      }
      collect(part, calls, listeners);
    }
    StringBuilder section = new StringBuilder();
    section
        .append("\n### ")
        .append(id(file))
        .append("\n\n[`")
        .append(slashes(home.relativize(file)))
        .append("`](../../")
        .append(slashes(home.relativize(file)))
        .append(") · ")
        .append(sentence(description))
        .append('\n');
    List<String> lines = new ArrayList<>();
    for (String label : List.of("In", "Out", "API")) {
      if (header.containsKey(label)) {
        lines.add("- " + label + ": " + markdown(header.get(label)));
      }
    }
    if (!calls.isEmpty()) {
      lines.add("- Calls: " + String.join(", ", calls));
    }
    if (!lines.isEmpty()) {
      section.append('\n').append(String.join("\n", lines)).append('\n');
    }
    return section.toString();
  }

  /** Label → text; blank: the sentences without a label. The first line is a title. */
  private static Map<String, String> header(String text) {
    Map<String, String> header = new TreeMap<>();
    String label = "";
    List<String> lines =
        text.lines().takeWhile(line -> line.startsWith("#")).skip(1).collect(Collectors.toList());
    for (String line : lines) {
      String words = line.substring(1).strip();
      Matcher labelled = LABEL.matcher(words);
      if (labelled.matches()) {
        label = labelled.group(1);
        words = labelled.group(2).strip();
      }
      header.merge(label, words, (before, more) -> before + " " + more);
    }
    return header;
  }

  /** What a part of a route hands its message to, in the order it stands there. */
  private static void collect(JsonNode node, Set<String> calls, Map<String, String> listeners) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      JsonNode value = field.getValue();
      switch (field.getKey()) {
        case "to", "toD", "wireTap" ->
            called(
                value.isTextual() ? value.asText() : value.path("uri").asText(), calls, listeners);
        case "bean", "method" -> {
          if (value.has("ref")) {
            String method = value.path("method").asText().replaceAll("\\(.*", "");
            calls.add("`" + value.path("ref").asText() + "." + method + "`");
          }
        }
        default -> {
          // other keys call nothing
        }
      }
      collect(value, calls, listeners);
    }
    if (node.isArray()) {
      node.forEach(item -> collect(item, calls, listeners));
    }
  }

  private static void called(String uri, Set<String> calls, Map<String, String> listeners) {
    if (uri.startsWith("sql:file:")) {
      calls.add("`" + uri.replaceAll(".*/", "") + "`");
    } else if (uri.startsWith("direct:")) {
      String id = listeners.get(uri.substring("direct:".length()));
      calls.add(id == null ? "`" + uri + "`" : "[" + id + "](#" + id + ")");
    } else if (!uri.isBlank()) {
      calls.add("`" + uri.replaceAll("\\?.*", "") + "`");
    }
  }

  private static String id(Path file) {
    return file.getFileName().toString().replace(ENDING, "");
  }

  private static String sentence(String text) {
    String clean = markdown(text);
    return clean.isEmpty() || clean.endsWith(".") ? clean : clean + ".";
  }

  /** Placeholders in angle brackets would be taken for HTML. */
  private static String markdown(String text) {
    return text.replaceAll("<([a-z]+)>", "`<$1>`").replaceAll("(\\{\\{[^}]*}})", "`$1`");
  }

  private static String slashes(Path path) {
    return path.toString().replace('\\', '/');
  }
}

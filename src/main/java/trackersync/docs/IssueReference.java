package trackersync.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code docs/reference/issue.md}, generated from the schema every map is checked against. */
public final class IssueReference {
  private static final String SCHEMA = "routes/pipeline/issue.schema.json";
  private static final Map<String, String> WORDS =
      Map.of("string", "text", "array", "list", "boolean", "true or false", "null", "`null`");

  private IssueReference() {}

  /**
   * The whole page.
   *
   * @param home the folder that holds {@code routes}
   */
  public static String page(Path home) throws IOException {
    JsonNode schema = new ObjectMapper().readTree(home.resolve(SCHEMA).toFile());
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    StringBuilder page = new StringBuilder();
    page.append("<!-- Generated from ").append(SCHEMA).append(" by `./tracker-sync docs`. -->\n");
    page.append("# ").append(schema.path("title").asText()).append("\n\n");
    page.append(escaped(schema.path("description").asText())).append("\n\n");
    page.append("Every record is checked against this before it is written; one that does not fit");
    page.append(" is set aside with the reason. No other field is allowed.\n\n");
    page.append("| field | must be there | value | meaning |\n|---|---|---|---|\n");
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      page.append("| `")
          .append(field.getKey())
          .append("` | ")
          .append(required.contains(field.getKey()) ? "yes" : "")
          .append(" | ")
          .append(value(field.getValue()).replace("|", "\\|"))
          .append(" | ")
          .append(escaped(field.getValue().path("description").asText()))
          .append(" |\n");
    }
    return page.toString();
  }

  private static String value(JsonNode field) {
    if (field.has("enum")) {
      List<String> values = new ArrayList<>();
      field.path("enum").forEach(v -> values.add("`" + v.asText() + "`"));
      return String.join(", ", values);
    }
    List<String> types = new ArrayList<>();
    if (field.path("type").isArray()) {
      field.path("type").forEach(t -> types.add(word(t.asText())));
    } else {
      types.add(word(field.path("type").asText()));
    }
    String items = field.at("/items/type").asText();
    return String.join(" or ", types)
        + (items.isEmpty() ? "" : " of " + word(items))
        + limits(field);
  }

  private static String word(String type) {
    return WORDS.getOrDefault(type, type);
  }

  private static String limits(JsonNode field) {
    StringBuilder limits = new StringBuilder();
    if (field.has("minimum")) {
      limits.append(", ").append(field.path("minimum")).append("..").append(field.path("maximum"));
    }
    if (field.path("minLength").asInt() == 1) {
      limits.append(", not empty");
    }
    if (field.has("maxItems")) {
      limits.append(", at most ").append(field.path("maxItems"));
    }
    if (field.has("pattern")) {
      limits.append(", `").append(field.path("pattern").asText()).append('`');
    }
    return limits.toString();
  }

  /** Placeholders in angle brackets would be taken for HTML. */
  private static String escaped(String cell) {
    return cell.replace("|", "\\|").replaceAll("<([a-z ]+)>", "`<$1>`");
  }
}

package trackersync.map;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.Exchange;
import trackersync.fetch.RawPage;
import trackersync.fetch.SourceAnswers;
import trackersync.fetch.SourceException;
import trackersync.settings.Settings;

/**
 * A raw page through its tracker's jq file, every record checked; bean {@code mapping} of
 * routes/pipeline/pipeline-1-map. A record that does not map, does not fit issue.schema.json or
 * cannot be stored as text goes to the rejected ones with its reason; the others go on.
 */
public final class Mapping {
  private static final int TITLE_MAX = 255;
  private static final Pattern KEY = Pattern.compile("[a-z0-9]+:[A-Za-z0-9._:-]{1,200}");

  /** One record that was not mapped: {@code reason} in words, {@code raw} as JSON text. */
  public record Rejected(String key, String stage, String reason, String raw) {}

  /**
   * @param records JSON array of unified issues, each with revision_hash and raw, in UTF-8
   * @param count how many records that is
   * @param rejected the ones set aside
   * @param ignored kind and key of what the map drops on purpose, as a JSON list
   * @param ignoredCount how many that is
   * @param seen raw records on the page
   * @param newest the latest change on the page, as the source wrote it; null on an empty one
   * @param notes what is worth telling of records that are stored all the same, as a JSON list of
   *     issueId and error
   */
  public record Page(
      byte[] records,
      int count,
      List<Rejected> rejected,
      String ignored,
      int ignoredCount,
      int seen,
      String newest,
      String notes) {}

  /** The latest of some times, as it was written; what is no time does not count. */
  private static final class Newest {
    private String text;

    void see(String time) {
      if (Times.isTime(time) && (text == null || Times.isAfter(time, text))) {
        text = time;
      }
    }
  }

  private final Path trackers;
  private final IssueSchema schema;
  private final Function<String, JsonNode> settings;
  private final Map<Path, JsonQuery> compiled = new ConcurrentHashMap<>();
  private final Scope scope = Scope.newEmptyScope();
  private final ObjectMapper mapper = JsonMapper.builder().build();
  private final ObjectWriter writer = mapper.writer();
  // what is set aside may hold text that UTF-8 cannot; escapes can say anything
  private final ObjectWriter escaping = mapper.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

  /** A tracker's settings as its map sees them: an object of texts. */
  public static Function<String, JsonNode> settingsOf(Settings settings) {
    ObjectMapper json = new ObjectMapper();
    Map<String, JsonNode> known = new ConcurrentHashMap<>();
    return tracker ->
        known.computeIfAbsent(tracker, name -> json.valueToTree(settings.tracker(name)));
  }

  /**
   * @param trackers the folder with a folder a tracker
   * @param settings a tracker's own settings as an object, for its map's {@code $settings}
   */
  public Mapping(Path trackers, IssueSchema schema, Function<String, JsonNode> settings) {
    this.trackers = trackers;
    this.schema = schema;
    this.settings = settings;
    BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_6, scope);
  }

  /**
   * For the route: body raw page (JsonNode) → body records (JSON, UTF-8); sets variables mapped
   * (Page), newest.
   */
  public void page(Exchange exchange) {
    String tracker = exchange.getVariable("tracker", String.class);
    String stream = exchange.getVariable("stream", String.class);
    JsonNode raw = exchange.getMessage().getBody(JsonNode.class);
    try {
      Page page = raw == null ? EMPTY : map(tracker, stream, raw, RawPage.of(exchange));
      exchange.setVariable("mapped", page);
      exchange.setVariable("newest", page.newest());
      exchange.getMessage().setBody(page.records());
    } finally {
      RawPage.done(exchange);
    }
  }

  private static final Page EMPTY =
      new Page("[]".getBytes(StandardCharsets.UTF_8), 0, List.of(), "[]", 0, 0, null, "[]");

  /**
   * @param raw the list of raw records of a page
   * @throws SourceException.Unavailable when the page is no list
   * @throws IllegalStateException when the jq file is missing, wrong, or loses a record, naming it
   */
  public Page map(String tracker, String stream, JsonNode raw) {
    return map(tracker, stream, raw, null);
  }

  private Page map(String tracker, String stream, JsonNode raw, RawPage bytes) {
    SourceAnswers.list(tracker, raw);
    Path file = file(tracker, stream);
    JsonNode mapped = apply(tracker, file, raw);
    JsonNode records = mapped.path("records");
    JsonNode rejected = mapped.path("rejected");
    JsonNode ignored = mapped.path("ignored");
    if (!records.isArray() || !rejected.isArray() || !ignored.isArray()) {
      throw new IllegalStateException(
          file + ": must make {records: […], rejected: […], ignored: […]} of a page");
    }
    Newest newest = new Newest();
    for (JsonNode one : ignored) {
      if (!one.path("kind").isTextual() || !one.path("key").isTextual()) {
        throw new IllegalStateException(
            file + ": each of ignored must have a kind and a key, both text");
      }
      newest.see(one.path("updated_at").asText());
    }
    long accounted = records.size() + rejected.size() + ignored.size();
    if (accounted != raw.size()) {
      throw new IllegalStateException(
          file
              + ": the page holds "
              + raw.size()
              + " records, the map accounts for "
              + accounted
              + "; one it drops must be listed in ignored");
    }
    List<Rejected> aside = new ArrayList<>();
    for (JsonNode r : rejected) {
      aside.add(aside(tracker, r.path("key"), r.path("raw"), "map", r.path("rejected").asText()));
    }
    ByteArrayBuilder out = new ByteArrayBuilder();
    int count = 0;
    out.append('[');
    for (JsonNode r : records) {
      ObjectNode issue = (ObjectNode) r;
      JsonNode source = issue.remove("raw");
      // a map may cut a pair in two, so its own text is always searched
      boolean plain = bytes != null && bytes.isPlain(source);
      Optional<String> problem =
          check(issue).or(() -> plain ? Optional.empty() : unstorable(source));
      if (problem.isPresent()) {
        aside.add(aside(tracker, issue.path("key"), source, "check", problem.get()));
        continue;
      }
      if (count++ > 0) {
        out.append(',');
      }
      newest.see(issue.path("updated_at").asText());
      write(out, issue, source, bytes);
    }
    out.append(']');
    return new Page(
        out.toByteArray(),
        count,
        List.copyOf(aside),
        ignored.toString(),
        ignored.size(),
        raw.size(),
        newest.text,
        notes(mapped.path("notes")));
  }

  /** The issue as it is hashed, and behind its last field the hash and the raw record. */
  private void write(ByteArrayBuilder out, ObjectNode issue, JsonNode source, RawPage bytes) {
    try {
      byte[] whole = writer.writeValueAsBytes(issue);
      String hash = hash(whole);
      byte[] stored = cutTitle(issue) ? writer.writeValueAsBytes(issue) : whole;
      out.write(stored, 0, stored.length - 1);
      out.write((",\"revision_hash\":\"" + hash + "\",\"raw\":").getBytes(StandardCharsets.UTF_8));
      if (bytes == null || !bytes.copy(source, out)) {
        writer.writeValue(out, source);
      }
      out.append('}');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<String> check(ObjectNode issue) {
    return schema.problem(issue).or(() -> impossibleDate(issue)).or(() -> unstorable(issue));
  }

  private JsonNode apply(String tracker, Path file, JsonNode raw) {
    List<JsonNode> out = new ArrayList<>(1);
    try {
      Scope own = Scope.newChildScope(scope);
      own.setValue("settings", settings.apply(tracker));
      query(file).apply(own, raw, out::add);
    } catch (JsonQueryException e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
    if (out.size() != 1) {
      throw new IllegalStateException(file + ": made " + out.size() + " values of a page, not one");
    }
    return out.get(0);
  }

  private Path file(String tracker, String stream) {
    String name = stream.equals("issues") ? tracker : tracker + "-" + stream;
    return trackers.resolve(tracker).resolve(name + "-map.jq");
  }

  private JsonQuery query(Path file) {
    return compiled.computeIfAbsent(
        file,
        f -> {
          try {
            return JsonQuery.compile(Files.readString(f), Versions.JQ_1_6);
          } catch (NoSuchFileException e) {
            throw new IllegalStateException("no " + f + ": a tracker's folder needs its map", e);
          } catch (JsonQueryException e) {
            throw new IllegalStateException(f + " is no valid jq: " + e.getMessage(), e);
          } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + f, e);
          }
        });
  }

  private String notes(JsonNode notes) {
    ArrayNode told = mapper.createArrayNode();
    for (JsonNode note : notes) {
      told.addObject()
          .put("issueId", clean(note.path("key").asText()))
          .put("error", clean(note.path("note").asText()));
    }
    return told.toString();
  }

  /**
   * @param key the record's own, where the map found one
   */
  private Rejected aside(String tracker, JsonNode key, JsonNode raw, String stage, String reason) {
    try {
      String text = escaping.writeValueAsString(raw);
      String known = key.asText();
      if (known.startsWith(tracker + ":") && KEY.matcher(known).matches()) {
        return new Rejected(known, stage, clean(reason), text);
      }
      return new Rejected(keyOf(tracker, raw, text), stage, clean(reason), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String keyOf(String tracker, JsonNode raw, String text) {
    JsonNode id = raw.path("id");
    return id.isIntegralNumber() || (id.isTextual() && id.asText().matches("[A-Za-z0-9._-]{1,100}"))
        ? tracker + ":" + id.asText()
        : tracker + ":unreadable:" + hash(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether the title was too long for its column; all of it stays in custom_fields. */
  private static boolean cutTitle(ObjectNode issue) {
    String title = issue.get("title").asText();
    if (title.codePointCount(0, title.length()) <= TITLE_MAX) {
      return false;
    }
    issue.put("title", title.substring(0, title.offsetByCodePoints(0, TITLE_MAX)));
    ObjectNode custom = issue.withObjectProperty("custom_fields");
    custom.withObjectProperty("externalSync").put("fullTitle", title);
    return true;
  }

  private static Optional<String> impossibleDate(JsonNode issue) {
    for (String field : List.of("created_at", "updated_at", "closed_at")) {
      JsonNode value = issue.path(field);
      if (value.isTextual()) {
        if (!Times.isTime(value.asText())) {
          return Optional.of(field + ": '" + value.asText() + "' is no date and time");
        }
      }
    }
    return Optional.empty();
  }

  /** Text that neither UTF-8 nor PostgreSQL can hold: NUL, and half of a surrogate pair. */
  private static Optional<String> unstorable(JsonNode node) {
    if (node.isTextual()) {
      String text = node.textValue();
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == 0) {
          return Optional.of("text with a NUL character at " + i);
        }
        if (Character.isSurrogate(c)) {
          boolean pair =
              Character.isHighSurrogate(c)
                  && i + 1 < text.length()
                  && Character.isLowSurrogate(text.charAt(i + 1));
          if (!pair) {
            return Optional.of("text with half of a surrogate pair at " + i);
          }
          i++;
        }
      }
      return Optional.empty();
    }
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        Optional<String> inside = unstorable(field.getValue());
        if (inside.isPresent()) {
          return inside.map(words -> field.getKey() + ": " + words);
        }
      }
    } else if (node instanceof ArrayNode array) {
      for (JsonNode item : array) {
        Optional<String> inside = unstorable(item);
        if (inside.isPresent()) {
          return inside;
        }
      }
    }
    return Optional.empty();
  }

  private static String clean(String reason) {
    String words = reason.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    return words.length() > 500 ? words.substring(0, 500) + "…" : words;
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

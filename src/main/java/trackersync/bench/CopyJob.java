package trackersync.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import trackersync.map.IssueSchema;
import trackersync.map.Mapping;

/**
 * The floor of all storing: rows that were mapped beforehand, by COPY in chunks of 1,000 into a
 * stage without index, each chunk merged into {@code issues} and committed.
 */
final class CopyJob implements Job {
  private static final int CHUNK = 1_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The mapped fields in the order of {@link #COLUMNS}. */
  private static final List<String> FIELDS =
      List.of(
          "key",
          "number",
          "title",
          "description",
          "status",
          "source_status",
          "type",
          "priority",
          "labels",
          "assignees",
          "author",
          "milestone",
          "url",
          "comments_count",
          "created_at",
          "updated_at",
          "closed_at",
          "custom_fields",
          "raw",
          "revision_hash");

  private static final String COLUMNS =
      "record_key, number, title, description, status, source_status, type, priority, labels,"
          + " assignees, author, milestone, url, comments_count, created_at, updated_at, closed_at,"
          + " custom_fields, raw, revision_hash";

  private final JsonNode task;
  private final Path rows;

  CopyJob(JsonNode task) {
    this.task = task;
    this.rows = Path.of(task.path("rows").asText());
  }

  /** Maps by the product's own map, so that the same rows come out. */
  @Override
  public void prepare() throws IOException {
    if (Files.exists(rows)) {
      return;
    }
    Mapping mapping =
        new Mapping(
            Path.of("routes/trackers"),
            new IssueSchema(Path.of("routes/pipeline/issue.schema.json")),
            tracker -> JSON.createObjectNode());
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(rows), 1 << 20))) {
      StringBuilder chunk = new StringBuilder();
      int[] inChunk = {0};
      new Pages()
          .each(
              task.path("api").asText(),
              Rig.WHOLE,
              page -> {
                try {
                  Mapping.Page mapped = mapping.map("github", "issues", JSON.readTree(page));
                  for (JsonNode issue : JSON.readTree(mapped.records())) {
                    line(chunk, issue);
                    if (++inChunk[0] == CHUNK) {
                      flush(out, chunk);
                      inChunk[0] = 0;
                    }
                  }
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      flush(out, chunk);
    }
  }

  private static void flush(DataOutputStream out, StringBuilder chunk) throws IOException {
    if (!chunk.isEmpty()) {
      byte[] bytes = chunk.toString().getBytes(StandardCharsets.UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
      chunk.setLength(0);
    }
  }

  private static void line(StringBuilder out, JsonNode issue) {
    String separator = "";
    for (String field : FIELDS) {
      out.append(separator).append(value(field, issue));
      separator = "\t";
    }
    out.append('\n');
  }

  private static String value(String field, JsonNode issue) {
    JsonNode value = issue.path(field);
    if (field.equals("custom_fields")) {
      return escaped(Rig.customFields(issue).toString());
    }
    if (field.equals("labels") || field.equals("assignees")) {
      return escaped(
          StreamSupport.stream(value.spliterator(), false)
              .map(JsonNode::toString)
              .collect(Collectors.joining(",", "{", "}")));
    }
    if (value.isNull() || value.isMissingNode()) {
      return "\\N";
    }
    return escaped(value.isTextual() ? value.asText() : value.toString());
  }

  /** COPY's text format (PostgreSQL, COPY, "Text Format"). */
  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  @Override
  public long step(String name) throws SQLException, IOException {
    String copy = "copy stage (" + COLUMNS + ") from stdin";
    String merge = Rig.resource("copy-merge.sql").replace(":columns", COLUMNS);
    long start = System.nanoTime();
    try (Connection c =
            DriverManager.getConnection(
                task.path("url").asText(),
                task.path("user").asText(),
                task.path("password").asText());
        Statement statement = c.createStatement();
        DataInputStream in =
            new DataInputStream(new BufferedInputStream(Files.newInputStream(rows), 1 << 20))) {
      c.setAutoCommit(false);
      statement.execute("create temp table stage as select " + COLUMNS + " from issues limit 0");
      while (in.available() > 0) {
        byte[] chunk = in.readNBytes(in.readInt());
        CopyIn stage = c.unwrap(PGConnection.class).getCopyAPI().copyIn(copy);
        stage.writeToCopy(chunk, 0, chunk.length);
        stage.endCopy();
        statement.execute(merge);
        statement.execute("truncate stage");
        c.commit();
      }
    }
    return System.nanoTime() - start;
  }

  @Override
  public void close() {}
}

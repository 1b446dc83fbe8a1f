package trackersync.map;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** {@code issue.schema.json}: what every tracker's map must make of a record. */
public final class IssueSchema {
  private final JsonSchema schema;

  public IssueSchema(Path file) {
    try {
      schema =
          JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
              .getSchema(Files.readString(file));
      schema.initializeValidators();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read " + file + "; is this the application's home?", e);
    }
  }

  /**
   * @return why the record does not fit, in words for people; empty when it does
   */
  public Optional<String> problem(JsonNode issue) {
    Set<ValidationMessage> found = schema.validate(issue);
    return found.stream()
        .map(m -> m.getMessage().replaceFirst("^\\$\\.?:? ?", ""))
        .sorted()
        .findFirst()
        .map(words -> words.length() > 300 ? words.substring(0, 300) + "…" : words);
  }
}

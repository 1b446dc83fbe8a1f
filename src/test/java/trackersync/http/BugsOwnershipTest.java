package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whose column it is, as declared; and that no statement writes somebody else's. */
class BugsOwnershipTest {
  private static final Path FOLDER = Path.of("routes/trackers/bugsby");
  private static final Path LIST = FOLDER.resolve("bugs-columns.txt");
  private static final Pattern WRITES_BUGS = Pattern.compile("(?i)\\b(update|into)\\s+bugs\\b");
  private static final Pattern SET =
      Pattern.compile("(?is)\\bset\\b(.*?)(?:\\bfrom\\b|\\bwhere\\b|\\breturning\\b|$)");
  private static final Pattern ASSIGNED = Pattern.compile("(?m)(?:^|,)\\s*([a-z_]+)\\s*=(?!=)");
  private static final Pattern INSERTED =
      Pattern.compile("(?is)insert into bugs(?: as \\w+)?\\s*\\(([^)]*)\\)");

  private static Map<String, String> declared() throws IOException {
    Map<String, String> owners = new TreeMap<>();
    for (String line : Files.readAllLines(LIST)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] words = line.trim().split("\\s+");
        assertThat(words).as(line).hasSize(2);
        assertThat(words[1]).as(line).isIn("source", "people", "engine");
        assertThat(owners.put(words[0], words[1])).as("%s stands twice", words[0]).isNull();
      }
    }
    return owners;
  }

  private static Set<String> owned(String... owners) throws IOException {
    Set<String> wanted = Set.of(owners);
    return declared().entrySet().stream()
        .filter(it -> wanted.contains(it.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Columns a statement on bugs assigns or inserts. */
  private static Set<String> written(Path file) throws IOException {
    String sql =
        Files.readString(file).replaceAll("(?m)--.*$", "").replace("distinct from", "other than");
    Set<String> columns = new TreeSet<>();
    Matcher insert = INSERTED.matcher(sql);
    while (insert.find()) {
      for (String column : insert.group(1).split(",")) {
        columns.add(column.trim());
      }
    }
    Matcher set = SET.matcher(sql);
    while (set.find()) {
      Matcher assigned = ASSIGNED.matcher(set.group(1));
      while (assigned.find()) {
        columns.add(assigned.group(1));
      }
    }
    return columns;
  }

  @Test
  @DisplayName("BUGSBY-14 BUGSBY-3 every column of bugs is declared with its owner, and no other")
  void everyColumnIsDeclared() throws IOException {
    Set<String> columns =
        new TreeSet<>(
            ApiServer.sql()
                .queryForList(
                    "select column_name from information_schema.columns"
                        + " where table_name = 'bugs' and table_schema = current_schema()",
                    String.class));
    assertThat(declared().keySet())
        .as("routes/trackers/bugsby/bugs-columns.txt says whose each column is")
        .isEqualTo(columns);
  }

  @Test
  @DisplayName("BUGSBY-14 no statement of the sync writes a column of people")
  void syncWritesNothingOfPeople() throws IOException {
    Set<String> people = owned("people");
    Set<String> all = new TreeSet<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".sql")).toList()) {
        if (WRITES_BUGS.matcher(Files.readString(file)).find()) {
          Set<String> written = written(file);
          assertThat(written).as(file.toString()).isNotEmpty().doesNotContainAnyElementsOf(people);
          all.addAll(written);
        }
      }
    }
    // and what is Bugsby's is written by one of them: the reading of the SQL sees it
    assertThat(all).containsAll(owned("source"));
  }

  @Test
  @DisplayName("BUGSBY-21 what people change is theirs alone")
  void peopleWriteTheirsOnly() throws IOException {
    Set<String> people = owned("people");
    for (String name : new String[] {"update-bug.sql", "draft-release-note.sql"}) {
      assertThat(written(Path.of("routes/api", name)))
          .as(name)
          .contains("status", "release_note", "version")
          .isSubsetOf(people);
    }
    try (Stream<Path> files = Files.list(Path.of("routes/api"))) {
      for (Path file : files.filter(it -> it.toString().endsWith(".sql")).toList()) {
        if (WRITES_BUGS.matcher(Files.readString(file)).find()) {
          assertThat(file.getFileName().toString())
              .isIn("update-bug.sql", "draft-release-note.sql");
        }
      }
    }
  }

  @Test
  @DisplayName("BUGSBY-5 no column of Bugsby's has a limit that could fail a run")
  void textHasNoLimit() throws IOException {
    Map<String, String> types =
        ApiServer.sql()
            .queryForList(
                "select column_name, data_type from information_schema.columns"
                    + " where table_name = 'bugs' and table_schema = current_schema()")
            .stream()
            .collect(
                Collectors.toMap(
                    it -> (String) it.get("column_name"), it -> (String) it.get("data_type")));
    for (String column : owned("source")) {
      assertThat(types.get(column)).as(column).isIn("text", "uuid", "timestamp with time zone");
    }
  }
}

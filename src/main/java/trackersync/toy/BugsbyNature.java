package trackersync.toy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What only Bugsby's bugs have: computed, unless an edit has set it. Safe for several threads. */
final class BugsbyNature {
  static final String STATUS = "status";
  static final String ASSIGNEE = "assignee_email";
  static final List<String> OPEN = List.of("NEW", "ASSIGNED", "REVIEW");
  static final List<String> CLOSED = List.of("RESOLVED", "VERIFIED", "CLOSED");

  /** The fields an edit may set, to any text. */
  static final List<String> FIELDS =
      List.of("severity", "priority", "bug_type", "component", ASSIGNEE, "description");

  private static final Map<String, List<String>> WORDS =
      Map.of(
          "severity", List.of("sev1", "sev2", "sev3"),
          "priority", List.of("P0", "P1", "P2"),
          "bug_type", List.of("BUG", "TASK", "FEATURE"),
          "component", ToyData.lines("bugsby", "components.txt"));

  private record Bug(String release, int number) {}

  /**
   * What an edit has made of a field.
   *
   * @param value null for none
   */
  record Edited(String value) {}

  private final Map<Bug, Map<String, Edited>> edits = new ConcurrentHashMap<>();

  private static Bug bug(ToyRepository release, int number) {
    return new Bug(release.fullName().toLowerCase(Locale.ROOT), number);
  }

  /**
   * Sets a field.
   *
   * @param value null for none
   */
  void set(ToyRepository release, int number, String field, String value) {
    if (!FIELDS.contains(field)) {
      throw new IllegalArgumentException(
          "toy: field is \"%s\", must be one of %s.".formatted(field, FIELDS));
    }
    edits
        .computeIfAbsent(bug(release, number), bug -> new ConcurrentHashMap<>())
        .put(field, new Edited(value));
  }

  void reset() {
    edits.clear();
  }

  /** Null where no edit has set the field. */
  Edited edited(ToyRepository release, int number, String field) {
    return edits.getOrDefault(bug(release, number), Map.of()).get(field);
  }

  /** Severity, priority, type, component, assignee or status; null for none. */
  String field(ToyRepository release, int number, String field) {
    Edited edited = edited(release, number, field);
    if (edited != null) {
      return edited.value();
    }
    long draw = Draw.mix(release.draw(number) ^ 0xB065, field);
    return switch (field) {
      case STATUS -> status(release, number, draw);
      case ASSIGNEE -> assignee(draw);
      default -> {
        List<String> words = WORDS.get(field);
        yield words.get(Draw.pick(draw, 0, words.size()));
      }
    };
  }

  private static String status(ToyRepository release, int number, long draw) {
    String set = release.change(number).state();
    if (set != null) {
      return set;
    }
    List<String> words = release.closed(number) ? CLOSED : OPEN;
    return words.get(Draw.pick(draw, 0, words.size()));
  }

  /** A tenth belongs to nobody; some write their address with capitals. */
  private static String assignee(long draw) {
    int drawn = Draw.pick(draw, 0, 1_000);
    if (drawn < 100) {
      return null;
    }
    List<ToyData.User> users = ToyData.shared().users;
    String email = users.get(drawn % users.size()).login().replace('-', '.') + "@acme.example";
    return Draw.pick(draw, 16, 8) == 0
        ? email.substring(0, 1).toUpperCase(Locale.ROOT) + email.substring(1)
        : email;
  }
}

package trackersync.toy;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which issues a list request wants, and in which order.
 *
 * @param since epoch seconds, updated at or after; {@link Long#MIN_VALUE} for all
 * @param labels lower-case names an issue must all have
 */
record IssueQuery(State state, Set<String> labels, long since, Sort sort, boolean ascending) {
  enum State {
    OPEN,
    CLOSED,
    ALL
  }

  enum Sort {
    CREATED,
    UPDATED,
    COMMENTS
  }

  boolean filtersByState() {
    return state != State.ALL || !labels.isEmpty();
  }

  /** Reads the list's parameters; an exception's message is the name of the wrong one. */
  static IssueQuery of(ToyRequest request) {
    String since = request.parameter("since");
    String labels = request.parameter("labels");
    return new IssueQuery(
        pick(IssueQuery.State.values(), request, "state", IssueQuery.State.OPEN),
        labels == null || labels.isBlank()
            ? Set.of()
            : Arrays.stream(labels.toLowerCase(Locale.ROOT).split(","))
                .map(String::strip)
                .collect(Collectors.toUnmodifiableSet()),
        since == null || since.isEmpty() ? Long.MIN_VALUE : time(since),
        pick(IssueQuery.Sort.values(), request, "sort", IssueQuery.Sort.CREATED),
        pick(Direction.values(), request, "direction", Direction.DESC) == Direction.ASC);
  }

  private enum Direction {
    ASC,
    DESC
  }

  private static <E extends Enum<E>> E pick(E[] all, ToyRequest request, String name, E standard) {
    String value = request.parameter(name);
    if (value == null || value.isEmpty()) {
      return standard;
    }
    return Arrays.stream(all)
        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(value))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name));
  }

  private static long time(String since) {
    try {
      return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(since, Instant::from).getEpochSecond();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("since", e);
    }
  }
}

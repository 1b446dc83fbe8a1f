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
 * @param since in the repository's ticks, updated at or after; {@link Long#MIN_VALUE} for all
 * @param labels lower-case names an issue must all have
 * @param filter what else an issue must fulfil; {@link #ALL} for nothing
 */
record IssueQuery(
    State state, Set<String> labels, long since, Sort sort, boolean ascending, Filter filter) {

  /** A condition of one tracker; equal ones find the same, since what is found is remembered. */
  interface Filter {
    boolean fits(ToyRepository repository, int number);
  }

  /** Fits every issue. */
  static final Filter ALL = (repository, number) -> true;

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

  boolean filters() {
    return state != State.ALL || !labels.isEmpty() || filter != ALL;
  }

  /** Reads the parameters of GitHub's list; an exception's message is the name of the wrong one. */
  static IssueQuery of(ToyRequest request) {
    String since = request.parameter("since");
    String labels = request.parameter("labels");
    return new IssueQuery(
        pick(IssueQuery.State.values(), request, "state", IssueQuery.State.OPEN),
        names(labels),
        since == null || since.isEmpty() ? Long.MIN_VALUE : time(since),
        pick(IssueQuery.Sort.values(), request, "sort", IssueQuery.Sort.CREATED),
        pick(Direction.values(), request, "direction", Direction.DESC) == Direction.ASC,
        ALL);
  }

  /** Names in a comma list, in lower case; none for null. */
  static Set<String> names(String labels) {
    return labels == null || labels.isBlank()
        ? Set.of()
        : Arrays.stream(labels.toLowerCase(Locale.ROOT).split(","))
            .map(String::strip)
            .collect(Collectors.toUnmodifiableSet());
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

package trackersync.toy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of Bitbucket's filter language that the toy reads: comparisons joined by AND.
 *
 * @param comparisons all of which an issue must fulfil
 */
record BitbucketFilter(List<Comparison> comparisons) implements IssueQuery.Filter {
  private static final Pattern COMPARISON =
      Pattern.compile("([a-z_.]+)\\s*(!=|>=|<=|=|>|<)\\s*(\"[^\"]*\"|\\S+)");
  private static final List<String> TIMES = List.of("updated_on", "created_on");
  private static final List<String> WORDS = List.of("state", "kind", "priority");

  /**
   * One comparison.
   *
   * @param value the place of a priority, microseconds for a time; null for a word
   */
  record Comparison(String field, String operator, Long value, String word) {
    private boolean holds(ToyRepository repository, int number) {
      return switch (field) {
        case "updated_on" -> compare(repository.updatedAt(number));
        case "created_on" -> compare(repository.createdAt(number));
        case "priority" ->
            compare(
                BitbucketNature.PRIORITIES.indexOf(BitbucketNature.priority(repository, number)));
        case "kind" -> same(BitbucketNature.kind(repository, number));
        default -> same(BitbucketNature.state(repository, number));
      };
    }

    private boolean same(String it) {
      return it.equals(word) == operator.equals("=");
    }

    private boolean compare(long it) {
      return switch (operator) {
        case "=" -> it == value;
        case "!=" -> it != value;
        case ">" -> it > value;
        case ">=" -> it >= value;
        case "<" -> it < value;
        default -> it <= value;
      };
    }
  }

  /** Reads a filter; an exception's message says what the toy does not understand. */
  static BitbucketFilter parse(String text) {
    List<Comparison> all = new ArrayList<>();
    for (String part : text.strip().split("(?i)\\s+and\\s+")) {
      Matcher parts = COMPARISON.matcher(part.strip());
      if (!parts.matches()) {
        throw new IllegalArgumentException("The toy does not understand the filter " + part);
      }
      all.add(comparison(parts.group(1), parts.group(2), parts.group(3).replaceAll("^\"|\"$", "")));
    }
    return new BitbucketFilter(List.copyOf(all));
  }

  private static Comparison comparison(String field, String operator, String value) {
    if (TIMES.contains(field)) {
      return new Comparison(field, operator, micros(value), null);
    }
    if (!WORDS.contains(field)) {
      throw new IllegalArgumentException("The toy does not filter by " + field);
    }
    if (field.equals("priority")) {
      int place = BitbucketNature.PRIORITIES.indexOf(value);
      if (place < 0) {
        throw new IllegalArgumentException("There is no priority " + value);
      }
      return new Comparison(field, operator, (long) place, null);
    }
    if (!operator.equals("=") && !operator.equals("!=")) {
      throw new IllegalArgumentException(field + " can be compared by = and != only");
    }
    return new Comparison(field, operator, null, value);
  }

  private static long micros(String text) {
    try {
      Instant at = OffsetDateTime.parse(text).toInstant();
      return at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(text + " is no time with an offset", e);
    }
  }

  /** The earliest updated_on that fits; {@link Long#MIN_VALUE} where any does. */
  long since() {
    return comparisons.stream()
        .filter(BitbucketFilter::isSince)
        .mapToLong(c -> c.operator().equals(">") ? c.value() + 1 : c.value())
        .max()
        .orElse(Long.MIN_VALUE);
  }

  /** What is left of the filter when {@link #since} is taken out. */
  IssueQuery.Filter rest() {
    List<Comparison> others = comparisons.stream().filter(c -> !isSince(c)).toList();
    return others.isEmpty() ? IssueQuery.ALL : new BitbucketFilter(others);
  }

  private static boolean isSince(Comparison comparison) {
    return comparison.field().equals("updated_on") && comparison.operator().startsWith(">");
  }

  @Override
  public boolean fits(ToyRepository repository, int number) {
    return comparisons.stream().allMatch(comparison -> comparison.holds(repository, number));
  }
}

package trackersync.toy;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The Dependabot alerts of a repository, computed from its number; only later edits are kept. Safe
 * for several threads.
 */
public final class ToyAlerts {
  static final int ALERTS_MAX = 10_000;
  private static final long FIRST_DAY = Instant.parse("2023-01-02T00:00:00Z").getEpochSecond();
  private static final long DAY = 86_400;
  private static final Set<String> REASONS =
      Set.of("fix_started", "inaccurate", "no_bandwidth", "not_used", "tolerable_risk");

  private final String firstName;
  private final long seed;
  private final Map<Integer, Alert> edited = new HashMap<>();
  private final int made;
  private int highest;
  private Access access = Access.READABLE;

  /** Whether the alerts can be read, and what is answered otherwise. */
  public enum Access {
    READABLE,
    /** 403: the feature is switched off. */
    DISABLED,
    /** 403: the repository is archived. */
    ARCHIVED,
    /** 404, as for collaborators of a user's repository. */
    HIDDEN;

    static Access parse(String word) {
      return Fault.constant(values(), "state of alerts", word);
    }
  }

  /**
   * One alert.
   *
   * @param state open, dismissed, fixed or auto_dismissed
   * @param reason why it was dismissed; null for other states
   * @param createdAt epoch seconds
   * @param updatedAt epoch seconds
   */
  record Alert(
      int number,
      String state,
      String reason,
      long createdAt,
      long updatedAt,
      ToyData.Advisory advisory) {

    Alert state(String now, String why, long at) {
      return new Alert(number, now, why, createdAt, at, advisory);
    }
  }

  /**
   * A page of alerts.
   *
   * @param next null on the last page
   * @param previous null on the first page
   */
  record Slice(List<Integer> numbers, AlertCursor next, AlertCursor previous) {}

  ToyAlerts(String repository, long id, int made) {
    this.firstName = repository;
    this.seed = Draw.mix(id, 0xA1E27);
    this.made = made;
    this.highest = made;
  }

  // What an alert is

  synchronized boolean exists(int number) {
    return number >= 1 && number <= highest;
  }

  synchronized Alert alert(int number) {
    Alert known = edited.get(number);
    return known == null ? computed(number) : known;
  }

  private Alert computed(int number) {
    long draw = Draw.mix(seed, number);
    long createdAt = FIRST_DAY + number * DAY / 8 + Draw.pick(draw, 0, 3_600);
    long updatedAt = createdAt + Draw.pick(draw, 16, 200 * 24) * 3_600L;
    int drawn = Draw.pick(draw, 32, 20);
    String state =
        drawn < 11 ? "open" : drawn < 15 ? "fixed" : drawn < 19 ? "dismissed" : "auto_dismissed";
    String reason = state.equals("dismissed") ? reason(draw) : null;
    List<ToyData.Advisory> advisories = ToyData.shared().advisories;
    return new Alert(
        number,
        state,
        reason,
        createdAt,
        state.equals("open") ? createdAt : updatedAt,
        advisories.get(Draw.pick(Draw.mix(draw), 0, advisories.size())));
  }

  private static String reason(long draw) {
    return REASONS.stream().sorted().toList().get(Draw.pick(draw, 48, REASONS.size()));
  }

  /** The alerts a query finds at a cursor. */
  synchronized Slice slice(AlertQuery query, AlertCursor cursor, int limit) {
    Comparator<Alert> order = Comparator.comparingLong(query::time).thenComparingInt(Alert::number);
    Comparator<Alert> wanted = query.ascending() ? order : order.reversed();
    List<Alert> all =
        IntStream.rangeClosed(1, highest)
            .mapToObj(this::alert)
            .filter(query::fits)
            .sorted(wanted)
            .toList();
    int from = 0;
    int until = Math.min(limit, all.size());
    if (!cursor.starts()) {
      int place = place(all, query, cursor);
      from = cursor.back() ? Math.max(0, place - limit) : place;
      until = cursor.back() ? place : Math.min(all.size(), place + limit);
    }
    List<Alert> found = all.subList(from, until);
    if (found.isEmpty()) {
      return new Slice(List.of(), null, null);
    }
    return new Slice(
        found.stream().map(Alert::number).toList(),
        until < all.size() ? cursor(found.get(found.size() - 1), query, false, cursor) : null,
        from > 0 ? cursor(found.get(0), query, true, cursor) : null);
  }

  private static AlertCursor cursor(
      Alert alert, AlertQuery query, boolean back, AlertCursor asked) {
    int page = Math.max(1, asked.place().page() + (back ? -1 : 1));
    return new AlertCursor(back, new PageCursor(query.time(alert), alert.number(), page));
  }

  /** The first place behind the cursor; for a cursor that looks back, the first not before it. */
  private static int place(List<Alert> all, AlertQuery query, AlertCursor cursor) {
    for (int i = 0; i < all.size(); i++) {
      Alert alert = all.get(i);
      int compared = Long.compare(query.time(alert), cursor.place().time());
      compared =
          compared != 0 ? compared : Integer.compare(alert.number(), cursor.place().number());
      compared = query.ascending() ? compared : -compared;
      if (compared > 0 || (compared == 0 && cursor.back())) {
        return i;
      }
    }
    return all.size();
  }

  // Edits

  /** The highest number given so far. */
  public synchronized int highestNumber() {
    return highest;
  }

  /**
   * Dismisses an alert.
   *
   * @param reason fix_started, inaccurate, no_bandwidth, not_used or tolerable_risk
   */
  public void dismiss(int number, String reason, Instant at) {
    if (!REASONS.contains(reason)) {
      throw new IllegalArgumentException(
          "toy: reason is \"%s\", must be one of %s."
              .formatted(reason, REASONS.stream().sorted().toList()));
    }
    edit(number, was -> was.state("dismissed", reason, at.getEpochSecond()));
  }

  /** Marks an alert as fixed. */
  public void fix(int number, Instant at) {
    edit(number, was -> was.state("fixed", null, at.getEpochSecond()));
  }

  /** Opens an alert again. */
  public void reopen(int number, Instant at) {
    edit(number, was -> was.state("open", null, at.getEpochSecond()));
  }

  /** Raises new alerts and answers the first one's number. */
  public synchronized int add(int count, Instant at) {
    int first = highest + 1;
    if (highest - made + count > ALERTS_MAX) {
      throw new IllegalArgumentException(
          "toy: %s cannot have more than %d added alerts.".formatted(firstName, ALERTS_MAX));
    }
    highest += count;
    for (int number = first; number <= highest; number++) {
      long now = at.getEpochSecond();
      edited.put(number, new Alert(number, "open", null, now, now, computed(number).advisory()));
    }
    return first;
  }

  /** Lets nobody read the alerts, or everybody again. */
  public synchronized void setAccess(Access now) {
    access = now;
  }

  synchronized Access access() {
    return access;
  }

  synchronized void touchAny(Random random, Instant at) {
    if (highest > 0) {
      edit(
          1 + random.nextInt(highest),
          was -> was.state(was.state(), was.reason(), at.getEpochSecond()));
    }
  }

  private synchronized void edit(int number, UnaryOperator<Alert> how) {
    if (!exists(number)) {
      throw new IllegalArgumentException(
          "toy: %s has no alert %d, only 1 to %d.".formatted(firstName, number, highest));
    }
    edited.put(number, how.apply(alert(number)));
  }
}

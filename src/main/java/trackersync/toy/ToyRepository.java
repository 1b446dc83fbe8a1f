package trackersync.toy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A repository whose issues are computed from seed, name and number; only later edits are kept in
 * memory. Issue numbers run from 1; created_at rises with the number; updated_at is a shuffle
 * within small blocks of numbers, so that an order by it needs no list either. Safe for several
 * threads. Times are counted in the tracker's ticks since 1970: seconds, milli- or microseconds.
 */
public final class ToyRepository {
  private static final long FIRST_DAY = Instant.parse("2020-01-01T00:00:00Z").getEpochSecond();
  private static final long SPAN = 5L * 365 * 86_400;
  private static final long STEP_MAX = 3L * 86_400;
  private static final long NANOS = 1_000_000_000;
  private static final int COMMENTS_MAX = 32;
  private static final int MARK_EVERY = 1_000;
  private static final int QUERIES_KEPT = 16;

  private final String fullName;
  private final ToyOptions.Size size;
  private final long ticks;
  private final List<String> labels;
  private final int made;
  private final double pullRequests;
  private final int ties;
  private final long seed;
  private final long step;
  private final int block;
  private final Map<Integer, Change> changes;
  private final Map<IssueQuery, Found> found =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<IssueQuery, Found> eldest) {
          return size() > QUERIES_KEPT;
        }
      };
  private int highest;
  private IssueOrder byCreated;
  private IssueOrder byUpdated;

  private boolean deleted;
  private boolean issuesDisabled;

  /** What a filtered query finds: how many, and the rank of every 1,000th. */
  private record Found(int total, int[] ranks) {}

  ToyRepository(String fullName, ToyOptions.Size size, long ticks, List<String> labels) {
    this(
        fullName,
        size,
        ticks,
        labels,
        Draw.mix(size.seed(), fullName.toLowerCase(Locale.ROOT)),
        new ConcurrentHashMap<>(),
        size.issues());
  }

  private ToyRepository(
      String fullName,
      ToyOptions.Size size,
      long ticks,
      List<String> labels,
      long seed,
      Map<Integer, Change> changes,
      int highest) {
    this.fullName = fullName;
    this.size = size;
    this.ticks = ticks;
    this.labels = List.copyOf(labels);
    this.made = size.issues();
    this.pullRequests = size.pullRequests();
    this.ties = size.ties();
    this.seed = seed;
    this.changes = changes;
    this.highest = highest;
    this.step = Math.max(1, Math.min(STEP_MAX, SPAN / Math.max(1, made))) * ticks;
    this.block = Math.max(1, Math.min(1_024, Integer.highestOneBit(Math.max(1, made / 16))));
  }

  /** The same repository under another name. */
  synchronized ToyRepository renamed(String newName) {
    return new ToyRepository(newName, size, ticks, labels, seed, changes, highest);
  }

  public String fullName() {
    return fullName;
  }

  /** What comes after the last slash of the full name. */
  String name() {
    return fullName.substring(fullName.lastIndexOf('/') + 1);
  }

  /** What comes before the last slash of the full name. */
  String owner() {
    return fullName.substring(0, fullName.lastIndexOf('/'));
  }

  /** The repository's own number, as in {@code /repositories/ID/issues}. */
  long id() {
    return 100_000_000L + (seed & 0x3FFF_FFFF);
  }

  long seed() {
    return seed;
  }

  /** The highest number given so far, deleted issues included. */
  public synchronized int highestNumber() {
    return highest;
  }

  // What an issue is, by its number

  long draw(int number) {
    return Draw.mix(seed, number);
  }

  Change change(int number) {
    return changes.getOrDefault(number, Change.NONE);
  }

  long createdAt(int number) {
    Long set = change(number).createdAt();
    return set != null ? set : madeAt(number);
  }

  long updatedAt(int number) {
    Long set = change(number).updatedAt();
    return set != null ? set : slotTime(slot(number));
  }

  boolean closed(int number) {
    Boolean set = change(number).closed();
    return set != null ? set : Draw.pick(draw(number), 16, 100) < 60;
  }

  boolean pullRequest(int number) {
    Boolean set = change(number).pullRequest();
    return set != null ? set : (draw(number) & 0xFFFF) < pullRequests * 0x1_0000;
  }

  /** Places in the tracker's labels of the labels an issue was made with: none to three. */
  int[] labelsMade(int number) {
    long draw = draw(number);
    int count = Draw.pick(draw, 32, 10);
    count = count < 3 ? 0 : count < 7 ? 1 : count < 9 ? 2 : 3;
    int all = labels.size();
    if (all == 0) {
      return new int[0];
    }
    int first = Draw.pick(Draw.mix(draw), 0, all);
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      places[i] = (first + i * 5) % all;
    }
    return places;
  }

  int comments(int number) {
    int drawn = Draw.pick(draw(number), 48, COMMENTS_MAX);
    return drawn * drawn / COMMENTS_MAX;
  }

  synchronized boolean exists(int number) {
    return number >= 1 && number <= highest;
  }

  // Lists

  /** How many issues a query finds. */
  synchronized int count(IssueQuery query) {
    if (query.sort() == IssueQuery.Sort.COMMENTS) {
      return Arrays.stream(commentCounts(query)).sum();
    }
    return scans(query) ? found(query).total() : range(query)[1] - range(query)[0];
  }

  /** The numbers of the issues from {@code offset}, at most {@code limit}. */
  synchronized int[] numbers(IssueQuery query, long offset, int limit) {
    if (offset >= count(query)) {
      return new int[0];
    }
    if (query.sort() == IssueQuery.Sort.COMMENTS) {
      return byComments(query, (int) offset, limit);
    }
    IssueOrder order = order(query.sort());
    int[] range = range(query);
    int length = range[1] - range[0];
    if (!scans(query)) {
      int until = (int) Math.min(length, offset + limit);
      return IntStream.range((int) offset, until)
          .map(i -> order.numberAt(query.ascending() ? range[0] + i : range[1] - 1 - i))
          .toArray();
    }
    int[] ranks = found(query).ranks();
    int mark = (int) (offset / MARK_EVERY);
    int skip = (int) (offset % MARK_EVERY);
    int[] numbers = new int[limit];
    int taken = 0;
    for (int i = ranks[mark]; i < length && taken < limit; i++) {
      int number = order.numberAt(query.ascending() ? range[0] + i : range[1] - 1 - i);
      if (fits(query, number) && skip-- <= 0) {
        numbers[taken++] = number;
      }
    }
    return Arrays.copyOf(numbers, taken);
  }

  /**
   * The numbers of the issues behind a place in the order by time and number, at most {@code
   * limit}: what a keyset finds, where edits between two pages shift nothing.
   *
   * @param time in ticks; {@link Long#MIN_VALUE} for the beginning
   */
  synchronized int[] numbersBehind(IssueQuery query, long time, int number, int limit) {
    IssueOrder order = order(query.sort());
    int[] range = range(query);
    boolean begins = time == Long.MIN_VALUE;
    int[] numbers = new int[limit];
    int taken = 0;
    int rank = query.ascending() ? range[0] : range[1] - 1;
    if (!begins) {
      rank =
          query.ascending()
              ? Math.max(rank, order.olderThan(time))
              : Math.min(rank, order.olderThan(time + 1) - 1);
    }
    while (taken < limit && rank >= range[0] && rank < range[1]) {
      long now = time(query.sort(), order.numberAt(rank));
      int from = Math.max(range[0], order.olderThan(now));
      int until = order.olderThan(now + 1);
      int[] tie = IntStream.range(from, until).map(order::numberAt).sorted().toArray();
      for (int i = 0; i < tie.length && taken < limit; i++) {
        int one = tie[query.ascending() ? i : tie.length - 1 - i];
        boolean behind = begins || now != time || (query.ascending() ? one > number : one < number);
        if (behind && fits(query, one)) {
          numbers[taken++] = one;
        }
      }
      rank = query.ascending() ? until : from - 1;
    }
    return Arrays.copyOf(numbers, taken);
  }

  /** The time an order goes by. */
  long time(IssueQuery.Sort sort, int number) {
    return sort == IssueQuery.Sort.UPDATED ? updatedAt(number) : createdAt(number);
  }

  private boolean scans(IssueQuery query) {
    return query.filters()
        || (query.since() != Long.MIN_VALUE && query.sort() == IssueQuery.Sort.CREATED);
  }

  /** The ranks, from and until, that {@code since} leaves in the query's order. */
  private int[] range(IssueQuery query) {
    IssueOrder order = order(query.sort());
    boolean cut = query.sort() == IssueQuery.Sort.UPDATED && query.since() != Long.MIN_VALUE;
    return new int[] {cut ? order.olderThan(query.since()) : 0, order.size()};
  }

  private boolean fits(IssueQuery query, int number) {
    if (query.state() != IssueQuery.State.ALL
        && closed(number) != (query.state() == IssueQuery.State.CLOSED)) {
      return false;
    }
    if (query.since() != Long.MIN_VALUE && updatedAt(number) < query.since()) {
      return false;
    }
    return (query.labels().isEmpty() || labelNames(number).containsAll(query.labels()))
        && query.filter().fits(this, number);
  }

  private Set<String> labelNames(int number) {
    List<String> set = change(number).labels();
    if (set != null) {
      return Set.copyOf(set.stream().map(l -> l.toLowerCase(Locale.ROOT)).distinct().toList());
    }
    return Set.copyOf(
        Arrays.stream(labelsMade(number))
            .mapToObj(i -> labels.get(i).toLowerCase(Locale.ROOT))
            .distinct()
            .toList());
  }

  private Found found(IssueQuery query) {
    Found known = found.get(query);
    if (known != null) {
      return known;
    }
    IssueOrder order = order(query.sort());
    int[] range = range(query);
    int length = range[1] - range[0];
    int[] ranks = new int[length / MARK_EVERY + 2];
    int total = 0;
    for (int i = 0; i < length; i++) {
      if (fits(query, order.numberAt(query.ascending() ? range[0] + i : range[1] - 1 - i))) {
        if (total % MARK_EVERY == 0) {
          ranks[total / MARK_EVERY] = i;
        }
        total++;
      }
    }
    Found now = new Found(total, ranks);
    found.put(query, now);
    return now;
  }

  private int[] commentCounts(IssueQuery query) {
    IssueQuery key =
        new IssueQuery(
            query.state(), query.labels(), query.since(), query.sort(), true, query.filter());
    Found known = found.get(key);
    if (known == null) {
      IssueOrder order = order(IssueQuery.Sort.CREATED);
      int[] counts = new int[COMMENTS_MAX];
      for (int i = 0; i < order.size(); i++) {
        int number = order.numberAt(i);
        if (fits(query, number)) {
          counts[comments(number)]++;
        }
      }
      known = new Found(0, counts);
      found.put(key, known);
    }
    return known.ranks();
  }

  private int[] byComments(IssueQuery query, int offset, int limit) {
    int[] counts = commentCounts(query);
    IssueOrder order = order(IssueQuery.Sort.CREATED);
    int[] numbers = new int[limit];
    int taken = 0;
    int skip = offset;
    for (int c = 0; c < COMMENTS_MAX && taken < limit; c++) {
      int comments = query.ascending() ? c : COMMENTS_MAX - 1 - c;
      if (skip >= counts[comments]) {
        skip -= counts[comments];
        continue;
      }
      for (int i = 0; i < order.size() && taken < limit; i++) {
        int number = order.numberAt(query.ascending() ? i : order.size() - 1 - i);
        if (comments(number) == comments && fits(query, number) && skip-- <= 0) {
          numbers[taken++] = number;
        }
      }
      skip = 0;
    }
    return Arrays.copyOf(numbers, taken);
  }

  private IssueOrder order(IssueQuery.Sort sort) {
    if (sort == IssueQuery.Sort.UPDATED) {
      if (byUpdated == null) {
        byUpdated =
            new IssueOrder(made, this::numberOfSlot, this::slotTime, leftOut(true), edited(true));
      }
      return byUpdated;
    }
    if (byCreated == null) {
      byCreated =
          new IssueOrder(
              made, place -> place + 1, place -> madeAt(place + 1), leftOut(false), edited(false));
    }
    return byCreated;
  }

  private int[] leftOut(boolean updated) {
    return changes.entrySet().stream()
        .filter(e -> e.getKey() <= made)
        .filter(e -> e.getValue().gone() || (updated && e.getValue().updatedAt() != null))
        .mapToInt(e -> updated ? slot(e.getKey()) : e.getKey() - 1)
        .sorted()
        .toArray();
  }

  private IssueOrder.Edited[] edited(boolean updated) {
    List<IssueOrder.Edited> list = new ArrayList<>();
    changes.forEach(
        (number, change) -> {
          Long time = updated ? change.updatedAt() : change.createdAt();
          if (!change.gone() && time != null) {
            list.add(new IssueOrder.Edited(number, time));
          }
        });
    return list.stream().sorted().toArray(IssueOrder.Edited[]::new);
  }

  private long madeAt(int number) {
    return FIRST_DAY * ticks + number * step + jitter(number);
  }

  private long jitter(int number) {
    return Math.floorMod(Draw.mix(seed ^ 0x5EED, number), step);
  }

  /** The place of an issue in the order of updated_at. */
  private int slot(int number) {
    int place = number - 1;
    int start = place / block * block;
    if (start + block > made) {
      return place;
    }
    long draw = Draw.mix(seed ^ 0x0B10C, start);
    int factor = ((int) draw | 1) & (block - 1);
    return start + (((place - start) * factor + (int) (draw >>> 32)) & (block - 1));
  }

  private int numberOfSlot(int slot) {
    int start = slot / block * block;
    if (start + block > made) {
      return slot + 1;
    }
    long draw = Draw.mix(seed ^ 0x0B10C, start);
    int factor = ((int) draw | 1) & (block - 1);
    int inverse = factor; // Newton: doubles the correct bits from 3 to 24
    for (int i = 0; i < 3; i++) {
      inverse *= 2 - factor * inverse;
    }
    return start + (((slot - start) - (int) (draw >>> 32)) * inverse & (block - 1)) + 1;
  }

  /**
   * Issues that share a tie share the time of its last slot, which is after all their creations.
   */
  private long slotTime(int slot) {
    int last = slot / ties * ties + ties - 1;
    return FIRST_DAY * ticks + (last + block + 2L) * step + jitter(-1 - last);
  }

  // Edits

  /** A time in the repository's ticks; what is finer is cut off. */
  long tick(Instant at) {
    return at.getEpochSecond() * ticks + at.getNano() / (NANOS / ticks);
  }

  /** Changes a title. */
  public void retitle(int number, String title, Instant at) {
    edit(number, was -> was.title(title, tick(at)));
  }

  /** Closes or opens an issue. */
  public void setClosed(int number, boolean closed, Instant at) {
    edit(number, was -> was.closed(closed, tick(at)));
  }

  /**
   * Sets the tracker's own word for the state, such as {@code on hold}.
   *
   * @param closes whether the word counts as closed
   */
  void setState(int number, String state, boolean closes, Instant at) {
    edit(number, was -> was.state(state, closes, tick(at)));
  }

  /** Hides an issue from those who are no members, or shows it again; GitLab alone knows this. */
  public void setConfidential(int number, boolean confidential, Instant at) {
    edit(number, was -> was.confidential(confidential, tick(at)));
  }

  /** Replaces an issue's labels. */
  public void setLabels(int number, List<String> labels, Instant at) {
    edit(number, was -> was.labels(labels, tick(at)));
  }

  /** Sets updated_at alone, back in time too; the same time for many issues makes ties. */
  public void touch(int number, Instant at) {
    edit(number, was -> was.updatedAt(tick(at)));
  }

  /** Turns an issue into a pull request. */
  public void turnIntoPullRequest(int number, Instant at) {
    edit(number, was -> was.pullRequest(tick(at)));
  }

  /** Deletes an issue: out of the lists, 410 by number. */
  public void delete(int number) {
    edit(number, Change::deleted);
  }

  /**
   * Transfers an issue: out of the lists, 301 by number.
   *
   * @param place {@code owner/repo#number} of its new home
   */
  public void transfer(int number, String place) {
    edit(number, was -> was.movedTo(place));
  }

  /** Opens new issues and answers the first one's number. */
  public synchronized int add(int count, Instant at) {
    int first = highest + 1;
    highest += count;
    for (int number = first; number <= highest; number++) {
      changes.put(number, Change.added(tick(at)));
    }
    forget();
    return first;
  }

  private synchronized void edit(int number, UnaryOperator<Change> how) {
    if (!exists(number)) {
      throw new IllegalArgumentException(
          "toy: " + fullName() + " has no issue " + number + ", only 1 to " + highest + ".");
    }
    changes.put(number, how.apply(change(number)));
    forget();
  }

  private void forget() {
    byCreated = null;
    byUpdated = null;
    found.clear();
  }

  /** Deletes the repository: 404 from now on. */
  public synchronized void delete() {
    deleted = true;
  }

  synchronized boolean deleted() {
    return deleted;
  }

  /** Switches the issues off: 410 from now on. */
  public synchronized void disableIssues() {
    issuesDisabled = true;
  }

  synchronized boolean issuesDisabled() {
    return issuesDisabled;
  }
}

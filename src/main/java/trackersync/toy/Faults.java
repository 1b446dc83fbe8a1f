package trackersync.toy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The faults that are set, each with a count of the requests it matched. For several threads. */
public final class Faults {
  private static final class Armed {
    private final Fault fault;
    private int seen;

    private Armed(Fault fault) {
      this.fault = fault;
    }

    private boolean over() {
      return fault.times() > 0 && seen >= fault.at() - 1 + fault.times();
    }
  }

  private final List<Armed> armed = new ArrayList<>();

  Faults() {}

  /** Sets faults; several may hit one request, the first that replaces the answer wins. */
  public synchronized Faults add(Fault... more) {
    Arrays.stream(more).map(Armed::new).forEach(armed::add);
    return this;
  }

  public synchronized void clear() {
    armed.clear();
  }

  /** The faults that can still hit. */
  public synchronized List<Fault> pending() {
    return armed.stream().filter(a -> !a.over()).map(a -> a.fault).toList();
  }

  /** Counts a request and answers the faults that hit it. */
  synchronized List<Fault> take(Fault.Target target, String repository, int page) {
    List<Fault> hits = new ArrayList<>();
    for (Armed one : armed) {
      if (!matches(one.fault, target, repository, page) || one.over()) {
        continue;
      }
      one.seen++;
      if (one.seen >= one.fault.at()) {
        hits.add(one.fault);
      }
    }
    armed.removeIf(Armed::over);
    return hits;
  }

  private static boolean matches(Fault fault, Fault.Target target, String repository, int page) {
    boolean rightPage =
        fault.kind() == Fault.Kind.DUPLICATE_PAGE || fault.page() == 0 || fault.page() == page;
    return rightPage
        && (fault.target() == Fault.Target.ANY || fault.target() == target)
        && (fault.repository() == null
            || fault
                .repository()
                .equals(repository == null ? null : repository.toLowerCase(Locale.ROOT)));
  }
}

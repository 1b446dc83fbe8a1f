package trackersync.toy;

import java.util.Set;

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
}

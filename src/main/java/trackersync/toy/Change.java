package trackersync.toy;

import java.util.List;

/**
 * What was changed on an issue after it was made; null stands for "as made". Times are in the ticks
 * of the repository.
 *
 * @param state the tracker's own word, where it has more of them than open and closed
 * @param createdAt set for issues that were added later
 * @param gone deleted or transferred: out of the lists
 * @param movedTo where it was transferred to, as {@code owner/repo#number}; null when deleted
 */
record Change(
    String title,
    Boolean closed,
    String state,
    List<String> labels,
    Boolean pullRequest,
    Boolean confidential,
    Long createdAt,
    Long updatedAt,
    boolean gone,
    String movedTo) {

  static final Change NONE =
      new Change(null, null, null, null, null, null, null, null, false, null);

  static Change added(long at) {
    return new Change(null, false, null, null, null, null, at, at, false, null);
  }

  Change title(String now, long at) {
    return new Change(
        now, closed, state, labels, pullRequest, confidential, createdAt, at, gone, movedTo);
  }

  Change closed(boolean now, long at) {
    return new Change(
        title, now, null, labels, pullRequest, confidential, createdAt, at, gone, movedTo);
  }

  Change state(String now, boolean closes, long at) {
    return new Change(
        title, closes, now, labels, pullRequest, confidential, createdAt, at, gone, movedTo);
  }

  Change labels(List<String> now, long at) {
    return new Change(
        title,
        closed,
        state,
        List.copyOf(now),
        pullRequest,
        confidential,
        createdAt,
        at,
        gone,
        movedTo);
  }

  Change pullRequest(long at) {
    return new Change(
        title, closed, state, labels, true, confidential, createdAt, at, gone, movedTo);
  }

  Change confidential(boolean now, long at) {
    return new Change(title, closed, state, labels, pullRequest, now, createdAt, at, gone, movedTo);
  }

  Change updatedAt(long at) {
    return new Change(
        title, closed, state, labels, pullRequest, confidential, createdAt, at, gone, movedTo);
  }

  Change deleted() {
    return movedTo(null);
  }

  Change movedTo(String place) {
    return new Change(
        title, closed, state, labels, pullRequest, confidential, createdAt, updatedAt, true, place);
  }
}

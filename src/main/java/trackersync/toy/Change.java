package trackersync.toy;

import java.util.List;

/**
 * What was changed on an issue after it was made; null stands for "as made".
 *
 * @param createdAt epoch seconds; set for issues that were added later
 * @param updatedAt epoch seconds
 * @param gone deleted or transferred: out of the lists
 * @param movedTo where it was transferred to, as {@code owner/repo#number}; null when deleted
 */
record Change(
    String title,
    Boolean closed,
    List<String> labels,
    Boolean pullRequest,
    Long createdAt,
    Long updatedAt,
    boolean gone,
    String movedTo) {

  static final Change NONE = new Change(null, null, null, null, null, null, false, null);

  static Change added(long at) {
    return new Change(null, false, null, null, at, at, false, null);
  }

  Change title(String now, long at) {
    return new Change(now, closed, labels, pullRequest, createdAt, at, gone, movedTo);
  }

  Change closed(boolean now, long at) {
    return new Change(title, now, labels, pullRequest, createdAt, at, gone, movedTo);
  }

  Change labels(List<String> now, long at) {
    return new Change(title, closed, List.copyOf(now), pullRequest, createdAt, at, gone, movedTo);
  }

  Change pullRequest(long at) {
    return new Change(title, closed, labels, true, createdAt, at, gone, movedTo);
  }

  Change updatedAt(long at) {
    return new Change(title, closed, labels, pullRequest, createdAt, at, gone, movedTo);
  }

  Change deleted() {
    return new Change(title, closed, labels, pullRequest, createdAt, updatedAt, true, null);
  }

  Change movedTo(String place) {
    return new Change(title, closed, labels, pullRequest, createdAt, updatedAt, true, place);
  }
}

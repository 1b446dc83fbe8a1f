package trackersync.toy;

import java.util.Set;

/**
 * The conditions that only GitLab's list has; times are in milliseconds, both ends included.
 *
 * @param member false: confidential issues are not shown
 * @param iids empty for all
 * @param confidential null for both
 * @param type null for all
 */
record GitlabFilter(
    GitlabNature nature,
    boolean member,
    Set<Integer> iids,
    Boolean confidential,
    String type,
    long createdFrom,
    long createdUntil,
    long updatedUntil)
    implements IssueQuery.Filter {

  /** True where every issue fits. */
  boolean trivial() {
    return member
        && iids.isEmpty()
        && confidential == null
        && type == null
        && createdFrom == Long.MIN_VALUE
        && createdUntil == Long.MAX_VALUE
        && updatedUntil == Long.MAX_VALUE;
  }

  @Override
  public boolean fits(ToyRepository project, int number) {
    if (!iids.isEmpty() && !iids.contains(number)) {
      return false;
    }
    boolean hidden = nature.confidential(project, number);
    long createdAt = project.createdAt(number);
    return (member || !hidden)
        && (confidential == null || confidential == hidden)
        && (type == null || type.equals(nature.type(project, number)))
        && createdAt >= createdFrom
        && createdAt <= createdUntil
        && project.updatedAt(number) <= updatedUntil;
  }
}

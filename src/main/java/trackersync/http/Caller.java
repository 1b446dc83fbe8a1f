package trackersync.http;

import java.util.Set;

/**
 * Who calls.
 *
 * @param subject {@code sub} of the token, printable, at most 200 characters
 * @param roles from the token, not expanded
 */
record Caller(String subject, Set<Role> roles) {
  static final int SUBJECT_MAX = 200;

  Caller {
    if (subject == null
        || subject.isBlank()
        || subject.length() > SUBJECT_MAX
        || subject.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      throw new IllegalArgumentException("unusable subject");
    }
    roles = Set.copyOf(roles);
  }

  boolean may(Role needed) {
    return roles.stream().anyMatch(role -> role.holds(needed));
  }
}

package trackersync.http;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Who may do what. Each role holds those after it; this is the one place that knows. */
public enum Role {
  ADMIN,
  MANAGER,
  MEMBER,
  VIEWER;

  /** Whether this role, or one it holds, is {@code needed}. */
  public boolean holds(Role needed) {
    return ordinal() <= needed.ordinal();
  }

  /** By its word in tokens and in the contract: {@code viewer}. */
  public static Optional<Role> named(String word) {
    return Arrays.stream(values()).filter(it -> it.word().equals(word)).findFirst();
  }

  /** The roles among these words; words of other systems are passed over. */
  static Set<Role> among(Collection<String> words) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    words.forEach(word -> named(word).ifPresent(roles::add));
    return roles;
  }

  /** As tokens and the contract write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

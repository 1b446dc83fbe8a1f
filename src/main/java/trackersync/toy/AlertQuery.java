package trackersync.toy;

import java.util.Arrays;
import java.util.Set;

/**
 * Which Dependabot alerts a list request wants, and in which order.
 *
 * @param states empty for all
 * @param severities empty for all
 */
record AlertQuery(
    Set<String> states, Set<String> severities, boolean byUpdated, boolean ascending) {
  static final Set<String> STATES = Set.of("auto_dismissed", "dismissed", "fixed", "open");
  static final Set<String> SEVERITIES = Set.of("low", "medium", "high", "critical");

  /** Reads the list's parameters; an exception's message is the name of the wrong one. */
  static AlertQuery of(ToyRequest request) {
    return new AlertQuery(
        among(STATES, request, "state"),
        among(SEVERITIES, request, "severity"),
        one(request, "sort", "created", "updated").equals("updated"),
        one(request, "direction", "desc", "asc").equals("asc"));
  }

  private static Set<String> among(Set<String> known, ToyRequest request, String name) {
    Set<String> asked = IssueQuery.names(request.parameter(name));
    if (!known.containsAll(asked)) {
      throw new IllegalArgumentException(name);
    }
    return asked;
  }

  /** A parameter's value among those allowed, of which the first is the standard. */
  private static String one(ToyRequest request, String name, String... allowed) {
    String value = request.parameter(name);
    if (value == null || value.isEmpty()) {
      return allowed[0];
    }
    if (!Arrays.asList(allowed).contains(value)) {
      throw new IllegalArgumentException(name);
    }
    return value;
  }

  boolean fits(ToyAlerts.Alert alert) {
    return (states.isEmpty() || states.contains(alert.state()))
        && (severities.isEmpty() || severities.contains(alert.advisory().severity()));
  }

  long time(ToyAlerts.Alert alert) {
    return byUpdated ? alert.updatedAt() : alert.createdAt();
  }
}

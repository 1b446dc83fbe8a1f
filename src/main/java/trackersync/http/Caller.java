package trackersync.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who calls.
 *
 * @param subject {@code sub} of the token, printable, at most 200 characters
 * @param roles from the token, not expanded
 * @param issuer {@code iss} of the token
 * @param email one the issuer says it has verified; null: none
 */
record Caller(String subject, Set<Role> roles, String issuer, String email) {
  static final int SUBJECT_MAX = 200;
  private static final Pattern EMAIL =
      Pattern.compile("[^@\\s\\p{Cntrl}]{1,64}@[^@\\s\\p{Cntrl}]{1,190}");

  Caller {
    if (subject == null
        || subject.isBlank()
        || subject.length() > SUBJECT_MAX
        || subject.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      throw new IllegalArgumentException("unusable subject");
    }
    roles = Set.copyOf(roles);
    email = email != null && EMAIL.matcher(email).matches() ? email : null;
  }

  boolean may(Role needed) {
    return roles.stream().anyMatch(role -> role.holds(needed));
  }

  /** As the gate hands it on, behind the token. */
  JsonObject principal() {
    return new JsonObject()
        .put("sub", subject)
        .put("iss", issuer)
        .put("email", email)
        .put("roles", new JsonArray(roles.stream().map(Role::word).sorted().toList()));
  }

  /** What {@link #principal} wrote. */
  static Caller of(JsonObject principal) {
    List<String> roles = principal.getJsonArray("roles").stream().map(Object::toString).toList();
    return new Caller(
        principal.getString("sub"),
        Role.among(roles),
        principal.getString("iss"),
        principal.getString("email"));
  }

  /** For SQL: caller, callerIssuer, callerEmail, callerRole (the highest), seesAll. */
  Map<String, Object> parameters() {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put(ApiRequest.CALLER, subject);
    parameters.put("callerIssuer", issuer);
    parameters.put("callerEmail", email);
    parameters.put(
        "callerRole", roles.stream().min(Comparator.naturalOrder()).map(Role::word).orElse("none"));
    parameters.put("seesAll", may(Role.MANAGER));
    return parameters;
  }
}

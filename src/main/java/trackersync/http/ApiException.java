package trackersync.http;

import java.util.List;
import java.util.Map;

/** An answer other than success, meant for the caller: the words go out as they are. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final transient Map<String, Object> members;

  ApiException(int status, String detail) {
    this(status, detail, Map.of());
  }

  /**
   * @param status HTTP status, 400 to 599
   * @param members further members of the problem document, such as {@code cure}
   */
  ApiException(int status, String detail, Map<String, Object> members) {
    super(detail);
    this.status = status;
    this.members = Map.copyOf(members);
  }

  static ApiException invalid(String at, String message) {
    return invalid(List.of(Map.of("at", at, "message", message)));
  }

  static ApiException invalid(List<Map<String, String>> errors) {
    return new ApiException(400, Problem.NOT_THE_CONTRACT, Map.of("errors", errors));
  }

  int status() {
    return status;
  }

  Map<String, Object> members() {
    return members;
  }
}

package trackersync.toy;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the parameters of a request to GitLab mean; an exception's message says which is wrong. */
final class GitlabParameters {
  private static final Set<String> LIST_PARAMETERS =
      Set.of(
          "state",
          "order_by",
          "sort",
          "labels",
          "iids[]",
          "confidential",
          "issue_type",
          "scope",
          "updated_after",
          "updated_before",
          "created_after",
          "created_before",
          "with_labels_details",
          "page",
          "per_page",
          "pagination",
          "cursor",
          // the next links bring the project along
          "id");
  private static final Set<String> FINDING_PARAMETERS =
      Set.of("report_type", "scope", "severity", "pipeline_id", "page", "per_page", "id");
  private static final Set<String> TYPES =
      Set.of("issue", "incident", "test_case", "requirement", "task", "ticket");
  private static final Set<String> REPORTS =
      Set.of("sast", "dast", "dependency_scanning", "container_scanning");

  private GitlabParameters() {}

  static int perPage(ToyRequest request) {
    return Math.min(100, request.number("per_page", 20));
  }

  static boolean flag(ToyRequest request, String name) {
    return "true".equals(request.parameter(name));
  }

  /**
   * Reads the parameters of a list of issues.
   *
   * @param member false: confidential issues are not shown
   */
  static IssueQuery issues(ToyRequest request, GitlabNature nature, boolean member) {
    onlyKnown(request, LIST_PARAMETERS);
    Set<Integer> iids = new HashSet<>();
    for (String iid : request.values("iids[]")) {
      if (!iid.matches("\\d{1,9}")) {
        throw new IllegalArgumentException("iids is invalid");
      }
      iids.add(Integer.parseInt(iid));
    }
    String confidential = among(request, "confidential", null, Set.of("true", "false"));
    GitlabFilter filter =
        new GitlabFilter(
            nature,
            member,
            iids,
            confidential == null ? null : Boolean.valueOf(confidential),
            among(request, "issue_type", null, TYPES),
            time(request, "created_after", Long.MIN_VALUE),
            time(request, "created_before", Long.MAX_VALUE),
            time(request, "updated_before", Long.MAX_VALUE));
    among(request, "scope", "all", Set.of("all"));
    return new IssueQuery(
        switch (among(request, "state", "all", Set.of("opened", "closed", "all"))) {
          case "opened" -> IssueQuery.State.OPEN;
          case "closed" -> IssueQuery.State.CLOSED;
          default -> IssueQuery.State.ALL;
        },
        IssueQuery.names(request.parameter("labels")),
        time(request, "updated_after", Long.MIN_VALUE),
        among(request, "order_by", "created_at", Set.of("created_at", "updated_at"))
                .equals("updated_at")
            ? IssueQuery.Sort.UPDATED
            : IssueQuery.Sort.CREATED,
        among(request, "sort", "desc", Set.of("asc", "desc")).equals("asc"),
        filter.trivial() ? IssueQuery.ALL : filter);
  }

  /** Reads the parameters of a list of findings and answers the numbers of those that fit. */
  static List<Integer> findings(ToyRequest request, ToyFindings known) {
    onlyKnown(request, FINDING_PARAMETERS);
    return known.numbers(
        names(request, "report_type", REPORTS),
        names(request, "severity", ToyFindings.SEVERITIES),
        among(request, "scope", "dismissed", Set.of("all", "dismissed")).equals("all"));
  }

  private static void onlyKnown(ToyRequest request, Set<String> known) {
    for (String name : request.parameterNames()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException("The toy does not filter by " + name);
      }
    }
  }

  private static String among(
      ToyRequest request, String name, String standard, Set<String> allowed) {
    String value = request.parameter(name);
    if (value == null || value.isEmpty()) {
      return standard;
    }
    if (!allowed.contains(value)) {
      throw new IllegalArgumentException(name + " does not have a valid value");
    }
    return value;
  }

  /** A time in milliseconds: ISO 8601, or a day. */
  private static long time(ToyRequest request, String name, long standard) {
    String text = request.parameter(name);
    if (text == null || text.isEmpty()) {
      return standard;
    }
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli()
          : OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(name + " is invalid", e);
    }
  }

  private static Set<String> names(ToyRequest request, String name, Set<String> allowed) {
    Set<String> asked = IssueQuery.names(request.parameter(name));
    if (!allowed.containsAll(asked)) {
      throw new IllegalArgumentException(name + " does not have a valid value");
    }
    return asked;
  }
}

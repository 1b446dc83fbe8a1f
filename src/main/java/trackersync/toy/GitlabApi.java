package trackersync.toy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of GitLab's REST API that the toy speaks. */
final class GitlabApi extends ToyApi {
  static final String BASE = "/api/v4";

  /** A self-managed GitLab may live under a path of its own. */
  static final String RELATIVE = "/gitlab";

  private static final Pattern PROJECT = Pattern.compile(BASE + "/projects/([^/]+)(/.*)?");
  private static final Pattern ISSUE = Pattern.compile("/issues/(\\d{1,9})");
  private static final String FINDINGS = "/vulnerability_findings";
  private final GitlabNature nature;
  private final ToyGitlabOptions own;
  private final AtomicLong counter = new AtomicLong();
  private final Map<Long, ToyFindings> findings = new HashMap<>();

  GitlabApi(
      ToyGitlabOptions options, ToyRepositories repositories, RateLimits limits, Faults faults) {
    super(options.common(), repositories, limits, faults);
    own = options;
    nature = new GitlabNature(options.confidential());
  }

  /** What GitLab's issues are like. */
  static ToyKind kind(ToyGitlabOptions options) {
    GitlabNature nature = new GitlabNature(options.confidential());
    return new ToyKind(
        Naming.GITLAB,
        1_000,
        GitlabData.shared().labels.stream().map(GitlabData.Label::name).toList(),
        project -> new GitlabIssueWriter(project, nature),
        new ReplayedIssues.Format(
            Pattern.compile("https?://[^/]+/(?:.+/)?api/v4/projects/([^/?]+)/issues(?:\\?(.*))?"),
            "/iid",
            Set.of("closed"),
            "/created_at",
            "/updated_at",
            "/user_notes_count",
            1_000));
  }

  @Override
  void reset() {
    super.reset();
    synchronized (findings) {
      findings.clear();
    }
  }

  /** The findings of a project, whatever its path is now. */
  ToyFindings findings(IssueSource source, String path) {
    synchronized (findings) {
      return findings.computeIfAbsent(source.id(), id -> new ToyFindings(path, id, own.findings()));
    }
  }

  // Who may ask

  @Override
  String token(ToyRequest request) {
    String header = request.headers().get("private-token");
    if (header != null) {
      return header;
    }
    String authorization = request.headers().get("authorization");
    return authorization == null || authorization.startsWith("Bearer ") ? request.token() : "";
  }

  @Override
  Answer refusal(ToyRequest request, Place place) {
    String token = token(request);
    if (!known(token)) {
      return error(401, words(401));
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return Answer.json(405, "{\"error\":\"405 Not Allowed\"}");
    }
    RateLimits.Budget budget = limits.of(token);
    return budget.spent() ? spent(429, budget.reset(), options.clock().instant()) : null;
  }

  // What is asked for

  @Override
  Place place(ToyRequest request) {
    int page =
        keyset(request) ? PageCursor.page(request.parameter("cursor")) : request.number("page", 1);
    String plain = request.path().substring(relative(request).length());
    if (plain.equals(BASE + "/user")) {
      return new Place(Fault.Target.USER, null, null, "", page);
    }
    Matcher project = PROJECT.matcher(plain);
    if (!project.matches()) {
      return new Place(Fault.Target.ANY, null, null, plain, page);
    }
    String rest = project.group(2) == null ? "" : project.group(2);
    Fault.Target target =
        rest.isEmpty()
            ? Fault.Target.REPOSITORY
            : rest.equals("/issues")
                ? Fault.Target.ISSUES
                : rest.equals(FINDINGS)
                    ? Fault.Target.FINDINGS
                    : ISSUE.matcher(rest).matches() ? Fault.Target.ISSUE : Fault.Target.ANY;
    String asked = project.group(1);
    if (asked.matches("\\d{1,18}")) {
      IssueSource source = repositories.numbered(Long.parseLong(asked));
      String name = source == null ? null : repositories.nameOf(source);
      return new Place(target, name, source, rest, page);
    }
    String path = ToyRequest.decode(asked);
    IssueSource source = Naming.GITLAB.fits(path) ? repositories.named(path) : null;
    return new Place(target, path, source, rest, page);
  }

  private static String relative(ToyRequest request) {
    return request.path().startsWith(RELATIVE + BASE + "/") ? RELATIVE : "";
  }

  private boolean keyset(ToyRequest request) {
    return "keyset".equals(request.parameter("pagination"))
        && own.keyset() == ToyGitlabOptions.Keyset.SUPPORTED
        && request.path().endsWith("/issues");
  }

  @Override
  Answer found(ToyRequest request, Place place, List<Fault> hits) {
    boolean member = token(request) != null;
    return switch (place.target()) {
      case USER -> member ? Answer.json(200, GitlabDocuments.user()) : error(401, words(401));
      case REPOSITORY, ISSUES, ISSUE, FINDINGS -> inProject(request, place, hits, member);
      case ALERTS, ALERT, RATE_LIMIT, ANY -> {
        boolean about =
            place.rest().equals(BASE + "/version") || place.rest().equals(BASE + "/metadata");
        yield !about
            ? Answer.json(404, "{\"error\":\"404 Not Found\"}")
            : member ? Answer.json(200, GitlabDocuments.version()) : error(401, words(401));
      }
    };
  }

  private Answer inProject(ToyRequest request, Place place, List<Fault> hits, boolean member) {
    IssueSource source = place.source();
    ToyRepository project =
        source instanceof ComputedIssues computed ? computed.repository() : null;
    if (source == null || (project != null && project.deleted())) {
      return error(404, "404 Project Not Found");
    }
    if (repositories.renamed(place.name())) {
      String query = request.query().isEmpty() ? "" : "?" + request.query();
      String home = origin(request) + relative(request) + BASE + "/projects/" + source.id();
      return moved(301, home + place.rest() + query);
    }
    boolean disabled = project != null && project.issuesDisabled();
    return switch (place.target()) {
      case REPOSITORY ->
          Answer.json(200, GitlabDocuments.project(place.name(), source.id(), !disabled));
      case FINDINGS -> findings(request, place, hits);
      case ISSUE -> disabled ? error(404, words(404)) : issue(request, place, member);
      default -> list(request, place, hits, member, disabled);
    };
  }

  private Answer issue(ToyRequest request, Place place, boolean member) {
    Matcher matcher = ISSUE.matcher(place.rest());
    int number = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    boolean hidden =
        !member
            && place.source() instanceof ComputedIssues computed
            && nature.confidential(computed.repository(), number);
    Bytes out = request.scratch().clear();
    return !hidden
            && place
                .source()
                .write(number, GitlabParameters.flag(request, "with_labels_details"), out)
        ? jsonOf(out)
        : error(404, words(404));
  }

  private Answer list(
      ToyRequest request, Place place, List<Fault> hits, boolean member, boolean disabled) {
    IssueQuery query;
    try {
      query = GitlabParameters.issues(request, nature, member);
    } catch (IllegalArgumentException e) {
      return refused(400, e.getMessage());
    }
    int perPage = GitlabParameters.perPage(request);
    boolean details = GitlabParameters.flag(request, "with_labels_details");
    if ("keyset".equals(request.parameter("pagination"))
        && own.keyset() != ToyGitlabOptions.Keyset.IGNORED) {
      return keysetPage(request, place, hits, query, perPage, details, disabled);
    }
    boolean capped = own.keyset() == ToyGitlabOptions.Keyset.SUPPORTED && own.offsetMax() > 0;
    if (capped && (long) place.page() * perPage > own.offsetMax()) {
      return refused(
          405,
          "Offset pagination has a maximum allowed offset of %d for requests that return objects of type Issue. Remaining records can be retrieved using keyset pagination."
              .formatted(own.offsetMax()));
    }
    Bytes out = request.scratch().clear();
    IssueSource.Page written =
        disabled
            ? new IssueSource.Page(none(out), 0, 0, null)
            : place.source().write(query, perPage, shown(place.page(), hits), details, out);
    spoil(out, written.starts(), hits, place.target());
    return GitlabLinks.numbered(
        jsonOf(out), request, place, hits, written.total(), written.pages());
  }

  private static int[] none(Bytes out) {
    out.put("[]");
    return new int[] {2};
  }

  private static Answer refused(int status, String why) {
    return Answer.json(status, "{\"error\":" + quoted(why) + "}");
  }

  // Pages

  private Answer keysetPage(
      ToyRequest request,
      Place place,
      List<Fault> hits,
      IssueQuery query,
      int perPage,
      boolean details,
      boolean disabled) {
    if (own.keyset() == ToyGitlabOptions.Keyset.REFUSED
        || !(place.source() instanceof ComputedIssues issues)) {
      return refused(405, "Keyset pagination is not yet available for this type of request");
    }
    if (request.parameter("order_by") == null || request.parameter("sort") == null) {
      return refused(400, "order_by, sort are missing");
    }
    ToyRepository project = issues.repository();
    String text = request.parameter("cursor");
    PageCursor cursor = new PageCursor(0, 0, 1);
    if (text != null && !text.isEmpty()) {
      try {
        cursor = PageCursor.parse(text);
      } catch (IllegalArgumentException e) {
        return refused(400, "cursor is invalid");
      }
    }
    long time = cursor.number() == 0 ? Long.MIN_VALUE : cursor.time();
    int[] found =
        disabled ? new int[0] : project.numbersBehind(query, time, cursor.number(), perPage + 1);
    int count = Math.min(perPage, found.length);
    int[] numbers = Arrays.copyOf(found, count);
    PageCursor next = null;
    if (count > 0 && repeats(place.page(), hits)) {
      next = new PageCursor(cursor.time(), cursor.number(), place.page() + 1);
    } else if (found.length > perPage) {
      int last = numbers[count - 1];
      next = new PageCursor(project.time(query.sort(), last), last, place.page() + 1);
    }
    Bytes out = request.scratch().clear();
    spoil(out, issues.write(numbers, details, out), hits, place.target());
    Answer answer = jsonOf(out);
    String link =
        FaultAnswers.next(
            hits,
            next == null ? null : GitlabLinks.of(request, place, "cursor", next.text()),
            GitlabLinks.of(request, place, "cursor", text),
            GitlabLinks.of(request, place, "cursor", null));
    if (link != null) {
      answer.header("Link", "<" + link + ">; rel=\"next\"");
    }
    return answer;
  }

  // Findings

  private Answer findings(ToyRequest request, Place place, List<Fault> hits) {
    if (own.security() != ToyGitlabOptions.Security.ULTIMATE) {
      int status = own.security() == ToyGitlabOptions.Security.FORBIDDEN ? 403 : 404;
      return error(status, words(status));
    }
    ToyFindings known = findings(place.source(), place.name());
    List<Integer> all;
    try {
      all = GitlabParameters.findings(request, known);
    } catch (IllegalArgumentException e) {
      return refused(400, e.getMessage());
    }
    int perPage = GitlabParameters.perPage(request);
    int from = (int) Math.min(all.size(), (shown(place.page(), hits) - 1L) * perPage);
    List<Integer> numbers = all.subList(from, Math.min(all.size(), from + perPage));
    Bytes out = request.scratch().clear();
    int[] starts = new int[numbers.size() + 1];
    out.put('[');
    for (int i = 0; i < numbers.size(); i++) {
      if (i > 0) {
        out.put(',');
      }
      starts[i] = out.length();
      known.write(out, numbers.get(i));
    }
    starts[numbers.size()] = out.length() + 1;
    out.put(']');
    spoil(out, starts, hits, place.target());
    long pages = (all.size() + perPage - 1L) / perPage;
    return GitlabLinks.numbered(jsonOf(out), request, place, hits, all.size(), pages);
  }

  @Override
  void shift(Place place, Random random) {
    if (place.target() == Fault.Target.FINDINGS && place.source() != null) {
      findings(place.source(), place.name()).add(1); // a finding has no time to be moved by
    } else {
      super.shift(place, random);
    }
  }

  // What every answer carries

  @Override
  boolean free(Place place, Answer answer) {
    return answer.status == 401;
  }

  @Override
  void tell(ToyRequest request, RateLimits.Budget budget, Answer answer) {
    answer
        .header("Ratelimit-Limit", "" + budget.limit())
        .header(
            "Ratelimit-Name",
            token(request) == null ? "throttle_unauthenticated_api" : "throttle_authenticated_api")
        .header("Ratelimit-Observed", "" + budget.used())
        .header("Ratelimit-Remaining", "" + budget.remaining())
        .header("Ratelimit-Reset", "" + budget.reset());
  }

  @Override
  void sign(ToyRequest request, Answer answer) {
    answer.headers.computeIfPresent(
        "Content-Type", (name, type) -> type.equals(JSON) ? "application/json" : type);
    answer
        .header("Cache-Control", "max-age=0, private, must-revalidate")
        .header("Vary", "Origin, Accept-Encoding")
        .header(
            "X-Gitlab-Meta",
            "{\"correlation_id\":\"70f0%012x\",\"version\":\"1\"}"
                .formatted(counter.incrementAndGet()))
        .header("X-Runtime", "0.014213")
        .header("X-Content-Type-Options", "nosniff");
  }

  // How it words what goes wrong

  @Override
  public Answer error(int status, String message) {
    return Answer.json(status, "{\"message\":" + quoted(message) + "}");
  }

  @Override
  public String words(int status) {
    return switch (status) {
      case 401 -> "401 Unauthorized";
      case 403 -> "403 Forbidden";
      case 404 -> "404 Not found";
      case 410 -> "410 Gone";
      case 451 -> "451 Unavailable For Legal Reasons";
      default -> "Status " + status;
    };
  }

  private static Answer text(int status, String text) {
    return Answer.of(status, "text/plain", text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Answer tooMany(int status) {
    return text(status, "Retry later\n");
  }

  @Override
  public int limitStatus() {
    return 429;
  }

  @Override
  public Answer spent(int status, long reset, Instant now) {
    long wait = Math.max(1, reset - now.getEpochSecond());
    int limit = options.rateLimit() == 0 ? 2_000 : options.rateLimit();
    return tooMany(status)
        .header("Ratelimit-Limit", "" + limit)
        .header("Ratelimit-Name", "throttle_authenticated_api")
        .header("Ratelimit-Observed", "" + (limit + 1))
        .header("Ratelimit-Remaining", "0")
        .header("Ratelimit-Reset", "" + reset)
        .header("Ratelimit-Resettime", date(Instant.ofEpochSecond(reset)))
        .header("Retry-After", "" + wait);
  }

  @Override
  public Answer hiddenLimit(int status) {
    return Answer.json(
        status,
        "{\"message\":{\"error\":\"This endpoint has been requested too many times. Try again"
            + " later.\"}}");
  }

  @Override
  public Answer moved(int status, String location) {
    return text(status, "This resource has been moved permanently to " + location)
        .header("Location", location);
  }

  @Override
  public String renamed(String address) {
    return address.replaceFirst("/projects/([^/?]+)", "/projects/$1-renamed");
  }

  @Override
  public RecordShape shape(Fault.Target target) {
    return target == Fault.Target.FINDINGS ? RecordShape.GITLAB_FINDING : RecordShape.GITLAB_ISSUE;
  }
}

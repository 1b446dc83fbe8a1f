package trackersync.toy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The part of GitHub's REST API that the toy speaks. */
final class GithubApi extends ToyApi {
  private static final String ENTERPRISE = "/api/v3";
  private static final Pattern REPOSITORY =
      Pattern.compile("/repos/([A-Za-z0-9._-]{1,100})/([A-Za-z0-9._-]{1,100})(/.*)?");
  private static final Pattern BY_ID = Pattern.compile("/repositories/(\\d{1,18})(/.*)?");
  private static final Pattern ISSUE = Pattern.compile("/issues/(\\d{1,9})");
  private static final String ALERTS = "/dependabot/alerts";
  private static final Pattern ALERT = Pattern.compile(ALERTS + "/(\\d{1,9})");
  private static final Set<String> LIST_PARAMETERS =
      Set.of("state", "labels", "sort", "direction", "since", "per_page", "page");
  private static final Set<String> ALERT_PARAMETERS =
      Set.of("state", "severity", "sort", "direction", "per_page", "before", "after");
  private static final String WITH_ASSIGNEE = "2022-11-28";
  private static final Set<String> VERSIONS = Set.of(WITH_ASSIGNEE, "2026-03-10");

  /** What GitHub's issues are like. */
  static final ToyKind KIND =
      new ToyKind(
          Naming.GITHUB,
          1,
          ToyData.shared().labels.stream().map(ToyData.Label::name).toList(),
          IssueWriter::new,
          new ReplayedIssues.Format(
              Pattern.compile(
                  "https?://[^/]+(?:/api/v3)?/(?:repos/[^/]+/[^/]+|repositories/(\\d+))"
                      + "/issues(?:\\?(.*))?"),
              "/number",
              Set.of("closed"),
              "/created_at",
              "/updated_at",
              "/comments",
              1));

  private final AtomicLong counter = new AtomicLong();
  private final int alertsMade;
  private final Map<Long, ToyAlerts> alerts = new HashMap<>();

  GithubApi(
      ToyGithubOptions options, ToyRepositories repositories, RateLimits limits, Faults faults) {
    super(options.common(), repositories, limits, faults);
    alertsMade = options.alerts();
  }

  @Override
  void reset() {
    super.reset();
    synchronized (alerts) {
      alerts.clear();
    }
  }

  /** The alerts of a repository, whatever its name is now. */
  ToyAlerts alerts(IssueSource source, String name) {
    synchronized (alerts) {
      return alerts.computeIfAbsent(source.id(), id -> new ToyAlerts(name, id, alertsMade));
    }
  }

  // Who may ask

  @Override
  Answer refusal(ToyRequest request, Place place) {
    if (request.headers().getOrDefault("user-agent", "").isBlank()) {
      return Answer.error(
          403,
          "Request forbidden by administrative rules. Please make sure your request has a"
              + " User-Agent header.");
    }
    String version = request.headers().get("x-github-api-version");
    if (version != null && !VERSIONS.contains(version)) {
      return Answer.error(
          400,
          "\"%s\" is not a supported API version; supported: %s."
              .formatted(version, VERSIONS.stream().sorted().collect(Collectors.joining(", "))));
    }
    String token = token(request);
    if (!known(token)) {
      return token == null
          ? Answer.error(401, "Requires authentication")
          : Answer.error(401, "Bad credentials");
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return Answer.error(404, "Not Found");
    }
    RateLimits.Budget budget = limits.of(token);
    if (budget.spent() && place.target() != Fault.Target.RATE_LIMIT) {
      return Answer.error(
          403,
          token == null
              ? "API rate limit exceeded for 127.0.0.1. (But here's the good news: Authenticated"
                  + " requests get a higher rate limit.)"
              : "API rate limit exceeded for user ID 90000000.");
    }
    return null;
  }

  @Override
  String token(ToyRequest request) {
    return request.token();
  }

  // What is asked for

  private static boolean enterprise(ToyRequest request) {
    return request.path().equals(ENTERPRISE) || request.path().startsWith(ENTERPRISE + "/");
  }

  /** Scheme, host and the prefix of Enterprise, as the client wrote them. */
  private static String base(ToyRequest request) {
    return origin(request) + (enterprise(request) ? ENTERPRISE : "");
  }

  @Override
  Place place(ToyRequest request) {
    String path =
        enterprise(request) ? request.path().substring(ENTERPRISE.length()) : request.path();
    int page = request.number("page", 1);
    if (path.equals("/rate_limit")) {
      return new Place(Fault.Target.RATE_LIMIT, null, null, "", page);
    }
    if (path.equals("/user")) {
      return new Place(Fault.Target.USER, null, null, "", page);
    }
    Matcher byName = REPOSITORY.matcher(path);
    if (byName.matches()) {
      String name = byName.group(1) + "/" + byName.group(2);
      return place(request, name, repositories.named(name), byName.group(3), page);
    }
    Matcher byId = BY_ID.matcher(path);
    if (byId.matches()) {
      IssueSource source = repositories.numbered(Long.parseLong(byId.group(1)));
      String name = source == null ? null : repositories.nameOf(source);
      return place(request, name, source, byId.group(2), page);
    }
    return new Place(Fault.Target.ANY, null, null, path, page);
  }

  private static Place place(
      ToyRequest request, String name, IssueSource source, String behind, int page) {
    String rest = behind == null ? "" : behind;
    if (rest.equals(ALERTS)) {
      String before = request.parameter("before");
      boolean back = before != null && !before.isEmpty();
      int ordinal = PageCursor.page(back ? before : request.parameter("after"));
      return new Place(Fault.Target.ALERTS, name, source, rest, ordinal);
    }
    Fault.Target target =
        rest.isEmpty()
            ? Fault.Target.REPOSITORY
            : rest.equals("/issues")
                ? Fault.Target.ISSUES
                : ISSUE.matcher(rest).matches()
                    ? Fault.Target.ISSUE
                    : ALERT.matcher(rest).matches() ? Fault.Target.ALERT : Fault.Target.ANY;
    return new Place(target, name, source, rest, page);
  }

  @Override
  Answer found(ToyRequest request, Place place, List<Fault> hits) {
    boolean classic = WITH_ASSIGNEE.equals(version(request));
    return switch (place.target()) {
      case RATE_LIMIT ->
          Answer.json(200, GithubDocuments.rateLimit(limits.of(token(request)), classic));
      case USER ->
          token(request) == null
              ? Answer.error(401, "Requires authentication")
              : Answer.json(200, GithubDocuments.user());
      case REPOSITORY, ISSUES, ISSUE, ALERTS, ALERT -> inRepository(request, place, hits, classic);
      case FINDINGS, ANY -> Answer.error(404, "Not Found");
    };
  }

  private Answer inRepository(ToyRequest request, Place place, List<Fault> hits, boolean classic) {
    if (place.source() == null) {
      return Answer.error(404, "Not Found");
    }
    String home = base(request) + "/repositories/" + place.source().id();
    if (repositories.renamed(place.name())) {
      String query = request.query().isEmpty() ? "" : "?" + request.query();
      return moved(301, home + place.rest() + query);
    }
    boolean disabled = false;
    if (place.source() instanceof ComputedIssues computed) {
      if (computed.repository().deleted()) {
        return Answer.error(404, "Not Found");
      }
      disabled = computed.repository().issuesDisabled();
    }
    return switch (place.target()) {
      case REPOSITORY ->
          Answer.json(
              200, GithubDocuments.repository(place.name(), place.source().id(), !disabled));
      case ALERTS, ALERT -> inAlerts(request, place, home, hits, classic);
      default ->
          disabled
              ? Answer.error(410, "Issues are disabled for this repo")
              : place.target() == Fault.Target.ISSUE
                  ? issue(request, place, classic)
                  : list(request, place, home, hits, classic);
    };
  }

  private Answer issue(ToyRequest request, Place place, boolean classic) {
    Matcher matcher = ISSUE.matcher(place.rest());
    int number = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    if (place.source() instanceof ComputedIssues computed && computed.repository().exists(number)) {
      Change change = computed.repository().change(number);
      if (change.movedTo() != null) {
        return moved(301, base(request) + "/repos/" + change.movedTo().replace("#", "/issues/"));
      }
      if (change.gone()) {
        return Answer.error(410, "This issue was deleted");
      }
    }
    Bytes out = request.scratch().clear();
    return place.source().write(number, classic, out)
        ? jsonOf(out)
        : Answer.error(404, "Not Found");
  }

  private Answer list(
      ToyRequest request, Place place, String home, List<Fault> hits, boolean classic) {
    for (String name : request.parameterNames()) {
      if (!LIST_PARAMETERS.contains(name)) {
        return invalid(name, "The toy does not filter by " + name);
      }
    }
    IssueQuery query;
    try {
      query = IssueQuery.of(request);
    } catch (IllegalArgumentException e) {
      return invalid(e.getMessage(), "Validation Failed");
    }
    int page = place.page();
    int perPage = Math.min(100, request.number("per_page", 30));
    Bytes out = request.scratch().clear();
    IssueSource.Page written =
        place.source().write(query, perPage, shown(page, hits), classic, out);
    spoil(out, written.starts(), hits, place.target());
    Answer answer = jsonOf(out);
    String address = home + "/issues?";
    String link =
        PageLinks.of(
            request,
            written,
            address,
            page,
            written.pages() + (written.pages() == 0 ? 0 : doubled(hits)));
    if (FaultAnswers.leadsAstray(hits)) {
      String next =
          FaultAnswers.next(
              hits,
              address + request.queryForPage(page + 1L),
              address + request.queryForPage(page),
              address + request.queryForPage(Math.max(1, page - 1)));
      link = FaultAnswers.link(link, next);
    }
    if (!link.isEmpty()) {
      answer.header("Link", link);
    }
    return answer;
  }

  private static Answer invalid(String field, String message) {
    return Answer.json(
        422,
        "{\"message\":%s,\"errors\":[{\"resource\":\"Issue\",\"field\":%s,\"code\":\"invalid\"}],\"documentation_url\":\"https://docs.github.com/rest/issues/issues#list-repository-issues\",\"status\":\"422\"}"
            .formatted(quoted(message), quoted(field)));
  }

  /** The shorter form of the alerts. */
  private static Answer unreadable(String error) {
    return Answer.json(
        422,
        "{\"message\":\"Validation Failed\",\"errors\":[%s],\"documentation_url\":\"https://docs.github.com/rest/dependabot/alerts\"}"
            .formatted(quoted(error)));
  }

  // Dependabot alerts

  private Answer inAlerts(
      ToyRequest request, Place place, String home, List<Fault> hits, boolean classic) {
    ToyAlerts known = alerts(place.source(), place.name());
    Answer refused =
        switch (known.access()) {
          case READABLE -> null;
          case DISABLED -> Answer.error(403, "Dependabot alerts are disabled for this repository.");
          case ARCHIVED ->
              Answer.error(403, "Dependabot alerts are not available for archived repositories.");
          case HIDDEN -> Answer.error(404, "Not Found");
        };
    if (refused != null) {
      return refused;
    }
    AlertWriter writer = new AlertWriter(place.name(), known, classic);
    Bytes out = request.scratch().clear();
    Matcher one = ALERT.matcher(place.rest());
    if (!one.matches()) {
      return alertList(request, place, home, hits, known, writer);
    }
    int number = Integer.parseInt(one.group(1));
    if (!known.exists(number)) {
      return Answer.error(404, "No alert found for alert number " + number);
    }
    writer.write(out, number);
    return jsonOf(out);
  }

  private Answer alertList(
      ToyRequest request,
      Place place,
      String home,
      List<Fault> hits,
      ToyAlerts known,
      AlertWriter writer) {
    for (String name : request.parameterNames()) {
      if (Set.of("page", "first", "last").contains(name)) {
        return Answer.error(400, "Pagination using the `" + name + "` parameter is not supported.");
      }
      if (!ALERT_PARAMETERS.contains(name)) {
        return unreadable("The toy does not filter by " + name);
      }
    }
    AlertQuery query;
    AlertCursor cursor;
    try {
      query = AlertQuery.of(request);
      cursor = AlertCursor.of(request);
    } catch (IllegalArgumentException e) {
      return unreadable("Invalid value for " + e.getMessage());
    }
    ToyAlerts.Slice slice =
        known.slice(query, cursor, Math.min(100, request.number("per_page", 30)));
    Bytes out = request.scratch().clear();
    int[] starts = writer.write(out, slice.numbers());
    spoil(out, starts, hits, place.target());
    Answer answer = jsonOf(out);
    String address = home + ALERTS + "?";
    String next =
        repeats(place.page(), hits) && !slice.numbers().isEmpty()
            ? address + cursor.again(request)
            : slice.next() == null ? null : address + slice.next().query(request);
    String previous = slice.previous() == null ? null : address + slice.previous().query(request);
    next =
        FaultAnswers.next(
            hits, next, address + request.query(), address + AlertCursor.START.query(request));
    String link = next == null ? "" : "<" + next + ">; rel=\"next\"";
    if (previous != null) {
      link += (link.isEmpty() ? "<" : ", <") + previous + ">; rel=\"prev\"";
    }
    if (!link.isEmpty()) {
      answer.header("Link", link);
    }
    return answer;
  }

  @Override
  void shift(Place place, Random random) {
    if (place.target() == Fault.Target.ALERTS && place.source() != null) {
      alerts(place.source(), place.name()).touchAny(random, options.clock().instant());
    } else {
      super.shift(place, random);
    }
  }

  // What every answer carries

  @Override
  boolean free(Place place, Answer answer) {
    return place.target() == Fault.Target.RATE_LIMIT
        || answer.status == 304
        || answer.status == 401;
  }

  @Override
  void tell(ToyRequest request, RateLimits.Budget budget, Answer answer) {
    answer
        .header("X-RateLimit-Limit", "" + budget.limit())
        .header("X-RateLimit-Remaining", "" + budget.remaining())
        .header("X-RateLimit-Reset", "" + budget.reset())
        .header("X-RateLimit-Used", "" + budget.used())
        .header("X-RateLimit-Resource", "core");
  }

  @Override
  void sign(ToyRequest request, Answer answer) {
    answer
        .header("Server", "github.com")
        .header("X-GitHub-Media-Type", "github.v3; format=json")
        .header("x-github-api-version-selected", version(request))
        .header("X-GitHub-Request-Id", "70F0:%06X".formatted(counter.incrementAndGet()));
    if (answer.status == 200 || answer.status == 304) {
      answer
          .header("Cache-Control", "private, max-age=60, s-maxage=60")
          .header("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept");
    }
    if (token(request) != null && answer.status != 401) {
      answer.header("X-OAuth-Scopes", "repo").header("X-Accepted-OAuth-Scopes", "repo");
    }
  }

  private static String version(ToyRequest request) {
    String version = request.headers().get("x-github-api-version");
    return version != null && VERSIONS.contains(version) ? version : WITH_ASSIGNEE;
  }

  // How it words what goes wrong

  @Override
  public Answer error(int status, String message) {
    return Answer.error(status, message);
  }

  @Override
  public String words(int status) {
    return switch (status) {
      case 401 -> "Bad credentials";
      case 403 -> "Resource not accessible by personal access token";
      case 404 -> "Not Found";
      case 410 -> "Issues are disabled for this repo";
      case 451 -> "Repository access blocked";
      default -> "Status " + status;
    };
  }

  @Override
  public Answer tooMany(int status) {
    return Answer.json(status, "{\"message\":\"Too many requests\"}");
  }

  @Override
  public int limitStatus() {
    return 403;
  }

  @Override
  public Answer spent(int status, long reset, Instant now) {
    return Answer.error(status, "API rate limit exceeded for user ID 90000000.")
        .header("X-RateLimit-Limit", "5000")
        .header("X-RateLimit-Remaining", "0")
        .header("X-RateLimit-Used", "5000")
        .header("X-RateLimit-Resource", "core")
        .header("X-RateLimit-Reset", "" + reset);
  }

  @Override
  public Answer hiddenLimit(int status) {
    return Answer.error(
        status,
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try"
            + " again.");
  }

  @Override
  public Answer moved(int status, String location) {
    return Answer.json(
            status,
            "{\"message\":\"Moved Permanently\",\"url\":\"%s\",\"documentation_url\":\"https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects\"}"
                .formatted(new String(Bytes.json(location), StandardCharsets.UTF_8)))
        .header("Location", location);
  }

  @Override
  public String renamed(String address) {
    return address.replaceFirst("/repos/([^/]+)/([^/?]+)", "/repos/$1/$2-renamed");
  }

  @Override
  public RecordShape shape(Fault.Target target) {
    return target == Fault.Target.ALERTS || target == Fault.Target.ALERT
        ? RecordShape.GITHUB_ALERT
        : RecordShape.GITHUB_ISSUE;
  }
}

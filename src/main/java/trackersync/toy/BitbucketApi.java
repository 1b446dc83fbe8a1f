package trackersync.toy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of Bitbucket Cloud's REST API that the toy speaks. */
final class BitbucketApi extends ToyApi {
  static final String BASE = "/2.0";
  private static final Pattern REPOSITORY =
      Pattern.compile(BASE + "/repositories/([A-Za-z0-9._-]{1,100})/([A-Za-z0-9._-]{1,100})(/.*)?");
  private static final Pattern ISSUE = Pattern.compile("/issues/(\\d{1,9})");
  private static final Set<String> LIST_PARAMETERS = Set.of("q", "sort", "page", "pagelen");
  private static final Set<String> SORTS =
      Set.of("updated_on", "-updated_on", "created_on", "-created_on");

  /** What Bitbucket's issues are like. */
  static final ToyKind KIND =
      new ToyKind(
          Naming.BITBUCKET,
          1_000_000,
          // the tracker has none; what edits set is kept and never shown
          List.of(),
          BitbucketIssueWriter::new,
          new ReplayedIssues.Format(
              Pattern.compile(
                  "https?://[^/]+/2\\.0/repositories/[^/]+/([^/?]+)/issues(?:\\?(.*))?"),
              "/id",
              Set.copyOf(BitbucketNature.CLOSED),
              "/created_on",
              "/updated_on",
              "/votes",
              1_000_000));

  private final AtomicLong counter = new AtomicLong();
  private final int goneAtFirst;
  private volatile int gone;

  BitbucketApi(
      ToyBitbucketOptions options, ToyRepositories repositories, RateLimits limits, Faults faults) {
    super(options.common(), repositories, limits, faults);
    goneAtFirst = options.gone();
    gone = goneAtFirst;
  }

  @Override
  void reset() {
    super.reset();
    gone = goneAtFirst;
  }

  void setGone(int status) {
    ToyBitbucketOptions.checkGone(status);
    gone = status;
  }

  // Who may ask

  /** A bearer's token, or the password of Basic authentication; empty where it cannot be read. */
  @Override
  String token(ToyRequest request) {
    String header = request.headers().get("authorization");
    String token = request.token();
    if (header == null || header.startsWith("Bearer ")) {
      return token;
    }
    if (!header.startsWith("Basic ")) {
      return "";
    }
    try {
      String pair = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
      return pair.substring(pair.indexOf(':') + 1);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  @Override
  Answer refusal(ToyRequest request, Place place) {
    String token = token(request);
    if (!known(token)) {
      return error(401, words(401));
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return error(405, "Method not allowed");
    }
    RateLimits.Budget budget = limits.of(token);
    return budget.spent() ? spent(429, budget.reset(), options.clock().instant()) : null;
  }

  // What is asked for

  @Override
  Place place(ToyRequest request) {
    int page = request.number("page", 1);
    if (request.path().equals(BASE + "/user")) {
      return new Place(Fault.Target.USER, null, null, "", page);
    }
    Matcher matcher = REPOSITORY.matcher(request.path());
    if (!matcher.matches()) {
      return new Place(Fault.Target.ANY, null, null, request.path(), page);
    }
    String name = matcher.group(1) + "/" + matcher.group(2);
    String rest = matcher.group(3) == null ? "" : matcher.group(3);
    Fault.Target target =
        rest.isEmpty()
            ? Fault.Target.REPOSITORY
            : rest.equals("/issues")
                ? Fault.Target.ISSUES
                : ISSUE.matcher(rest).matches() ? Fault.Target.ISSUE : Fault.Target.ANY;
    return new Place(target, name, repositories.named(name), rest, page);
  }

  @Override
  Answer found(ToyRequest request, Place place, List<Fault> hits) {
    return switch (place.target()) {
      case USER ->
          token(request) == null
              ? error(401, words(401))
              : Answer.json(200, BitbucketDocuments.user());
      case REPOSITORY, ISSUES, ISSUE -> inRepository(request, place, hits);
      case ALERTS, ALERT, FINDINGS, RATE_LIMIT, ANY -> error(404, words(404));
    };
  }

  private Answer inRepository(ToyRequest request, Place place, List<Fault> hits) {
    IssueSource source = place.source();
    ToyRepository repository =
        source instanceof ComputedIssues computed ? computed.repository() : null;
    if (source == null || (repository != null && repository.deleted())) {
      return error(404, "Repository " + place.name() + " not found");
    }
    if (repositories.renamed(place.name())) {
      String query = request.query().isEmpty() ? "" : "?" + request.query();
      String home = origin(request) + BASE + "/repositories/" + repositories.nameOf(source);
      return moved(301, home + place.rest() + query);
    }
    boolean disabled = repository != null && repository.issuesDisabled();
    if (place.target() == Fault.Target.REPOSITORY) {
      return Answer.json(
          200, BitbucketDocuments.repository(place.name(), gone != 0 ? null : !disabled));
    }
    if (gone == 410) {
      return error(410, words(410));
    }
    if (gone == 404 || disabled) {
      return error(404, "Repository has no issue tracker.");
    }
    return place.target() == Fault.Target.ISSUE
        ? issue(request, place, repository)
        : list(request, place, hits);
  }

  private Answer issue(ToyRequest request, Place place, ToyRepository repository) {
    Matcher matcher = ISSUE.matcher(place.rest());
    int number = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    if (repository != null && repository.exists(number) && repository.change(number).gone()) {
      return error(410, "Issue " + number + " is unavailable");
    }
    Bytes out = request.scratch().clear();
    return place.source().write(number, true, out)
        ? jsonOf(out)
        : error(404, "No Issue matches the given query.");
  }

  private Answer list(ToyRequest request, Place place, List<Fault> hits) {
    IssueQuery query;
    int pagelen;
    try {
      query = query(request);
      pagelen = pagelen(request);
    } catch (IllegalArgumentException e) {
      return error(400, e.getMessage());
    }
    Bytes out = request.scratch().clear().put("{\"values\":");
    int page = place.page();
    IssueSource.Page written = place.source().write(query, pagelen, shown(page, hits), true, out);
    long pages = written.pages() + (written.pages() == 0 ? 0 : doubled(hits));
    String home = origin(request) + request.path() + "?";
    String next =
        FaultAnswers.next(
            hits,
            page < pages ? home + request.queryForPage(page + 1L) : null,
            home + request.queryForPage(page),
            home + request.queryForPage(Math.max(1, page - 1)));
    out.put(",\"pagelen\":").put(pagelen).put(",\"size\":").put(written.total());
    out.put(",\"page\":").put(page);
    if (page > 1) {
      out.put(",\"previous\":\"").putJson(home + request.queryForPage(page - 1L)).put('"');
    }
    if (next != null) {
      out.put(",\"next\":\"").putJson(next).put('"');
    }
    out.put('}');
    spoil(out, written.starts(), hits, place.target());
    return jsonOf(out);
  }

  private static int pagelen(ToyRequest request) {
    int pagelen = request.number("pagelen", 10);
    if (pagelen > 100) {
      throw new IllegalArgumentException("Invalid pagelen");
    }
    return pagelen;
  }

  private static IssueQuery query(ToyRequest request) {
    for (String name : request.parameterNames()) {
      if (!LIST_PARAMETERS.contains(name)) {
        throw new IllegalArgumentException("The toy does not know the parameter " + name);
      }
    }
    String q = request.parameter("q");
    BitbucketFilter filter =
        q == null || q.isBlank() ? new BitbucketFilter(List.of()) : BitbucketFilter.parse(q);
    String sort = request.parameter("sort");
    if (sort == null || sort.isEmpty()) {
      sort = "created_on";
    }
    if (!SORTS.contains(sort)) {
      throw new IllegalArgumentException("The toy does not sort by " + sort);
    }
    return new IssueQuery(
        IssueQuery.State.ALL,
        Set.of(),
        filter.since(),
        sort.endsWith("updated_on") ? IssueQuery.Sort.UPDATED : IssueQuery.Sort.CREATED,
        !sort.startsWith("-"),
        filter.rest());
  }

  // What every answer carries

  @Override
  boolean free(Place place, Answer answer) {
    return answer.status == 401;
  }

  @Override
  void tell(ToyRequest request, RateLimits.Budget budget, Answer answer) {
    long left = Math.max(0, budget.reset() - options.clock().instant().getEpochSecond());
    tell(answer, budget.limit(), budget.remaining(), left);
  }

  /** The reset is in seconds from now, unlike at other trackers. */
  private Answer tell(Answer answer, int limit, int remaining, long secondsLeft) {
    return answer
        .header(
            "X-Ratelimit-Limit",
            "%d, %d;w=%d".formatted(limit, limit, options.rateWindow().toSeconds()))
        .header("X-Ratelimit-Remaining", "" + remaining)
        .header("X-Ratelimit-Reset", "" + secondsLeft);
  }

  @Override
  void sign(ToyRequest request, Answer answer) {
    answer
        .header("Cache-Control", "max-age=900")
        .header("Vary", "Authorization, origin")
        .header("X-Content-Type-Options", "nosniff")
        .header("X-Request-Count", "" + counter.incrementAndGet())
        .header(
            "X-Credential-Type", token(request) == null ? "unauthenticated_identity" : "api_token");
  }

  // How it words what goes wrong

  @Override
  public Answer error(int status, String message) {
    String detail =
        status == 410 && message.equals(words(410))
            ? ",\"detail\":\"The issue tracker and its API were removed on 2026-08-20.\""
            : "";
    return Answer.json(
        status, "{\"type\":\"error\",\"error\":{\"message\":" + quoted(message) + detail + "}}");
  }

  @Override
  public String words(int status) {
    return switch (status) {
      case 401 -> "Token is invalid, expired, or not supported for this endpoint.";
      case 403 -> "Your credentials lack one or more required privilege scopes.";
      case 404 -> "Resource not found";
      case 410 -> "Resource removed";
      case 451 -> "Unavailable for legal reasons";
      default -> "Status " + status;
    };
  }

  @Override
  public Answer tooMany(int status) {
    return error(status, "Rate limit for this resource has been exceeded");
  }

  @Override
  public int limitStatus() {
    return 429;
  }

  @Override
  public Answer spent(int status, long reset, Instant now) {
    int limit = options.rateLimit() == 0 ? 1_000 : options.rateLimit();
    return tell(tooMany(status), limit, 0, Math.max(0, reset - now.getEpochSecond()));
  }

  @Override
  public Answer hiddenLimit(int status) {
    return tooMany(status);
  }

  @Override
  public Answer moved(int status, String location) {
    return error(status, "Moved to " + location).header("Location", location);
  }

  @Override
  public String renamed(String address) {
    return address.replaceFirst("/repositories/([^/]+)/([^/?]+)", "/repositories/$1/$2-renamed");
  }

  @Override
  public RecordShape shape(Fault.Target target) {
    return RecordShape.BITBUCKET_ISSUE;
  }

  @Override
  public String beforeRecords() {
    return "{\"values\":[";
  }

  @Override
  public String afterRecords() {
    return "]}";
  }
}

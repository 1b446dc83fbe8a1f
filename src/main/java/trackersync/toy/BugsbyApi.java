package trackersync.toy;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The API that our assumption gives Bugsby: bugs of a release, and one bug. Read only. */
final class BugsbyApi extends ToyApi {
  private static final String LIST = "/api/v1/bugs";
  private static final Pattern BUG = Pattern.compile(LIST + "/(\\d{1,15})");
  private static final Set<String> LIST_PARAMETERS =
      Set.of("release", "status", "limit", "page_token");
  private static final int LIMIT_MAX = 500;

  private final BugIds ids;
  private final BugsbyNature nature;

  /** Bugs of one status, by Bugsby's own word. */
  private record OfStatus(BugsbyNature nature, String status) implements IssueQuery.Filter {
    @Override
    public boolean fits(ToyRepository release, int number) {
      return nature.field(release, number, BugsbyNature.STATUS).equalsIgnoreCase(status);
    }
  }

  BugsbyApi(
      ToyOptions options,
      ToyRepositories releases,
      RateLimits limits,
      Faults faults,
      BugIds ids,
      BugsbyNature nature) {
    super(options, releases, limits, faults);
    this.ids = ids;
    this.nature = nature;
  }

  /** What Bugsby's bugs are like; there are no recordings of it. */
  static ToyKind kind(BugIds ids, BugsbyNature nature) {
    return new ToyKind(
        Naming.BUGSBY, 1, List.of(), release -> new BugsbyBugWriter(release, ids, nature), null);
  }

  @Override
  void reset() {
    super.reset();
    nature.reset();
  }

  // Who may ask

  /** Of Authorization, whatever its scheme, or of X-Api-Key. */
  @Override
  String token(ToyRequest request) {
    String token = request.token();
    return token == null ? request.headers().get("x-api-key") : token;
  }

  @Override
  Answer refusal(ToyRequest request, Place place) {
    String token = token(request);
    if (!known(token)) {
      return error(401, words(401));
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return error(405, "read only");
    }
    RateLimits.Budget budget = limits.of(token);
    return budget.spent() ? spent(429, budget.reset(), options.clock().instant()) : null;
  }

  // What is asked for

  @Override
  Place place(ToyRequest request) {
    Matcher bug = BUG.matcher(request.path());
    if (bug.matches()) {
      BugIds.Place place = ids.place(Long.parseLong(bug.group(1)));
      String release = place == null ? null : place.release();
      return new Place(
          Fault.Target.ISSUE,
          release,
          release == null ? null : repositories.named(release),
          place == null ? "" : "" + place.number(),
          1);
    }
    if (!request.path().equals(LIST)) {
      return new Place(Fault.Target.ANY, null, null, request.path(), 1);
    }
    String release = request.parameter("release");
    boolean named = Naming.BUGSBY.fits(release);
    return new Place(
        Fault.Target.ISSUES,
        release,
        named ? repositories.named(release) : null,
        "",
        PageCursor.page(request.parameter("page_token")));
  }

  @Override
  Answer found(ToyRequest request, Place place, List<Fault> hits) {
    return switch (place.target()) {
      case ISSUES -> list(request, place, hits);
      case ISSUE -> bug(request, place);
      case ALERTS, ALERT, FINDINGS, REPOSITORY, USER, RATE_LIMIT, ANY -> error(404, words(404));
    };
  }

  private Answer bug(ToyRequest request, Place place) {
    Bytes out = request.scratch().clear();
    boolean there =
        place.source() instanceof ComputedIssues computed
            && !computed.repository().deleted()
            && computed.write(Integer.parseInt(place.rest()), true, out);
    return there ? jsonOf(out) : error(404, "there is no such bug");
  }

  private Answer list(ToyRequest request, Place place, List<Fault> hits) {
    for (String name : request.parameterNames()) {
      if (!LIST_PARAMETERS.contains(name)) {
        return error(400, "unknown parameter " + name);
      }
    }
    String limitText = request.parameter("limit");
    int limit = request.number("limit", 50);
    if (limitText != null && (!limitText.equals("" + limit) || limit > LIMIT_MAX)) {
      return error(400, "limit must be 1 to " + LIMIT_MAX);
    }
    if (place.name() == null || place.name().isEmpty()) {
      return error(400, "release is required");
    }
    if (!(place.source() instanceof ComputedIssues bugs) || bugs.repository().deleted()) {
      return error(404, "there is no release " + place.name());
    }
    String token = request.parameter("page_token");
    PageCursor cursor = new PageCursor(0, 0, 1);
    if (token != null && !token.isEmpty()) {
      try {
        cursor = PageCursor.parse(token);
      } catch (IllegalArgumentException e) {
        return error(400, "page_token is not one of ours");
      }
    }
    return page(request, place, hits, bugs, query(request), cursor, limit);
  }

  private IssueQuery query(ToyRequest request) {
    String status = request.parameter("status");
    return new IssueQuery(
        IssueQuery.State.ALL,
        Set.of(),
        Long.MIN_VALUE,
        IssueQuery.Sort.CREATED,
        true,
        status == null || status.isEmpty() ? IssueQuery.ALL : new OfStatus(nature, status));
  }

  /** A page goes on behind the last bug of the one before: removals in between shift nothing. */
  private Answer page(
      ToyRequest request,
      Place place,
      List<Fault> hits,
      ComputedIssues bugs,
      IssueQuery query,
      PageCursor cursor,
      int limit) {
    ToyRepository release = bugs.repository();
    long time = cursor.number() == 0 ? Long.MIN_VALUE : cursor.time();
    int[] found = release.numbersBehind(query, time, cursor.number(), limit + 1);
    int[] numbers = Arrays.copyOf(found, Math.min(limit, found.length));
    PageCursor next = null;
    if (numbers.length > 0 && repeats(place.page(), hits)) {
      next = new PageCursor(cursor.time(), cursor.number(), place.page() + 1);
    } else if (found.length > limit) {
      int last = numbers[limit - 1];
      next = new PageCursor(release.createdAt(last), last, place.page() + 1);
    }
    String token =
        FaultAnswers.next(
            hits, next == null ? null : next.text(), cursor.text(), new PageCursor(0, 0, 1).text());
    Bytes out = request.scratch().clear().put("{\"bugs\":");
    int[] starts = bugs.write(numbers, true, out);
    out.put(",\"next_page_token\":").put(token == null ? "null" : quoted(token));
    out.put(",\"total\":").put(release.count(query)).put('}');
    spoil(out, starts, hits, place.target());
    return jsonOf(out);
  }

  // What every answer carries

  @Override
  boolean free(Place place, Answer answer) {
    return answer.status == 401;
  }

  /** Of its limits nothing is told before they are reached. */
  @Override
  void tell(ToyRequest request, RateLimits.Budget budget, Answer answer) {}

  @Override
  void sign(ToyRequest request, Answer answer) {
    answer.header("Server", "bugsby");
  }

  // How it words what goes wrong

  @Override
  public Answer error(int status, String message) {
    return Answer.json(
        status,
        "{\"error\":{\"code\":" + quoted(code(status)) + ",\"message\":" + quoted(message) + "}}");
  }

  private static String code(int status) {
    return switch (status) {
      case 400 -> "invalid_argument";
      case 401 -> "unauthenticated";
      case 403 -> "permission_denied";
      case 404 -> "not_found";
      case 429 -> "too_many_requests";
      default -> "error_" + status;
    };
  }

  @Override
  public String words(int status) {
    return switch (status) {
      case 401 -> "the token is missing or not known";
      case 403 -> "the token may not read this";
      case 404 -> "there is no such thing";
      default -> "status " + status;
    };
  }

  @Override
  public Answer tooMany(int status) {
    return error(status, "too many requests");
  }

  @Override
  public int limitStatus() {
    return 429;
  }

  @Override
  public Answer spent(int status, long reset, Instant now) {
    return tooMany(status).header("Retry-After", "" + Math.max(1, reset - now.getEpochSecond()));
  }

  @Override
  public Answer hiddenLimit(int status) {
    return tooMany(status);
  }

  @Override
  public Answer moved(int status, String location) {
    return error(status, "moved").header("Location", location);
  }

  @Override
  public String renamed(String address) {
    return address.replaceFirst("([?&]release=[^&]*)", "$1-renamed");
  }

  @Override
  public RecordShape shape(Fault.Target target) {
    return RecordShape.BUGSBY_BUG;
  }

  @Override
  public String beforeRecords() {
    return "{\"bugs\":[";
  }

  @Override
  public String afterRecords() {
    return "],\"next_page_token\":null}";
  }
}

package trackersync.toy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;

/** The part of GitHub's REST API that the toy speaks, faults included. */
final class GithubApi {
  private static final String ENTERPRISE = "/api/v3";
  private static final Pattern REPOSITORY =
      Pattern.compile("/repos/([A-Za-z0-9._-]{1,100})/([A-Za-z0-9._-]{1,100})(/.*)?");
  private static final Pattern BY_ID = Pattern.compile("/repositories/(\\d{1,18})(/.*)?");
  private static final Pattern ISSUE = Pattern.compile("/issues/(\\d{1,9})");
  private static final Set<String> LIST_PARAMETERS =
      Set.of("state", "labels", "sort", "direction", "since", "per_page", "page");
  private static final String WITH_ASSIGNEE = "2022-11-28";
  private static final Set<String> VERSIONS = Set.of(WITH_ASSIGNEE, "2026-03-10");
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

  private final ToyGithubOptions options;
  private final ToyRepositories repositories;
  private final RateLimits limits;
  private final Faults faults;
  private final AtomicLong counter = new AtomicLong();
  private final Map<Fault, Random> shifts = new HashMap<>();

  GithubApi(
      ToyGithubOptions options, ToyRepositories repositories, RateLimits limits, Faults faults) {
    this.options = options;
    this.repositories = repositories;
    this.limits = limits;
    this.faults = faults;
  }

  /** Begins the drawings of the faults again. */
  void reset() {
    synchronized (shifts) {
      shifts.clear();
    }
  }

  /** What a request is after. */
  private record Place(Fault.Target target, String name, IssueSource source, String rest) {}

  Answer answer(ToyRequest request) {
    boolean enterprise =
        request.path().equals(ENTERPRISE) || request.path().startsWith(ENTERPRISE + "/");
    String path = enterprise ? request.path().substring(ENTERPRISE.length()) : request.path();
    String origin = origin(request) + (enterprise ? ENTERPRISE : "");
    Place place = place(path);
    int page = request.number("page", 1);
    List<Fault> hits = faults.take(place.target(), place.name(), page);
    shift(hits, place);

    Answer answer = refusal(request, place);
    if (answer == null) {
      answer = found(request, place, origin, page, hits);
    }
    boolean replaced = hits.stream().anyMatch(FaultAnswers::replaces);
    if (answer.status == 200) {
      etag(answer, request, replaced);
    }
    count(answer, request, place);
    headers(answer, request, hits);
    for (Fault fault : hits) {
      if (FaultAnswers.replaces(fault)) {
        return FaultAnswers.apply(fault, answer, request, origin, options.clock());
      }
    }
    gzip(answer, request);
    return answer;
  }

  // Who may ask

  private Answer refusal(ToyRequest request, Place place) {
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
    String token = request.token();
    boolean known =
        options.tokens().isEmpty()
            ? token == null || !token.isEmpty()
            : token != null && options.tokens().contains(token);
    if (!known) {
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

  // What is asked for

  private Place place(String path) {
    if (path.equals("/rate_limit")) {
      return new Place(Fault.Target.RATE_LIMIT, null, null, "");
    }
    if (path.equals("/user")) {
      return new Place(Fault.Target.USER, null, null, "");
    }
    Matcher byName = REPOSITORY.matcher(path);
    if (byName.matches()) {
      String name = byName.group(1) + "/" + byName.group(2);
      String rest = byName.group(3) == null ? "" : byName.group(3);
      return new Place(target(rest), name, repositories.named(name), rest);
    }
    Matcher byId = BY_ID.matcher(path);
    if (byId.matches()) {
      IssueSource source = repositories.numbered(Long.parseLong(byId.group(1)));
      String rest = byId.group(2) == null ? "" : byId.group(2);
      return new Place(
          target(rest), source == null ? null : repositories.nameOf(source), source, rest);
    }
    return new Place(Fault.Target.ANY, null, null, path);
  }

  private static Fault.Target target(String rest) {
    if (rest.equals("/issues")) {
      return Fault.Target.ISSUES;
    }
    return ISSUE.matcher(rest).matches()
        ? Fault.Target.ISSUE
        : rest.isEmpty() ? Fault.Target.REPOSITORY : Fault.Target.ANY;
  }

  private Answer found(ToyRequest request, Place place, String origin, int page, List<Fault> hits) {
    boolean classic = WITH_ASSIGNEE.equals(version(request));
    return switch (place.target()) {
      case RATE_LIMIT ->
          Answer.json(200, GithubDocuments.rateLimit(limits.of(request.token()), classic));
      case USER ->
          request.token() == null
              ? Answer.error(401, "Requires authentication")
              : Answer.json(200, GithubDocuments.user());
      case REPOSITORY, ISSUES, ISSUE -> inRepository(request, place, origin, page, hits, classic);
      case ANY -> Answer.error(404, "Not Found");
    };
  }

  private Answer inRepository(
      ToyRequest request, Place place, String origin, int page, List<Fault> hits, boolean classic) {
    if (place.source() == null) {
      return Answer.error(404, "Not Found");
    }
    String home = origin + "/repositories/" + place.source().id();
    if (repositories.renamed(place.name())) {
      String query = request.query().isEmpty() ? "" : "?" + request.query();
      return moved(home + place.rest() + query);
    }
    boolean disabled = false;
    if (place.source() instanceof ComputedIssues computed) {
      if (computed.repository().deleted()) {
        return Answer.error(404, "Not Found");
      }
      disabled = computed.repository().issuesDisabled();
    }
    if (place.target() == Fault.Target.REPOSITORY) {
      return Answer.json(
          200, GithubDocuments.repository(place.name(), place.source().id(), !disabled));
    }
    if (disabled) {
      return Answer.error(410, "Issues are disabled for this repo");
    }
    if (place.target() == Fault.Target.ISSUE) {
      return issue(request, place, origin, classic);
    }
    return list(request, place.source(), home, page, hits, classic);
  }

  private static Answer moved(String url) {
    return Answer.json(
            301,
            "{\"message\":\"Moved Permanently\",\"url\":\"%s\",\"documentation_url\":\"https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects\"}"
                .formatted(new String(Bytes.json(url), StandardCharsets.UTF_8)))
        .header("Location", url);
  }

  private Answer issue(ToyRequest request, Place place, String origin, boolean classic) {
    Matcher matcher = ISSUE.matcher(place.rest());
    int number = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    if (place.source() instanceof ComputedIssues computed && computed.repository().exists(number)) {
      Change change = computed.repository().change(number);
      if (change.movedTo() != null) {
        return moved(origin + "/repos/" + change.movedTo().replace("#", "/issues/"));
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
      ToyRequest request,
      IssueSource source,
      String home,
      int page,
      List<Fault> hits,
      boolean classic) {
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
    int perPage = Math.min(100, request.number("per_page", 30));
    int extra = 0;
    int shown = page;
    for (Fault fault : hits) {
      if (fault.kind() == Fault.Kind.DUPLICATE_PAGE) {
        extra++;
        shown = page >= fault.page() ? shown - 1 : shown;
      }
    }
    Bytes out = request.scratch().clear();
    IssueSource.Page written = source.write(query, perPage, Math.max(1, shown), classic, out);
    hostile(out, written, hits);
    Answer answer = jsonOf(out);
    String link =
        PageLinks.of(
            request,
            written,
            home + "/issues?",
            page,
            written.pages() + (written.pages() == 0 ? 0 : extra));
    link = FaultAnswers.link(link, hits, request, home, page);
    if (!link.isEmpty()) {
      answer.header("Link", link);
    }
    return answer;
  }

  private static Answer jsonOf(Bytes out) {
    return new Answer(200, out).header("Content-Type", "application/json; charset=utf-8");
  }

  private static Answer invalid(String field, String message) {
    return Answer.json(
        422,
        "{\"message\":\"%s\",\"errors\":[{\"resource\":\"Issue\",\"field\":\"%s\",\"code\":\"invalid\"}],\"documentation_url\":\"https://docs.github.com/rest/issues/issues#list-repository-issues\",\"status\":\"422\"}"
            .formatted(
                new String(Bytes.json(message), StandardCharsets.UTF_8),
                new String(Bytes.json(field), StandardCharsets.UTF_8)));
  }

  // Faults that change what is served

  private void shift(List<Fault> hits, Place place) {
    for (Fault fault : hits) {
      if (fault.kind() != Fault.Kind.SHIFT
          || !(place.source() instanceof ComputedIssues computed)) {
        continue;
      }
      ToyRepository repository = computed.repository();
      synchronized (shifts) {
        Random random = shifts.computeIfAbsent(fault, f -> new Random(f.number("seed", 1)));
        for (int i = 0; i < fault.number("count", 5) && repository.highestNumber() > 0; i++) {
          int number = 1 + random.nextInt(repository.highestNumber());
          if (!repository.change(number).gone()) {
            repository.touch(number, options.clock().instant());
          }
        }
      }
    }
  }

  private static void hostile(Bytes out, IssueSource.Page written, List<Fault> hits) {
    int count = written.starts().length - 1;
    for (Fault fault : hits) {
      if (fault.kind() == Fault.Kind.RECORD && count > 0) {
        int index = Math.min(count - 1, fault.number("index", count / 2));
        int from = written.starts()[index];
        int until = written.starts()[index + 1] - 1;
        byte[] record = Arrays.copyOfRange(out.array(), from, until);
        byte[] tail = Arrays.copyOfRange(out.array(), until, out.length());
        out.cut(from).put(FaultAnswers.hostile(fault).of(record)).put(tail);
        return; // the places behind it have moved
      }
    }
  }

  // What every answer carries

  private void etag(Answer answer, ToyRequest request, boolean keepBody) {
    CRC32C sum = new CRC32C();
    sum.update(answer.body.array(), 0, answer.body.length());
    CRC32C around = new CRC32C();
    around.update(
        (request.path() + "?" + request.query() + " " + answer.headers.get("Link"))
            .getBytes(StandardCharsets.UTF_8));
    String etag =
        "W/\"%08x%08x%08x\"".formatted(sum.getValue(), around.getValue(), answer.body.length());
    answer.header("ETag", etag);
    String known = request.headers().get("if-none-match");
    if (known != null && !keepBody) {
      String bare = etag.substring(2);
      boolean same =
          Arrays.stream(known.split(","))
              .map(String::strip)
              .anyMatch(one -> one.equals("*") || one.equals(etag) || one.equals(bare));
      if (same) {
        answer.status = 304;
        answer.body.clear();
        answer.headers.remove("Content-Type");
        answer.headers.remove("Link");
      }
    }
  }

  private void count(Answer answer, ToyRequest request, Place place) {
    String token = request.token();
    RateLimits.Budget budget = limits.of(token);
    boolean counts =
        place.target() != Fault.Target.RATE_LIMIT
            && answer.status != 304
            && answer.status != 401
            && !budget.spent();
    if (counts && budget.limit() > 0) {
      budget = limits.spend(token);
    }
    if (budget.limit() > 0) {
      answer
          .header("X-RateLimit-Limit", "" + budget.limit())
          .header("X-RateLimit-Remaining", "" + budget.remaining())
          .header("X-RateLimit-Reset", "" + budget.reset())
          .header("X-RateLimit-Used", "" + budget.used())
          .header("X-RateLimit-Resource", "core");
    }
  }

  private void headers(Answer answer, ToyRequest request, List<Fault> hits) {
    long skew = 0;
    for (Fault fault : hits) {
      skew += fault.kind() == Fault.Kind.CLOCK_SKEW ? fault.number("seconds", 600) : 0;
    }
    answer
        .header("Date", date(options.clock().instant().plusSeconds(skew)))
        .header("Server", "github.com")
        .header("X-GitHub-Media-Type", "github.v3; format=json")
        .header("x-github-api-version-selected", version(request))
        .header("X-GitHub-Request-Id", "70F0:%06X".formatted(counter.incrementAndGet()));
    if (answer.status == 200 || answer.status == 304) {
      answer
          .header("Cache-Control", "private, max-age=60, s-maxage=60")
          .header("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept");
    }
    if (request.token() != null && answer.status != 401) {
      answer.header("X-OAuth-Scopes", "repo").header("X-Accepted-OAuth-Scopes", "repo");
    }
  }

  static String date(Instant at) {
    return HTTP_DATE.format(at.atOffset(ZoneOffset.UTC));
  }

  private static String version(ToyRequest request) {
    String version = request.headers().get("x-github-api-version");
    return version != null && VERSIONS.contains(version) ? version : WITH_ASSIGNEE;
  }

  private String origin(ToyRequest request) {
    String host = request.headers().get("host");
    return host != null && host.matches("[A-Za-z0-9.:\\[\\]-]{1,200}")
        ? "http://" + host
        : "http://127.0.0.1";
  }

  private void gzip(Answer answer, ToyRequest request) {
    boolean accepted = request.headers().getOrDefault("accept-encoding", "").contains("gzip");
    if (!options.gzip() || !accepted || answer.body.length() < 512) {
      return;
    }
    ByteArrayOutputStream zipped = new ByteArrayOutputStream(answer.body.length() / 4);
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      answer.body.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    answer.body.clear().put(zipped.toByteArray());
    answer.header("Content-Encoding", "gzip");
  }
}

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
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;

/** What the APIs of all toys do alike: faults, budgets, ETags, compression. */
abstract sealed class ToyApi implements Dialect
    permits GithubApi, GitlabApi, BitbucketApi, BugsbyApi {
  static final String JSON = "application/json; charset=utf-8";
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

  final ToyOptions options;
  final ToyRepositories repositories;
  final RateLimits limits;
  private final Faults faults;
  private final Map<Fault, Random> shifts = new HashMap<>();

  ToyApi(ToyOptions options, ToyRepositories repositories, RateLimits limits, Faults faults) {
    this.options = options;
    this.repositories = repositories;
    this.limits = limits;
    this.faults = faults;
  }

  /**
   * What a request is after.
   *
   * @param name the repository's; null where the request names none
   * @param source the repository's issues; null where there is no such repository
   * @param rest of the path, behind the repository
   * @param page the number of the page asked for, the first where none is
   */
  record Place(Fault.Target target, String name, IssueSource source, String rest, int page) {}

  /** Forgets what is beside the repositories, and begins the drawings of the faults again. */
  void reset() {
    synchronized (shifts) {
      shifts.clear();
    }
  }

  abstract Place place(ToyRequest request);

  /** Why a request is not answered; null where nothing stands against it. */
  abstract Answer refusal(ToyRequest request, Place place);

  abstract Answer found(ToyRequest request, Place place, List<Fault> hits);

  /** The token or password of a request; null without one. */
  abstract String token(ToyRequest request);

  /** Whether an answer leaves the budget as it is. */
  abstract boolean free(Place place, Answer answer);

  /** Adds the headers that tell of a budget. */
  abstract void tell(ToyRequest request, RateLimits.Budget budget, Answer answer);

  /** Adds the headers that come with every answer, Date aside. */
  abstract void sign(ToyRequest request, Answer answer);

  final Answer answer(ToyRequest request) {
    Place place = place(request);
    List<Fault> hits = faults.take(place.target(), place.name(), place.page());
    shift(hits, place);
    Answer answer = refusal(request, place);
    if (answer == null) {
      answer = found(request, place, hits);
    }
    boolean replaced = hits.stream().anyMatch(FaultAnswers::replaces);
    if (answer.status == 200) {
      etag(answer, request, replaced);
    }
    count(answer, request, place);
    answer.header("Date", date(options.clock().instant().plusSeconds(skew(hits))));
    sign(request, answer);
    for (Fault fault : hits) {
      if (FaultAnswers.replaces(fault)) {
        String query = request.query().isEmpty() ? "" : "?" + request.query();
        String own = origin(request) + request.path() + query;
        return FaultAnswers.apply(fault, answer, own, place.target(), options.clock(), this);
      }
    }
    gzip(answer, request);
    return answer;
  }

  /** True for a token the toy accepts, and for none where any will do. */
  final boolean known(String token) {
    return options.tokens().isEmpty()
        ? token == null || !token.isEmpty()
        : token != null && options.tokens().contains(token);
  }

  static Answer jsonOf(Bytes out) {
    return new Answer(200, out).header("Content-Type", JSON);
  }

  static String quoted(String text) {
    return "\"" + new String(Bytes.json(text), StandardCharsets.UTF_8) + "\"";
  }

  static String date(Instant at) {
    return HTTP_DATE.format(at.atOffset(ZoneOffset.UTC));
  }

  /** Scheme and host as the client wrote them. */
  static String origin(ToyRequest request) {
    String host = request.headers().get("host");
    return host != null && host.matches("[A-Za-z0-9.:\\[\\]-]{1,200}")
        ? "http://" + host
        : "http://127.0.0.1";
  }

  // Faults that change what is served

  /** The page that is served in place of the one asked for, where pages were doubled. */
  static int shown(int page, List<Fault> hits) {
    int shown = page;
    for (Fault fault : hits) {
      if (fault.kind() == Fault.Kind.DUPLICATE_PAGE && page >= fault.page()) {
        shown--;
      }
    }
    return Math.max(1, shown);
  }

  /** How many pages there are too many. */
  static int doubled(List<Fault> hits) {
    return (int) hits.stream().filter(f -> f.kind() == Fault.Kind.DUPLICATE_PAGE).count();
  }

  /** True where the page behind this one is to repeat it. */
  static boolean repeats(int page, List<Fault> hits) {
    return hits.stream()
        .anyMatch(f -> f.kind() == Fault.Kind.DUPLICATE_PAGE && f.page() == page + 1);
  }

  private void shift(List<Fault> hits, Place place) {
    for (Fault fault : hits) {
      if (fault.kind() == Fault.Kind.SHIFT) {
        synchronized (shifts) {
          Random random = shifts.computeIfAbsent(fault, f -> new Random(f.number("seed", 1)));
          for (int i = 0; i < fault.number("count", 5); i++) {
            shift(place, random);
          }
        }
      }
    }
  }

  /** Updates one record of the list that is asked for. */
  void shift(Place place, Random random) {
    if (place.source() instanceof ComputedIssues computed
        && computed.repository().highestNumber() > 0) {
      ToyRepository repository = computed.repository();
      int number = 1 + random.nextInt(repository.highestNumber());
      if (!repository.change(number).gone()) {
        repository.touch(number, options.clock().instant());
      }
    }
  }

  /** Puts a hostile record into a list that was written, where a fault says so. */
  final void spoil(Bytes out, int[] starts, List<Fault> hits, Fault.Target target) {
    int count = starts.length - 1;
    for (Fault fault : hits) {
      if (fault.kind() == Fault.Kind.RECORD && count > 0) {
        int index = Math.min(count - 1, fault.number("index", count / 2));
        int from = starts[index];
        int until = starts[index + 1] - 1;
        byte[] record = Arrays.copyOfRange(out.array(), from, until);
        byte[] tail = Arrays.copyOfRange(out.array(), until, out.length());
        out.cut(from).put(FaultAnswers.hostile(fault).of(record, shape(target))).put(tail);
        return; // the places behind it have moved
      }
    }
  }

  private static long skew(List<Fault> hits) {
    return hits.stream()
        .filter(fault -> fault.kind() == Fault.Kind.CLOCK_SKEW)
        .mapToLong(fault -> fault.number("seconds", 600))
        .sum();
  }

  // What every answer carries

  private static void etag(Answer answer, ToyRequest request, boolean keepBody) {
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
    String token = token(request);
    RateLimits.Budget budget = limits.of(token);
    if (budget.limit() > 0 && !budget.spent() && !free(place, answer)) {
      budget = limits.spend(token);
    }
    if (budget.limit() > 0) {
      tell(request, budget, answer);
    }
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

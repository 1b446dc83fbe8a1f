package trackersync.toy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Something that goes wrong, and which requests it hits.
 *
 * @param target the kind of request; {@link Target#ISSUES} unless said otherwise
 * @param repository {@code owner/repo} in lower case; null for any
 * @param page the page asked for; 0 for any
 * @param at the first of the matching requests that is hit, counted from now; 1 is the next one
 * @param times how many matching requests are hit; 0 for all from then on
 * @param settings what the kind needs, such as {@code retry-after}; see {@link Kind}
 */
public record Fault(
    Kind kind,
    Target target,
    String repository,
    int page,
    int at,
    int times,
    Map<String, String> settings) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> COMMON =
      Set.of("kind", "target", "repository", "page", "at", "times");

  /** The requests a fault can hit. */
  public enum Target {
    /** Pages of issues. */
    ISSUES,
    /** A single issue. */
    ISSUE,
    /** Pages of GitHub's Dependabot alerts. */
    ALERTS,
    /** A single alert. */
    ALERT,
    /** Pages of GitLab's vulnerability findings. */
    FINDINGS,
    REPOSITORY,
    USER,
    RATE_LIMIT,
    ANY
  }

  /** What happens; in brackets the settings and their defaults. */
  public enum Kind {
    /** Any status [status, body, type, header.NAME]. */
    STATUS(1, "status", "body", "type"),
    /** 429 [retry-after: seconds, {@code date:SECONDS} or {@code absent}; status]. */
    TOO_MANY(1, "retry-after", "status"),
    /** A budget of 0 [reset-in: seconds, 60; status: 403 at GitHub, 429 elsewhere]. */
    PRIMARY_LIMIT(1, "reset-in", "status"),
    /** A limit that the headers do not show [retry-after: absent; status: as above]. */
    SECONDARY_LIMIT(1, "retry-after", "status"),
    /** 403 for a missing permission. */
    FORBIDDEN(1),
    /** 401. */
    UNAUTHORIZED(1),
    /** 404. */
    NOT_FOUND(1),
    /** 410, as with issues switched off. */
    GONE(1),
    /** 451. */
    LEGAL(1),
    /** 5xx with a page of HTML that is labelled JSON [status: 503]. */
    SERVER_ERROR(1, "status"),
    /** 200 with a page of HTML [as: html or json]. */
    HTML(1, "as"),
    /** 200 without a body. */
    EMPTY(1),
    /** 200 with {"message": ...} where a list is due. */
    OBJECT(1),
    /** 200 with JSON of another type [json: "42"]. */
    WRONG_TYPE(1, "json"),
    /** The body's beginning as a complete answer [byte: number, middle or last]. */
    TRUNCATED(1, "byte"),
    /** A body of one bracket. */
    BRACKET(1),
    /** A list of one issue with a body of many megabytes [mb: 200]. */
    HUGE(1, "mb"),
    /** The same, gzipped to a thousandth [mb: 1024]. */
    GZIP_BOMB(1, "mb"),
    /** A list in a list in a list [depth: 100000]. */
    DEEP(1, "depth"),
    /** Every title begins with an escaped NUL. */
    NUL(1),
    /** The body begins with a byte order mark. */
    BOM(1),
    /** A TCP reset after some of the body [byte: number, middle or last]. */
    RESET(1, "byte"),
    /** An orderly end of the connection after some of the body [byte: number, middle or last]. */
    CLOSE(1, "byte"),
    /** One byte of the body at a time [interval-ms: 1000]. */
    DRIP(1, "interval-ms"),
    /** Status and headers, then silence. */
    HEADERS_ONLY(1),
    /** Silence. */
    HANG(1),
    /**
     * Another next link [to: self, earlier, other-host, other-scheme, env, none, or an address].
     */
    NEXT_LINK(1, "to"),
    /** A redirect [status: 301; to: renamed, loop, other-host, or an address]. */
    REDIRECT(1, "status", "to"),
    /** One hostile record in a good page [bad: see {@link HostileRecord}; index: middle]. */
    RECORD(1, "bad", "index"),
    /** A page is served twice: this one repeats the one before, all later ones move on by one. */
    DUPLICATE_PAGE(0),
    /** Some issues are updated before the answer is made [count: 5; seed: 1]. */
    SHIFT(0, "count", "seed"),
    /** The Date header is off [seconds: 600]. */
    CLOCK_SKEW(0, "seconds");

    private final int times;
    private final Set<String> keys;

    Kind(int times, String... keys) {
      this.times = times;
      this.keys = Set.of(keys);
    }

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean knows(String key) {
      return keys.contains(key) || (this == STATUS && key.startsWith("header."));
    }
  }

  public Fault {
    settings = Map.copyOf(settings);
    repository = repository == null ? null : repository.toLowerCase(Locale.ROOT);
    if (at < 1 || times < 0 || page < 0) {
      throw new IllegalArgumentException(
          "toy: fault %s has at=%d, times=%d, page=%d; at is 1 or more, the others 0 or more."
              .formatted(kind.word(), at, times, page));
    }
    for (String key : settings.keySet()) {
      if (!kind.knows(key)) {
        throw new IllegalArgumentException(
            "toy: fault %s does not know \"%s\"; it knows %s."
                .formatted(kind.word(), key, known(kind)));
      }
    }
    if (kind == Kind.DUPLICATE_PAGE && page < 2) {
      throw new IllegalArgumentException(
          "toy: fault duplicate-page needs page, 2 or more: the one that repeats its predecessor.");
    }
    FaultAnswers.check(kind, settings);
  }

  private static List<String> known(Kind kind) {
    List<String> keys = new ArrayList<>(COMMON);
    keys.addAll(kind.keys);
    return keys.stream().sorted().toList();
  }

  /** A fault that hits the next page of issues, once or as long as its kind lasts. */
  public static Fault of(Kind kind) {
    return new Fault(kind, Target.ISSUES, null, 0, 1, kind.times, Map.of());
  }

  public Fault on(Target other) {
    return new Fault(kind, other, repository, page, at, times, settings);
  }

  public Fault repository(String fullName) {
    return new Fault(kind, target, fullName, page, at, times, settings);
  }

  public Fault page(int number) {
    return new Fault(kind, target, repository, number, at, times, settings);
  }

  public Fault at(int nextIsOne) {
    return new Fault(kind, target, repository, page, nextIsOne, times, settings);
  }

  public Fault times(int zeroForEver) {
    return new Fault(kind, target, repository, page, at, zeroForEver, settings);
  }

  public Fault with(String key, Object value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(key, value.toString());
    return new Fault(kind, target, repository, page, at, times, more);
  }

  /** A duplicate page: {@code page} repeats the one before it. */
  public static Fault duplicatePage(int page) {
    return new Fault(Kind.DUPLICATE_PAGE, Target.ISSUES, null, page, 1, 0, Map.of());
  }

  String setting(String key, String standard) {
    return settings.getOrDefault(key, standard);
  }

  int number(String key, int standard) {
    String value = settings.get(key);
    try {
      return value == null ? standard : Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "toy: fault %s has %s=%s, must be a whole number.".formatted(kind.word(), key, value), e);
    }
  }

  /**
   * Reads a fault: a JSON object, or {@code kind:key=value,key=value}.
   *
   * @throws IllegalArgumentException when kind, key or value is unknown; the message lists the
   *     known ones
   */
  public static Fault parse(String text) {
    if (text.strip().startsWith("{")) {
      try {
        return fromJson(JSON.readTree(text));
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException(
            "toy: a fault is not JSON: " + e.getOriginalMessage(), e);
      }
    }
    int colon = text.indexOf(':');
    Map<String, String> values = new LinkedHashMap<>();
    values.put("kind", colon < 0 ? text : text.substring(0, colon));
    if (colon >= 0) {
      for (String pair : text.substring(colon + 1).split(",")) {
        String[] parts = pair.split("=", 2);
        values.put(parts[0].strip(), parts.length == 2 ? parts[1].strip() : "");
      }
    }
    return from(values);
  }

  /** Reads a fault from a JSON object, as {@code POST /_toy/faults} takes it. */
  static Fault fromJson(JsonNode json) {
    if (!json.isObject()) {
      throw new IllegalArgumentException(
          "toy: a fault is an object such as {\"kind\":\"reset\",\"at\":3}, not " + json + ".");
    }
    Map<String, String> values = new LinkedHashMap<>();
    json.properties()
        .forEach(
            e -> {
              if (e.getKey().equals("headers") && e.getValue().isObject()) {
                e.getValue()
                    .properties()
                    .forEach(h -> values.put("header." + h.getKey(), h.getValue().asText()));
              } else {
                values.put(
                    e.getKey(),
                    e.getValue().isValueNode() ? e.getValue().asText() : e.getValue().toString());
              }
            });
    return from(values);
  }

  private static Fault from(Map<String, String> values) {
    Kind kind = constant(Kind.values(), "kind", values.get("kind"));
    Map<String, String> settings = new LinkedHashMap<>(values);
    settings.keySet().removeAll(COMMON);
    return new Fault(
        kind,
        constant(Target.values(), "target", values.getOrDefault("target", "issues")),
        values.get("repository"),
        whole("page", values.getOrDefault("page", "0")),
        whole("at", values.getOrDefault("at", "1")),
        whole("times", values.getOrDefault("times", "" + kind.times)),
        settings);
  }

  private static int whole(String key, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "toy: a fault has " + key + "=" + value + ", must be a whole number.", e);
    }
  }

  static <E extends Enum<E>> E constant(E[] all, String key, String value) {
    for (E one : all) {
      if (one.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(value)) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "toy: there is no %s \"%s\". Known: %s."
            .formatted(
                key,
                value,
                Arrays.stream(all)
                    .map(one -> one.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .collect(Collectors.joining(", "))));
  }
}

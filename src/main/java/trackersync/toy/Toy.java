package trackersync.toy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** What all toys can do: they listen on 127.0.0.1, remember who asked, and misbehave when told. */
public abstract sealed class Toy implements AutoCloseable
    permits ToyGithub, ToyGitlab, ToyBitbucket, ToyBugsby {
  private static final int SEEN_MAX = 20_000;

  private final ToyOptions options;
  private final ToyRepositories repositories;
  private final RateLimits limits;
  private final Faults faults = new Faults();
  private final Deque<Seen> seen = new ArrayDeque<>();
  private long requestCount;
  private ToyApi api;
  private ToyServer server;

  Toy(ToyOptions options, ToyKind kind) {
    this.options = options;
    repositories = new ToyRepositories(options, kind);
    limits =
        new RateLimits(
            options.rateLimit(),
            options.anonymousRateLimit(),
            options.rateWindow(),
            options.clock());
    options.faults().forEach(faults::add);
  }

  /** Begins to listen; the last thing a toy does while it is made. */
  final void listen(ToyApi spoken) {
    api = spoken;
    ToyControl control = new ToyControl(this);
    server = new ToyServer(options.port(), request -> answer(request, control));
  }

  /** The toy's name for messages, such as {@code toy GitHub}. */
  abstract String title();

  /** The address a connection is set to, without a slash at its end. */
  public abstract URI baseUrl();

  /**
   * An edit that this toy alone knows.
   *
   * @return false where it does not know it either
   */
  boolean edit(EditRequest edit) {
    return false;
  }

  /** Sets an issue's state by the tracker's own word. */
  void setState(ToyRepository repository, int number, String state, Instant at) {
    repository.setClosed(number, state.equals("closed"), at);
  }

  /** The edits that this toy alone knows, for messages. */
  List<String> edits() {
    return List.of();
  }

  final String origin() {
    return "http://127.0.0.1:" + server.port();
  }

  final ToyRepositories repositories() {
    return repositories;
  }

  final RateLimits limits() {
    return limits;
  }

  final Clock clock() {
    return options.clock();
  }

  /** The faults, to be set while the toy runs. */
  public final Faults faults() {
    return faults;
  }

  /** A repository, to be edited while the toy runs; after a rename or a reset, ask for it again. */
  public ToyRepository repository(String fullName) {
    return repositories.editable(fullName);
  }

  /** Gives a repository a new name; the old one answers 301 from now on. */
  public final void renameRepository(String fullName, String newName) {
    repositories.rename(fullName, newName);
  }

  /**
   * The latest requests, oldest first, at most 20,000; those to the toy's control are not in it.
   */
  public final List<Seen> requests() {
    synchronized (seen) {
      return new ArrayList<>(seen);
    }
  }

  /** How many requests there were since the start or the last reset. */
  public final long requestCount() {
    synchronized (seen) {
      return requestCount;
    }
  }

  /** Forgets edits, faults, requests and spent budgets. */
  public final void reset() {
    repositories.reset();
    limits.reset();
    faults.clear();
    api.reset();
    clearRequests();
  }

  /** Forgets the requests only. */
  public final void clearRequests() {
    synchronized (seen) {
      seen.clear();
      requestCount = 0;
    }
  }

  /** What is served, in words. */
  final String description() {
    ReplayedIssues replayed = repositories.replayed();
    return replayed == null
        ? "%d issues a repository, seed %d"
            .formatted(options.size().issues(), options.size().seed())
        : "replays %d issues on %d pages".formatted(replayed.size(), replayed.pageCount());
  }

  final void await() throws InterruptedException {
    server.await();
  }

  @Override
  public final void close() {
    server.close();
  }

  private Answer answer(ToyRequest request, ToyControl control) {
    if (request.path().startsWith("/_toy/")) {
      return control.answer(request);
    }
    pause(options.latency());
    Answer answer = api.answer(request);
    remember(request, answer.status);
    return answer;
  }

  private static void pause(Duration latency) {
    long until = System.nanoTime() + latency.toNanos();
    for (long left = latency.toNanos(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void remember(ToyRequest request, int status) {
    Map<String, String> headers = new LinkedHashMap<>(request.headers());
    headers.computeIfPresent("authorization", (name, value) -> fingerprint(value));
    headers.computeIfPresent("private-token", (name, value) -> fingerprint(value));
    headers.computeIfPresent("x-api-key", (name, value) -> fingerprint(value));
    Instant now = options.clock().instant();
    Seen one = new Seen(now, request.method(), request.path(), request.query(), headers, status);
    synchronized (seen) {
      if (seen.size() >= SEEN_MAX) {
        seen.removeFirst();
      }
      seen.addLast(one);
      requestCount++;
    }
  }

  /** Scheme and the start of the token's SHA-256, enough to tell tokens apart. */
  private static String fingerprint(String authorization) {
    int blank = authorization.indexOf(' ');
    String scheme = blank < 0 ? "" : authorization.substring(0, blank + 1);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(authorization.substring(blank + 1).getBytes(StandardCharsets.UTF_8));
      return scheme + "sha256:" + HexFormat.of().formatHex(hash, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

package trackersync.toy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A GitHub for trying things out: it speaks the issues part of the REST API on 127.0.0.1, computes
 * as many issues as asked for, and misbehaves when told to.
 */
public final class ToyGithub implements AutoCloseable {
  private static final int SEEN_MAX = 20_000;

  private final ToyGithubOptions options;
  private final ToyRepositories repositories;
  private final RateLimits limits;
  private final Faults faults = new Faults();
  private final GithubApi api;
  private final ToyControl control;
  private final Deque<Seen> seen = new ArrayDeque<>();
  private long requestCount;
  private final ToyServer server;

  private ToyGithub(ToyGithubOptions options) {
    this.options = options;
    repositories = new ToyRepositories(options);
    limits =
        new RateLimits(
            options.rateLimit(),
            options.anonymousRateLimit(),
            options.rateWindow(),
            options.clock());
    options.faults().forEach(faults::add);
    api = new GithubApi(options, repositories, limits, faults);
    control = new ToyControl(this, options.clock());
    server = new ToyServer(options.port(), this::answer);
  }

  /**
   * Starts a toy.
   *
   * @throws IllegalStateException when the port is taken
   * @throws IllegalArgumentException when the file to replay cannot be read
   */
  public static ToyGithub start(ToyGithubOptions options) {
    return new ToyGithub(options);
  }

  /** Runs until the process is ended; {@code --help} lists the options. */
  public static void main(String[] args) {
    System.exit(ToyGithubCommand.run(args, System.out, System.err));
  }

  /** The address of the API, such as {@code http://127.0.0.1:8490}, without a slash at its end. */
  public URI baseUrl() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  /** The same API under the prefix of GitHub Enterprise. */
  public URI enterpriseUrl() {
    return URI.create(baseUrl() + "/api/v3");
  }

  /** The faults, to be set while the toy runs. */
  public Faults faults() {
    return faults;
  }

  /** A repository, to be edited while the toy runs; after a rename or a reset, ask for it again. */
  public ToyRepository repository(String fullName) {
    return repositories.editable(fullName);
  }

  /** Gives a repository a new name; the old one answers 301 from now on. */
  public void renameRepository(String fullName, String newName) {
    repositories.rename(fullName, newName);
  }

  /**
   * The latest requests, oldest first, at most 20,000; those to the toy's control are not in it.
   */
  public List<Seen> requests() {
    synchronized (seen) {
      return new ArrayList<>(seen);
    }
  }

  /** How many requests there were since the start or the last reset. */
  public long requestCount() {
    synchronized (seen) {
      return requestCount;
    }
  }

  /** Forgets edits, faults, requests and spent budgets. */
  public void reset() {
    repositories.reset();
    limits.reset();
    faults.clear();
    api.reset();
    clearRequests();
  }

  /** Forgets the requests only. */
  public void clearRequests() {
    synchronized (seen) {
      seen.clear();
      requestCount = 0;
    }
  }

  /** What is served, in words. */
  String description() {
    ReplayedIssues replayed = repositories.replayed();
    return replayed == null
        ? "%d issues a repository, seed %d"
            .formatted(options.size().issues(), options.size().seed())
        : "replays %d issues on %d pages".formatted(replayed.size(), replayed.pageCount());
  }

  void await() throws InterruptedException {
    server.await();
  }

  @Override
  public void close() {
    server.close();
  }

  private Answer answer(ToyRequest request) {
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
    Seen one =
        new Seen(
            options.clock().instant(),
            request.method(),
            request.path(),
            request.query(),
            headers,
            status);
    synchronized (seen) {
      if (seen.size() >= SEEN_MAX) {
        seen.removeFirst();
      }
      seen.addLast(one);
      requestCount++;
    }
  }

  /** Scheme and the start of the token's SHA-256, enough to tell tokens apart. */
  static String fingerprint(String authorization) {
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

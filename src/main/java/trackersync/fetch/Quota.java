package trackersync.fetch;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What is left of each token's budget, shared by all connections that use it, on all nodes: asked
 * before a call and taught by each answer. Kept in memory, written to {@code quota_ledger} at most
 * once a second a token and at once when a limit was hit, read from there when an operation begins.
 */
public final class Quota {
  private static final Duration WRITE_EVERY = Duration.ofSeconds(1);

  private static final class Budget {
    String origin;
    String tracker;
    String resource = "core";
    long limit = -1;
    long remaining = -1;
    Long window;
    int inFlight;
    Instant resetAt;
    Instant blockedUntil;
    Instant writtenAt = Instant.EPOCH;
  }

  private final Map<String, Budget> budgets = new ConcurrentHashMap<>();
  private final JdbcTemplate jdbc;
  private final Clock clock;

  public Quota(JdbcTemplate jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /** Names a token without revealing it: SHA-256 of origin and token, 16 hex digits. */
  public static String key(URI api, String token) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(
                  (Addresses.origin(api) + "\n" + (token == null ? "" : token))
                      .getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes over what other nodes have written. */
  public void refresh(String key) {
    jdbc.query(
        "select resource, limit_count, remaining_count, reset_at, blocked_until from quota_ledger"
            + " where token_key = ?",
        rs -> {
          Budget budget = budgets.computeIfAbsent(key, k -> new Budget());
          synchronized (budget) {
            Timestamp reset = rs.getTimestamp("reset_at");
            Timestamp blocked = rs.getTimestamp("blocked_until");
            if (reset != null
                && (budget.resetAt == null || reset.toInstant().isAfter(budget.resetAt))) {
              budget.resource = rs.getString("resource");
              budget.limit = rs.getLong("limit_count");
              budget.remaining = rs.getLong("remaining_count");
              budget.resetAt = reset.toInstant();
            }
            if (blocked != null
                && (budget.blockedUntil == null
                    || blocked.toInstant().isAfter(budget.blockedUntil))) {
              budget.blockedUntil = blocked.toInstant();
            }
          }
        },
        key);
  }

  /**
   * Takes one call from the budget.
   *
   * @return empty when the call may go out; else when to come back, UTC
   */
  public Optional<Instant> take(String key, String tracker, URI api) {
    Budget budget = budgets.computeIfAbsent(key, k -> new Budget());
    synchronized (budget) {
      budget.tracker = tracker;
      budget.origin = Addresses.origin(api);
      Instant now = clock.instant();
      if (budget.blockedUntil != null && budget.blockedUntil.isAfter(now)) {
        return Optional.of(budget.blockedUntil);
      }
      boolean spent =
          budget.limit > 0
              && budget.remaining <= 0
              && budget.resetAt != null
              && budget.resetAt.isAfter(now);
      if (spent) {
        return Optional.of(budget.resetAt);
      }
      budget.inFlight++;
      budget.remaining--;
      return Optional.empty();
    }
  }

  /** The call taken ended; without an answer nothing else is learnt. */
  public void release(String key) {
    Budget budget = budgets.get(key);
    if (budget != null) {
      synchronized (budget) {
        budget.inFlight = Math.max(0, budget.inFlight - 1);
      }
    }
  }

  /**
   * Answers come in another order than the source counted them: within a window what is left only
   * falls, and one of an earlier window says nothing more.
   *
   * @param limit calls a window, as the answer said; null where it did not
   * @param window names the window and rises from one to the next; null where nothing does
   * @param resetAt when the window ends, UTC by our clock
   */
  public void learn(
      String key, String resource, Long limit, Long remaining, Long window, Instant resetAt) {
    Budget budget = budgets.get(key);
    if (budget == null || limit == null || remaining == null) {
      return;
    }
    synchronized (budget) {
      String of = resource == null ? "core" : resource;
      boolean comparable = window != null && budget.window != null && of.equals(budget.resource);
      if (comparable && window < budget.window) {
        return;
      }
      long left = remaining - budget.inFlight;
      budget.resource = of;
      budget.limit = limit;
      budget.remaining =
          comparable && window.equals(budget.window) ? Math.min(budget.remaining, left) : left;
      budget.window = window;
      budget.resetAt = resetAt;
      write(key, budget, remaining == 0);
    }
  }

  /** A secondary limit: nobody with this token calls before {@code until}. */
  public void block(String key, Instant until) {
    Budget budget = budgets.get(key);
    if (budget != null) {
      synchronized (budget) {
        budget.blockedUntil = until;
        write(key, budget, true);
      }
    }
  }

  private void write(String key, Budget budget, boolean now) {
    Instant at = clock.instant();
    if (!now && Duration.between(budget.writtenAt, at).compareTo(WRITE_EVERY) < 0) {
      return;
    }
    budget.writtenAt = at;
    jdbc.update(
        "insert into quota_ledger (token_key, resource, tracker, origin, limit_count,"
            + " remaining_count, reset_at, blocked_until) values (?, ?, ?, ?, ?, ?, ?, ?)"
            + " on conflict (token_key, resource) do update set limit_count = excluded.limit_count,"
            + " remaining_count = excluded.remaining_count, reset_at = excluded.reset_at,"
            + " blocked_until = excluded.blocked_until, updated_at = now()",
        key,
        budget.resource,
        budget.tracker,
        budget.origin,
        budget.limit < 0 ? null : budget.limit,
        budget.limit < 0 ? null : Math.max(0, budget.remaining),
        budget.resetAt == null ? null : Timestamp.from(budget.resetAt),
        budget.blockedUntil == null ? null : Timestamp.from(budget.blockedUntil));
  }
}

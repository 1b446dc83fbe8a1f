package trackersync.toy;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Budgets a token, refilled at the end of a window that begins with the first request. */
final class RateLimits {
  private static final int TOKENS_MAX = 10_000;

  private final int aToken;
  private final int anonymous;
  private final Duration window;
  private final Clock clock;
  private final Map<String, Budget> budgets = new HashMap<>();

  /**
   * @param limit 0 for none
   * @param reset epoch seconds
   */
  record Budget(int limit, int used, long reset) {
    int remaining() {
      return Math.max(0, limit - used);
    }

    boolean spent() {
      return limit > 0 && used >= limit;
    }
  }

  RateLimits(int aToken, int anonymous, Duration window, Clock clock) {
    this.aToken = aToken;
    this.anonymous = anonymous;
    this.window = window;
    this.clock = clock;
  }

  /** The budget as it stands; {@code token} null for a request without one. */
  synchronized Budget of(String token) {
    long now = clock.millis();
    Budget budget = budgets.get(token);
    if (budget == null || now >= budget.reset() * 1_000) {
      if (budgets.size() >= TOKENS_MAX) {
        budgets.clear();
      }
      long reset = Math.floorDiv(now + window.toMillis() + 999, 1_000);
      budget = new Budget(token == null ? anonymous : aToken, 0, reset);
      budgets.put(token, budget);
    }
    return budget;
  }

  /** Takes one request off the budget. */
  synchronized Budget spend(String token) {
    Budget before = of(token);
    Budget after = new Budget(before.limit(), before.used() + 1, before.reset());
    budgets.put(token, after);
    return after;
  }

  synchronized void reset() {
    budgets.clear();
  }
}

package trackersync.operation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import trackersync.fetch.SourceException;
import trackersync.settings.Settings;

/**
 * What becomes of an operation whose page failed; bean {@code pauses}. A wait is written to the
 * operation's row and frees lease and slot: it survives a restart, is shown as waitingUntil and is
 * cancelled at once.
 */
public final class Pauses {
  private final Settings settings;
  private final Clock clock;
  private final Runnable fatal;

  /**
   * @param fatal ends the process; called on any {@link Error}, since the HTTP pool, the heap or
   *     the class path cannot be trusted afterwards
   */
  public Pauses(Settings settings, Clock clock, Runnable fatal) {
    this.settings = settings;
    this.clock = clock;
    this.fatal = fatal;
  }

  /**
   * Sets variables outcome (wait, fail, release or stop), waitMs, error, cure, sourceGone from the
   * exception caught. A limit wait past rate-limit.wait-max, a refusal and too many tries fail the
   * operation; the next one goes on at the cursor.
   */
  public void decide(Exchange exchange) {
    Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    exchange.setVariable("sourceGone", false);
    exchange.setVariable("tried", 1);
    exchange.setVariable("limited", known(caught) instanceof SourceException.Limit);
    Throwable known = known(caught);
    if (isFatal(caught)) {
      // the heap or the class path can no longer be trusted: restart and recover
      fatal.run();
    }
    int tries = exchange.getVariable("retries", 0, Integer.class) + 1;
    int triesMax = settings.integer("retry.attempts-max");
    String name = exchange.getVariable("connectionName", String.class);
    if (known instanceof FenceLost) {
      exchange.setVariable("outcome", "stop");
    } else if (known instanceof Stopping) {
      exchange.setVariable("outcome", "release");
    } else if (known instanceof Cancelled cancelled) {
      fail(exchange, "cancelled by " + cancelled.by(), "Start it again when it is wanted.");
    } else if (known instanceof SourceException.Limit limit) {
      Duration wait =
          limit.until() == null
              ? grown(settings.duration("rate-limit.wait-default"), tries)
              : Duration.between(clock.instant(), limit.until());
      if (wait.compareTo(settings.duration("rate-limit.wait-max")) > 0) {
        fail(
            exchange,
            limit.getMessage(),
            "That is longer than rate-limit.wait-max; start the sync of "
                + name
                + " again then, it goes on where it stopped.");
      } else if (!limit.asked()) {
        // our own ledger: no try was made
        exchange.setVariable("tried", 0);
        pause(exchange, limit.getMessage(), wait);
      } else if (tries > triesMax) {
        fail(
            exchange,
            limit.getMessage() + " It stayed so for " + triesMax + " tries.",
            "Sync " + name + " less often, or with a token of its own.");
      } else {
        pause(exchange, limit.getMessage(), wait);
      }
    } else if (known instanceof SourceException.Refused refused) {
      exchange.setVariable("sourceGone", refused.sourceGone());
      fail(exchange, refused.getMessage(), refused.cure());
    } else if (known instanceof SourceException.Unavailable unavailable) {
      Duration wait = backoff(tries);
      if (unavailable.until() != null) {
        Duration asked = Duration.between(clock.instant(), unavailable.until());
        Duration most = settings.duration("rate-limit.wait-max");
        wait = asked.compareTo(most) > 0 ? most : asked;
      }
      retry(exchange, tries, triesMax, unavailable.getMessage(), unavailable.cure(), wait);
    } else if (known instanceof DataAccessException || known instanceof TransactionException) {
      String words = "the database did not take the page (" + kind(known) + ").";
      String cure = "See the log line of exchange " + exchange.getExchangeId() + ".";
      retry(exchange, tries, triesMax, words, cure, backoff(tries));
    } else {
      String words = "something went wrong here (" + kind(caught) + ").";
      String cure = "See the log line of exchange " + exchange.getExchangeId() + ", and report it.";
      retry(exchange, tries, triesMax, words, cure, backoff(tries));
    }
  }

  private void retry(
      Exchange exchange, int tries, int triesMax, String words, String cure, Duration wait) {
    if (tries > triesMax) {
      fail(exchange, words + " It stayed so for " + triesMax + " more tries.", cure);
    } else {
      pause(exchange, words, wait);
    }
  }

  private Duration backoff(int tries) {
    Duration grown = grown(settings.duration("retry.delay"), tries);
    Duration most = settings.duration("retry.delay-max");
    return grown.compareTo(most) > 0 ? most : grown;
  }

  private static Duration grown(Duration first, int tries) {
    return first.multipliedBy(1L << Math.min(tries - 1, 10));
  }

  private void pause(Exchange exchange, String reason, Duration wait) {
    Instant until = clock.instant().plus(wait);
    exchange.setVariable("outcome", "wait");
    exchange.setVariable("error", reason);
    exchange.setVariable(
        "waitMs", Math.max(1, Duration.between(clock.instant(), until).toMillis()));
  }

  private static void fail(Exchange exchange, String error, String cure) {
    exchange.setVariable("outcome", "fail");
    exchange.setVariable("error", error);
    exchange.setVariable("cure", cure);
  }

  private static boolean isFatal(Throwable caught) {
    for (Throwable t = caught; t != null; t = t.getCause()) {
      if (t instanceof Error) {
        return true;
      }
    }
    return false;
  }

  /** One of the failures we have words for; any other is logged with its stack. */
  static boolean isKnown(Throwable caught) {
    Throwable known = known(caught);
    return known != caught
        || caught instanceof SourceException
        || caught instanceof FenceLost
        || caught instanceof Cancelled
        || caught instanceof Stopping;
  }

  private static Throwable known(Throwable caught) {
    for (Throwable t = caught; t != null; t = t.getCause()) {
      if (t instanceof SourceException
          || t instanceof FenceLost
          || t instanceof Cancelled
          || t instanceof Stopping
          || t instanceof DataAccessException
          || t instanceof TransactionException) {
        return t;
      }
    }
    return caught;
  }

  private static String kind(Throwable t) {
    Throwable root = t;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName();
  }
}

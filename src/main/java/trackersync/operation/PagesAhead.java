package trackersync.operation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.ExchangeHelper;
import trackersync.fetch.Addresses;
import trackersync.fetch.SourceException;
import trackersync.settings.Settings;

/**
 * Reads the next page while the last one is written; bean {@code pagesAhead}. Requests of one
 * connection stay one after another, pages are committed in order, and a failed read shows only
 * when its turn has come. Also here, since it sees every address: a source whose next links lead in
 * a circle, or never end.
 */
public final class PagesAhead {
  private static final String STATE = "trackerSyncPagesAhead";

  /** Variables of the loop itself, which a page read earlier knows only as they were then. */
  private static final Set<String> KEPT = Set.of("morePages", "retries");

  private static final String FETCHING = "fetching";

  /** Nobody reads faster; more would cost the pages of a quick source. */
  private static final long STAGE_NANOS = Duration.ofMillis(250).toNanos();

  private record Read(String address, CompletableFuture<Exchange> page) {}

  private static final class State {
    final Deque<Read> ahead = new ArrayDeque<>();
    final Set<String> visited = new HashSet<>();
    int pages;
    boolean taken;
    String stageShown = FETCHING;
    long stageShownAt = System.nanoTime() - STAGE_NANOS;
  }

  private final CamelContext camel;
  private final ExecutorService readers;
  private final Settings settings;
  private ProducerTemplate template;

  /**
   * @param readers runs the reads; its size bounds how many pages of all connections are in flight
   */
  public PagesAhead(CamelContext camel, ExecutorService readers, Settings settings) {
    this.camel = camel;
    this.readers = readers;
    this.settings = settings;
  }

  /** Begins a stream: forgets what was read ahead. */
  public void begin(Exchange exchange) {
    end(exchange);
    exchange.setProperty(STATE, new State());
    exchange.setVariable("morePages", true);
  }

  /** Drops what was read ahead; its answers are not used. */
  public void end(Exchange exchange) {
    State state = exchange.getProperty(STATE, State.class);
    if (state != null) {
      state.ahead.forEach(read -> read.page().cancel(false));
      exchange.removeProperty(STATE);
    }
  }

  /**
   * The page at {@code nextPage} (null: the stream's first): body and variables as {@code
   * direct:page} leaves them, nextPage then being the one after it.
   */
  public void take(Exchange exchange) {
    if (camel.isStopping()) {
      throw new Stopping();
    }
    State state = exchange.getProperty(STATE, State.class);
    if (state.ahead.isEmpty()) {
      submit(exchange, state, exchange.getVariable("nextPage", String.class));
    }
    Exchange page;
    try {
      page = join(state.ahead.poll());
    } catch (RuntimeException e) {
      // what the source did not get to say when its call was broken off is nothing to wait for
      throw camel.isStopping() ? new Stopping() : e;
    }
    state.taken = true;
    String next = page.getVariable("nextPage", String.class);
    page.getVariables()
        .forEach(
            (name, value) -> {
              if (!KEPT.contains(name)) {
                exchange.setVariable(name, value);
              }
            });
    exchange.setVariable("nextPage", next);
    exchange.getMessage().setBody(page.getMessage().getBody());
    exchange.setVariable("morePages", next != null);
    if (next != null && settings.integer("pipeline.pages-ahead") > 0) {
      submit(page, state, next);
    }
  }

  /** Sets variable stage: fetching when the next page is still to be waited for, else empty. */
  public void stage(Exchange exchange) {
    State state = exchange.getProperty(STATE, State.class);
    if (state.taken) {
      // the commit of the page before shows what it did
      state.stageShown = "";
    }
    Read next = state.ahead.peek();
    exchange.setVariable("stage", next == null || !next.page().isDone() ? FETCHING : "");
  }

  /** Sets variable stageDue: the stage is another than the one shown, and worth an update. */
  public void stageDue(Exchange exchange) {
    State state = exchange.getProperty(STATE, State.class);
    String stage = exchange.getVariable("stage", String.class);
    long now = System.nanoTime();
    // a page that is waited for may take long: its stage must not be the one left out
    boolean due =
        !stage.isEmpty()
            && !stage.equals(state.stageShown)
            && (stage.equals(FETCHING) || now - state.stageShownAt >= STAGE_NANOS);
    if (due) {
      state.stageShown = stage;
      state.stageShownAt = now;
    }
    exchange.setVariable("stageDue", due);
  }

  private void submit(Exchange from, State state, String address) {
    String tracker = from.getVariable("tracker", String.class);
    CompletableFuture<Exchange> page;
    int pagesMax = settings.integer("tracker." + tracker + ".pages-max");
    if (++state.pages > pagesMax) {
      page =
          CompletableFuture.failedFuture(
              new SourceException.Refused(
                  tracker + ": more than " + pagesMax + " pages in one run.",
                  "What was read is stored, the next sync goes on there. Raise tracker."
                      + tracker
                      + ".pages-max if the source really is that large.",
                  false));
    } else if (address != null && !state.visited.add(address)) {
      page =
          CompletableFuture.failedFuture(
              new SourceException.Refused(
                  tracker
                      + ": the next links lead in a circle, back to "
                      + Addresses.shown(address)
                      + ".",
                  "The source is at fault: nothing more was read. Start the sync again; report it"
                      + " there if it stays.",
                  false));
    } else {
      // a unit of work of its own: what a read leaves to be closed must not wait for the operation
      Exchange copy = ExchangeHelper.createCorrelatedCopy(from, false);
      copy.setVariable("nextPage", address);
      page = CompletableFuture.supplyAsync(() -> template().send("direct:page", copy), readers);
    }
    state.ahead.add(new Read(address, page));
  }

  private static Exchange join(Read read) {
    Exchange page;
    try {
      page = read.page().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("stopped while reading a page");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new RuntimeCamelException(e.getCause());
    }
    if (page.getException() != null) {
      throw page.getException() instanceof RuntimeException known
          ? known
          : new RuntimeCamelException(page.getException());
    }
    return page;
  }

  private synchronized ProducerTemplate template() {
    if (template == null) {
      template = camel.createProducerTemplate();
    }
    return template;
  }
}

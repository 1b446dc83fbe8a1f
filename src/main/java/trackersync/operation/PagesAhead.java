package trackersync.operation;

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

/**
 * Reads the next page while the last one is written; bean {@code pagesAhead}. Requests of one
 * connection stay one after another, pages are committed in order, and a failed read shows only
 * when its turn has come. Also here, since it sees every address: a source whose next links lead in
 * a circle, or never end.
 */
public final class PagesAhead {
  private static final String STATE = "trackerSyncPagesAhead";

  private record Read(String address, CompletableFuture<Exchange> page) {}

  private static final class State {
    final Deque<Read> ahead = new ArrayDeque<>();
    final Set<String> visited = new HashSet<>();
  }

  private final CamelContext camel;
  private final ExecutorService readers;
  private final int aheadMax;
  private ProducerTemplate template;

  /**
   * @param readers runs the reads; its size bounds how many pages of all connections are in flight
   * @param aheadMax pages read before their turn; 0 reads when the page is needed
   */
  public PagesAhead(CamelContext camel, ExecutorService readers, int aheadMax) {
    this.camel = camel;
    this.readers = readers;
    this.aheadMax = aheadMax;
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
    State state = exchange.getProperty(STATE, State.class);
    if (state.ahead.isEmpty()) {
      submit(exchange, state, exchange.getVariable("nextPage", String.class));
    }
    Exchange page = join(state.ahead.poll());
    String next = page.getVariable("nextPage", String.class);
    page.getVariables()
        .forEach(
            (name, value) -> {
              if (!name.equals("morePages")) {
                exchange.setVariable(name, value);
              }
            });
    exchange.setVariable("nextPage", next);
    exchange.getMessage().setBody(page.getMessage().getBody());
    exchange.setVariable("morePages", next != null);
    if (next != null && aheadMax > 0) {
      submit(page, state, next);
    }
  }

  private void submit(Exchange from, State state, String address) {
    String tracker = from.getVariable("tracker", String.class);
    CompletableFuture<Exchange> page;
    if (address != null && !state.visited.add(address)) {
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
      Exchange copy = ExchangeHelper.createCopy(from, false);
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

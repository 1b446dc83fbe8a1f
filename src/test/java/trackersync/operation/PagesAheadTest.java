package trackersync.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.SynchronizationAdapter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import trackersync.settings.Settings;

class PagesAheadTest {
  private static final int PAGES = 5;
  private final AtomicInteger read = new AtomicInteger();
  private final AtomicInteger letGo = new AtomicInteger();

  @Test
  @DisplayName(
      "CORE-1 a page's answer is let go when the page is read, not when the operation ends")
  void answerIsLetGoWithItsPage() throws Exception {
    ExecutorService readers = Executors.newFixedThreadPool(1);
    List<Integer> heldAtTake = new ArrayList<>();
    try (CamelContext camel = new DefaultCamelContext()) {
      Settings settings = Settings.defaults(Path.of(""), Map.of("pipeline.pages-ahead", "0"));
      PagesAhead pages = new PagesAhead(camel, readers, settings);
      camel.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("direct:page").process(PagesAheadTest.this::readPage);
              from("direct:operation")
                  .process(pages::begin)
                  .loopDoWhile(simple("${variable.morePages} == true"))
                  .process(pages::take)
                  .process(e -> heldAtTake.add(read.get() - letGo.get()))
                  .end()
                  .process(pages::end);
            }
          });
      camel.start();
      Exchange ended =
          camel
              .createProducerTemplate()
              .send("direct:operation", e -> e.setVariable("tracker", "github"));

      assertThat(ended.getException()).isNull();
      assertThat(heldAtTake).hasSize(PAGES).containsOnly(0);
    } finally {
      readers.shutdownNow();
    }
  }

  /** As camel-http does: the answer is closed when the exchange's unit of work is done. */
  private void readPage(Exchange exchange) {
    int page = read.incrementAndGet();
    exchange.setVariable("nextPage", page < PAGES ? "http://localhost/" + page : null);
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onDone(Exchange done) {
                letGo.incrementAndGet();
              }
            });
  }
}

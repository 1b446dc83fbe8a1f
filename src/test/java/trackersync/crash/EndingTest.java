package trackersync.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import trackersync.toy.Fault;
import trackersync.toy.Fault.Kind;

/** SIGTERM: the page at hand is finished or rolled back, the lease is given back at once. */
class EndingTest {
  /**
   * Seconds: the program's own 10, and time for a busy machine; a silent source is left after 30.
   */
  private static final int END = 25;

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"T4", "T8"})
  @DisplayName("CORE-7 P03 ended in the middle of a page, the next process goes on at its edge")
  void endedInTheMiddleOfAPageTheNextGoesOn(CrashPoint point) {
    try (World world = new World(110)) {
      // a lease that would outlast this test, were it not given back
      world.with("operations.lease", "5m");
      world.connect("shop");
      world.auditor.learn();
      try (ChildProgram program = world.program(new Plan(point, 3, Death.TERM, "shop")).ready()) {
        program.start("shop");
        program.await("started");
        assertThat(program.exitCode(END)).as(program.log()).isEqualTo(143);
      }
      assertThat(world.auditor.afterDeath()).isEmpty();
      Map<String, Object> op = world.last("shop");
      assertThat(op.get("status")).isEqualTo("InProgress");
      assertThat(op.get("lease_owner")).isNull();
      int pages = (int) op.get("pages_count");
      assertThat(pages).isBetween(1, 5);
      world.toy.clearRequests();
      try (ChildProgram program = world.program().ready()) {
        world.settled();
      }
      assertThat((String) op.get("next_page")).endsWith(world.toy.requests().get(0).query());
      world.expect("shop", null);
      assertThat(world.auditor.atRest()).isEmpty();
    }
  }

  @Test
  @DisplayName("CORE-7 P03 ended while the source is silent, it does not wait for the source")
  void endedWhileTheSourceIsSilent() {
    try (World world = new World(110)) {
      world.with("operations.lease", "5m");
      world.connect("shop");
      world.auditor.learn();
      world.toy.faults().add(Fault.of(Kind.HANG).at(3));
      try (ChildProgram program = world.program().ready()) {
        program.start("shop");
        program.await("started");
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> world.pages("shop") == 2 && world.toy.faults().pending().isEmpty());
        program.signal("TERM");
        assertThat(program.exitCode(END)).as(program.log()).isEqualTo(143);
      }
      assertThat(world.last("shop").get("lease_owner")).isNull();
      try (ChildProgram program = world.program().ready()) {
        world.settled();
      }
      world.expect("shop", null);
      assertThat(world.auditor.atRest()).isEmpty();
    }
  }
}

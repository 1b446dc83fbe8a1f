package trackersync.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes on one database: one is held up for longer than its lease, the other takes over.
 */
class TwoProgramsTest {

  @Test
  @DisplayName("CORE-7 P04 a worker stopped for longer than its lease writes nothing afterwards")
  void stoppedWorkerWritesNothingAfterwards() {
    try (World world = new World(110)) {
      assertThat(stopAndTakeOver(world, CrashPoint.T6)).isEmpty();
    }
  }

  @Test
  @DisplayName("CORE-7 P04 a worker stopped inside a page's transaction is taken over as well")
  void workerStoppedInsideATransactionIsTakenOver() {
    try (World world = new World(110)) {
      assertThat(stopAndTakeOver(world, CrashPoint.T8)).isEmpty();
    }
  }

  @Test
  @DisplayName("CORE-7 without the fence the auditor tells of the stale worker (negative control)")
  void withoutTheFenceTheAuditorTells(@TempDir Path spoilt) throws Exception {
    World.copyOfHome(spoilt);
    Files.writeString(
        spoilt.resolve("routes/pipeline/check-fence.sql"),
        "select :#${variable.fence}::bigint as fence, null::text as cancelled_by\n");
    try (World world = new World(110).home(spoilt)) {
      List<Auditor.Violation> found = stopAndTakeOver(world, CrashPoint.T6);
      System.out.println("negative control, fence taken out: " + found);
      assertThat(found).extracting(Auditor.Violation::invariant).contains("I6");
    }
  }

  /**
   * The first process stops dead with a page in its hands; the second takes the operation over and
   * ends it, while the source changes; then the first goes on.
   */
  private static List<Auditor.Violation> stopAndTakeOver(World world, CrashPoint point) {
    // the next page is read between two transactions, so that the point decides whether one is open
    world.with("pipeline.pages-ahead", "0");
    world.connect("shop");
    world.auditor.learn();
    Plan plan = new Plan(point, 3, Death.STOP, "shop");
    try (ChildProgram stopped = world.program(plan).ready();
        ChildProgram other = world.program().ready()) {
      stopped.start("shop");
      await().atMost(Duration.ofSeconds(60)).until(stopped::stopped);
      assertThat(world.last("shop").get("status")).isEqualTo("InProgress");
      world.settled();
      assertThat(world.last("shop").get("lease_owner")).isNull();
      world.edit("shop", 30);
      other.start("shop");
      other.await("started");
      world.settled();
      world.edit("shop", 30);

      stopped.signal("CONT");
      // whatever becomes of its operation, it says so
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> stopped.log().contains("trackersync shop"));
      stopped.signal("TERM");
      stopped.exitCode(90);
      other.start("shop");
      other.await("started");
      world.settled();
      return world.auditor.atRest();
    }
  }
}

package trackersync.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trackersync.testing.RunningApp;

/**
 * Every crash point with every kind of death, in the first sync and in a sync of changes, on a page
 * drawn by the seed. {@code -Dcrash.seeds=20} for more; a failing case is named by its plan and
 * seed, and run alone by {@code -Dcrash.plan=T8:2:HALT}.
 */
@Tag("long")
class CrashMatrixTest {
  private static final String FIRST = "new";
  private static final String CHANGED = "known";

  record Case(long seed, Plan plan) {
    boolean inFirstSync() {
      return plan.connection().equals(FIRST);
    }
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (long seed = 1; seed <= Long.getLong("crash.seeds", 1); seed++) {
      Random random = new Random(seed);
      for (CrashPoint point : CrashPoint.values()) {
        for (Death death : Death.values()) {
          boolean first = random.nextBoolean();
          int page = 1 + random.nextInt(first ? 6 : 3);
          cases.add(
              new Case(
                  seed,
                  new Plan(point, point.ofPages() ? page : 1, death, first ? FIRST : CHANGED)));
        }
      }
    }
    String only = System.getProperty("crash.plan", "");
    return cases.stream().filter(each -> each.plan().toString().startsWith(only)).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  @DisplayName("CORE-7 P01 P02 P03 P04 any death at any point: I1-I7, I10")
  void anyDeathAtAnyPoint(Case each) {
    try (World world = new World(110)) {
      world.connect(FIRST);
      world.connect(CHANGED);
      try (RunningApp app = world.here()) {
        app.sync(CHANGED, true);
      }
      world.peopleAdd(CHANGED);
      world.edit(CHANGED, 45);
      Instant changedFrom = world.readsFrom(CHANGED);
      die(world, each);
      assertThat(world.auditor.afterDeath()).isEmpty();

      world.changeAfterDeath(FIRST, CHANGED, changedFrom, 1);
      try (ChildProgram program = world.program().ready()) {
        world.endsWell(program, FIRST, CHANGED);
      }
    }
  }

  private static void die(World world, Case each) {
    boolean stops = each.plan().death() == Death.STOP;
    try (ChildProgram program = world.program(each.plan()).ready();
        ChildProgram other = stops ? world.program().ready() : null) {
      program.start(each.inFirstSync() ? CHANGED : FIRST);
      program.start(each.plan().connection());
      switch (each.plan().death()) {
        case HALT -> assertThat(program.exitCode(60)).as(program.log()).isEqualTo(137);
        case TERM -> assertThat(program.exitCode(60)).as(program.log()).isEqualTo(143);
        case OOM -> assertThat(program.exitCode(60)).as(program.log()).isEqualTo(3);
        case STOP -> {
          await().atMost(Duration.ofSeconds(60)).until(program::stopped);
          world.settled();
          assertThat(other.alive()).isTrue();
          program.signal("CONT");
          program.signal("TERM");
          assertThat(program.exitCode(60)).as(program.log()).isEqualTo(143);
          world.settled();
        }
      }
      assertThat(program.log()).contains("crash point " + each.plan());
    }
  }
}

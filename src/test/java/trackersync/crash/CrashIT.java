package trackersync.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Dies once at every crash point, starts again and lets the auditor look. The process that recovers
 * from one death is the one that dies next; a first sync and a sync of changes run beside each
 * other, and the source changes while nobody looks.
 */
class CrashIT {
  private static final int ISSUES = 110;
  private static World world;
  private static ChildProgram program;
  private static CrashPoint armedFor;

  private static String connection(int number) {
    return "repo-" + number;
  }

  /** Even points die in the first sync of a new connection, odd ones in a sync of changes. */
  private static Plan plan(CrashPoint point) {
    int k = point.ordinal();
    int occurrence = point.ofPages() ? List.of(1, 3, 6).get(k % 3) : 1;
    boolean first = k % 2 == 0;
    return new Plan(
        point,
        first ? occurrence : Math.min(occurrence, 3),
        Death.HALT,
        connection(first ? k + 2 : k));
  }

  private static void next(CrashPoint point) {
    program = world.program(point == null ? null : plan(point)).ready();
    armedFor = point;
  }

  @BeforeAll
  static void start() {
    world = new World(ISSUES);
    next(CrashPoint.T1);
    for (int i = 0; i < 2; i++) {
      world.connect(connection(i));
      program.start(connection(i));
      program.await("started");
    }
    world.settled();
    assertThat(world.auditor.atRest()).isEmpty();
  }

  @AfterAll
  static void stop() {
    if (program != null) {
      program.close();
    }
    world.close();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName(
      "CORE-7 ISSUE-27 ISSUE-29 P01 killed at a crash point, the next process goes on: I1-I7, I10")
  void killedAtACrashPointTheNextProcessGoesOn(CrashPoint point) {
    int k = point.ordinal();
    String first = connection(k + 2);
    String changed = connection(k);
    world.connect(first);
    world.peopleAdd(changed);
    world.edit(changed, 45);
    if (armedFor != point) {
      // the test before this one failed: a fresh start
      program.close();
      next(point);
    }
    Plan plan = plan(point);
    Instant changedFrom = world.readsFrom(changed);
    String other = plan.connection().equals(first) ? changed : first;
    program.start(other);
    program.start(plan.connection());
    assertThat(program.exitCode(30)).as(program.log()).isEqualTo(137);
    assertThat(program.log()).contains("crash point " + plan);
    assertThat(world.auditor.afterDeath()).isEmpty();

    CrashPoint[] all = CrashPoint.values();
    world.changeAfterDeath(first, changed, changedFrom, 0);
    next(k + 1 < all.length ? all[k + 1] : null);
    world.endsWell(program, first, changed);
  }
}

package trackersync.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Negative control: the cursor committed apart from the rows, which is what I5 is about. */
class CursorApartTest {
  private static final String STEP =
      """
              - to:
                  id: advance-cursor
                  uri: sql:file:routes/pipeline/advance-cursor.sql
      """
          .indent(0);
  private static final String PAGE =
      """
              - doTry:
                  id: write-or-set-aside-try
      """
          .indent(0);

  @Test
  @DisplayName("CORE-6 with the cursor in a transaction of its own the auditor tells what is lost")
  void withTheCursorApartTheAuditorTells(@TempDir Path spoilt) throws IOException {
    cursorBeforeTheRows(World.copyOfHome(spoilt));
    try (World world = new World(110).home(spoilt)) {
      world.connect("shop");
      world.auditor.learn();
      // killed in the first page of a sync of changes: rows not committed, cursor committed
      Plan plan = new Plan(CrashPoint.T8, 7, Death.HALT, "shop");
      try (ChildProgram program = world.program(plan).ready()) {
        program.start("shop");
        program.await("started");
        world.settled();
        world.jdbc.update("delete from audit_violations");
        world.edit("shop", 45);
        program.start("shop");
        assertThat(program.exitCode(60)).as(program.log()).isEqualTo(137);
      }
      List<Auditor.Violation> afterDeath = world.auditor.afterDeath();
      List<Auditor.Violation> atRest = new ArrayList<>();
      try (ChildProgram program = world.program().ready()) {
        world.settled();
        program.start("shop");
        program.await("started");
        world.settled();
        atRest.addAll(world.auditor.atRest());
      }
      System.out.println("negative control, cursor apart, after the death: " + afterDeath);
      System.out.println("negative control, cursor apart, at rest: " + atRest);
      assertThat(afterDeath).extracting(Auditor.Violation::invariant).contains("I5");
      assertThat(atRest).extracting(Auditor.Violation::invariant).contains("I1");
    }
  }

  /** Moves advance-cursor out of the page's transaction, to before it. */
  private static void cursorBeforeTheRows(Path home) throws IOException {
    replace(home.resolve("routes/pipeline/advance.camel.yaml"), STEP, "");
    replace(
        home.resolve("routes/pipeline/write-or-set-aside.camel.yaml"),
        PAGE,
        "        - bean: { ref: counts, method: begin }\n"
            + "        - bean: { ref: counts, method: close }\n"
            + STEP
            + PAGE);
  }

  private static void replace(Path file, String what, String with) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(what);
    Files.writeString(file, text.replace(what, with));
  }
}

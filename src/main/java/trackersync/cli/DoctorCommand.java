package trackersync.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code doctor}: looks at everything a start needs and says the cure of what is missing. */
@Command(
    name = "doctor",
    description = "Check settings, ports, disk, keys, database, tokens and clock; say the cure.")
final class DoctorCommand implements Callable<Integer> {

  @ParentCommand private TrackerSync root;

  @Override
  public Integer call() {
    root.quiet();
    Terminal terminal = root.terminal();
    List<Finding> findings = new Checkup(root).run();
    boolean bad = findings.stream().anyMatch(it -> it.level() == Finding.Level.FAIL);
    ObjectNode answer = new ObjectMapper().createObjectNode();
    answer.put("ok", !bad);
    for (Finding finding : findings) {
      finding.lines(terminal).forEach(terminal::say);
      answer
          .withArray("checks")
          .addObject()
          .put("level", finding.level().name())
          .put("part", finding.part())
          .put("words", finding.words())
          .put("cure", finding.cure());
    }
    terminal.json(answer);
    return (bad ? Exit.FAILED : Exit.OK).code;
  }
}

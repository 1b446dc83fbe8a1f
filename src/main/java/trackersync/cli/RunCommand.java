package trackersync.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code run}: the program, until a signal stops it. */
@Command(
    name = "run",
    description = {
      "Start the program: API, schedules, operations.",
      "Ends on Ctrl-C or kill: the page at hand is finished, operations go on at the next start."
    })
final class RunCommand implements Callable<Integer> {

  @ParentCommand private TrackerSync root;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Terminal terminal = root.terminal();
    if (root.isDemo()) {
      throw new ParameterException(spec.commandLine(), "The demo is started by the command demo.");
    }
    try (Session session = Session.own(root.settings(), "run", terminal)) {
      Addresses addresses = Addresses.of(session);
      terminal.say(terminal.bold(TrackerSync.NAME + " runs") + "; Ctrl-C stops it.");
      terminal.say("");
      addresses.lines().forEach(terminal::say);
      ObjectNode answer = new ObjectMapper().createObjectNode();
      answer.put("pid", session.running().pid());
      answer.set("urls", addresses.json());
      terminal.json(answer);
      session.awaitStop();
    }
    return Exit.OK.code;
  }
}

package trackersync.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import trackersync.http.Keys;
import trackersync.secret.Secrets;
import trackersync.settings.Durations;

/** {@code token}: a token for the API in development, or a key for stored tokens. */
@Command(
    name = "token",
    description = {
      "Print a token for the API, where auth.mode is dev:",
      "  curl -H \"Authorization: Bearer $(./tracker-sync token)\" …"
    })
final class TokenCommand implements Callable<Integer> {

  @ParentCommand private TrackerSync root;
  @Spec private CommandSpec spec;

  @Option(
      names = "--role",
      split = ",",
      defaultValue = "viewer",
      description = "admin, manager, member or viewer (default: ${DEFAULT-VALUE}).")
  private List<String> roles;

  @Option(
      names = "--subject",
      defaultValue = "developer",
      description = "Whom it names (default: ${DEFAULT-VALUE}).")
  private String subject;

  @Option(
      names = "--lifetime",
      defaultValue = "12h",
      description = "How long it is valid, 30d at most (default: ${DEFAULT-VALUE}).")
  private String lifetime;

  @Option(
      names = "--encryption-key",
      description = "Print a fresh value for encryption.key instead.")
  private boolean encryptionKey;

  @Override
  public Integer call() {
    Terminal terminal = root.terminal();
    ObjectNode answer = new ObjectMapper().createObjectNode();
    if (encryptionKey) {
      String key = Secrets.newKeyset();
      print(terminal, answer.put("encryptionKey", key), key);
      return Exit.OK.code;
    }
    Duration life =
        Durations.parse(lifetime)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "--lifetime %s: give one such as 12h.".formatted(lifetime)));
    try {
      String token = Keys.open(root.settings()).mint(subject, roles, life);
      answer.put("token", token).put("subject", subject);
      roles.forEach(answer.withArray("roles")::add);
      answer.put("expiresAt", Instant.now().plus(life).truncatedTo(ChronoUnit.SECONDS).toString());
      print(terminal, answer, token);
      return Exit.OK.code;
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage());
    } catch (IllegalStateException refused) {
      throw new CommandException(Exit.REFUSED, refused.getMessage(), refused);
    }
  }

  private static void print(Terminal terminal, ObjectNode answer, String token) {
    if (terminal.isJson()) {
      terminal.json(answer);
    } else {
      terminal.product(token);
    }
  }
}

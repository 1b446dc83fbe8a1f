package trackersync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import trackersync.secret.Secrets;

/** {@code rotate-keys}: another key for what is stored encrypted. */
@Command(
    name = "rotate-keys",
    description = {
      "Encrypt all stored tokens and webhook secrets with another key.",
      "Where encryption.key is set, it takes three steps:",
      "  1. rotate-keys --add-key prints encryption.key with a fresh key in it: set it, restart;",
      "  2. rotate-keys encrypts everything with the fresh key;",
      "  3. rotate-keys --drop-old-keys prints encryption.key without the old ones: set it, restart.",
      "Else, with the key kept under data/keys, rotate-keys alone does it all."
    })
final class RotateKeysCommand implements Callable<Integer> {

  @ParentCommand private TrackerSync root;

  @ArgGroup private Print print;

  /** One of them. */
  private static final class Print {
    @Option(names = "--add-key", description = "Print encryption.key with a fresh key in it.")
    private boolean addKey;

    @Option(
        names = "--drop-old-keys",
        description = "Print encryption.key with the key alone that encrypts.")
    private boolean dropOldKeys;
  }

  @Override
  public Integer call() {
    if (print != null) {
      return keyset(print.addKey ? Secrets::withFreshKey : Secrets::withPrimaryKeyAlone);
    }
    root.quiet();
    Terminal terminal = root.terminal();
    try (Session session = root.open("rotate-keys")) {
      String path = "/api/keys/rotate";
      JsonNode result = session.api().expectSuccess(path, session.api().post(path, null)).body();
      terminal.say(
          "  %d encrypted anew, %d old keys forgotten"
              .formatted(result.path("reencrypted").asInt(), result.path("keysDropped").asInt()));
      result
          .path("unreadable")
          .forEach(
              it -> terminal.warn("%s: no key opens it. Store it again.".formatted(it.asText())));
      terminal.json(result);
      return (result.path("unreadable").isEmpty() ? Exit.OK : Exit.SYNC_FAILED).code;
    }
  }

  private int keyset(UnaryOperator<String> change) {
    Terminal terminal = root.terminal();
    String present =
        root.settings()
            .find("encryption.key")
            .orElseThrow(
                () ->
                    new CommandException(
                        Exit.REFUSED,
                        "encryption.key is not set: the key is kept under data/keys, and"
                            + " rotate-keys alone does it all."));
    String changed = change.apply(present);
    if (terminal.isJson()) {
      terminal.json(new ObjectMapper().createObjectNode().put("encryptionKey", changed));
    } else {
      terminal.product(changed);
    }
    return Exit.OK.code;
  }
}

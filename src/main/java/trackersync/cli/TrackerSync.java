package trackersync.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import trackersync.bench.BenchCommand;
import trackersync.embedded.DataOwnedException;
import trackersync.embedded.EmbeddedDatabaseException;
import trackersync.settings.Settings;
import trackersync.settings.SettingsException;

/** The command line, {@code ./tracker-sync}; each command is a class of its own. */
@Command(
    name = "tracker-sync",
    mixinStandardHelpOptions = true,
    versionProvider = TrackerSync.Version.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true,
    description = "Brings the issues of many trackers together.",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n",
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      SyncCommand.class,
      StatusCommand.class,
      ReplayCommand.class,
      LinkIssueCommand.class,
      UnlinkIssueCommand.class,
      BackfillCommand.class,
      TokenCommand.class,
      RotateKeysCommand.class,
      DoctorCommand.class,
      BenchCommand.class,
      CompletionCommand.class,
      DocsCommand.class
    })
public final class TrackerSync implements Runnable {

  static final String NAME = "tracker-sync";

  private final Terminal terminal;
  private final Map<String, String> environment;

  @Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--home",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description = "Folder of application.properties and routes (default: the program's own).")
  private Path home;

  @Option(
      names = "--set",
      scope = ScopeType.INHERIT,
      paramLabel = "KEY=VALUE",
      description = "A setting for this command, stronger than all else; may be repeated.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Option(
      names = "--demo",
      scope = ScopeType.INHERIT,
      description = "Turn to the running demo in place of your own data.")
  private boolean demo;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Answer with one JSON object on standard output.")
  private boolean json;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Log what happens, to standard error.")
  private boolean verbose;

  TrackerSync(Terminal terminal, Map<String, String> environment) {
    this.terminal = terminal;
    this.environment = environment;
  }

  /**
   * Runs one command.
   *
   * @return its exit code, {@code docs/cli.md}
   */
  public static int run(String... arguments) {
    return commandLine(Terminal.ofThisProcess(), System.getenv()).execute(arguments);
  }

  static CommandLine commandLine(Terminal terminal, Map<String, String> environment) {
    TrackerSync root = new TrackerSync(terminal, environment);
    CommandLine line = new CommandLine(root);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionStrategy(
        parsed -> {
          root.begin();
          return new CommandLine.RunLast().execute(parsed);
        });
    line.setParameterExceptionHandler((wrong, arguments) -> root.refuseArguments(wrong, arguments));
    line.setExecutionExceptionHandler((failed, command, parsed) -> root.fail(failed));
    line.getSubcommands().get("docs").getCommandSpec().usageMessage().hidden(true);
    return line;
  }

  /** Without a command. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a command, such as demo.");
  }

  private void begin() {
    if (json) {
      terminal.jsonOnly();
    }
    if (verbose) {
      level("trackersync", Level.DEBUG);
      level(Logger.ROOT_LOGGER_NAME, Level.INFO);
    }
  }

  /** For commands with an answer of their own: the log says what is wrong, and no more. */
  void quiet() {
    if (!verbose) {
      level("trackersync", Level.WARN);
      // warns of auth.mode=dev at each start
      level("trackersync.http", Level.ERROR);
    }
  }

  private static void level(String logger, Level level) {
    ((Logger) LoggerFactory.getLogger(logger)).setLevel(level);
  }

  Terminal terminal() {
    return terminal;
  }

  /** The settings of this command line. */
  Settings settings() {
    return demo ? DemoCommand.settings(ownSettings(), overrides) : ownSettings();
  }

  /** The same without {@code --demo}. */
  Settings ownSettings() {
    return Settings.load(home(), environment, overrides);
  }

  /**
   * The running program, or this process.
   *
   * @throws CommandException when the demo is asked for and does not run: only {@code demo} has its
   *     toys
   */
  Session open(String command) {
    Settings settings = settings();
    if (!demo) {
      return Session.open(settings, command, terminal);
    }
    return Session.findRunning(settings, terminal)
        .orElseThrow(
            () ->
                new CommandException(
                    Exit.NOT_RUNNING, "The demo does not run. Start it: ./tracker-sync demo."));
  }

  boolean isDemo() {
    return demo;
  }

  Map<String, String> overrides() {
    return overrides;
  }

  /** Routes are found from the working folder, which the launcher makes the home. */
  Path home() {
    Path working = Path.of("").toAbsolutePath().normalize();
    if (home != null && !resolve(home).equals(working)) {
      throw new CommandException(
          Exit.USAGE,
          "--home %s is not the folder the program was started in. Start it with ./tracker-sync."
              .formatted(home));
    }
    return working;
  }

  /** A path as the caller wrote it: the launcher has changed the folder since. */
  static Path resolve(Path path) {
    return Path.of(System.getProperty("trackersync.cwd", ""))
        .resolve(path)
        .toAbsolutePath()
        .normalize();
  }

  private int refuseArguments(ParameterException wrong, String[] arguments) {
    boolean asked = java.util.List.of(arguments).contains("--json");
    if (asked) {
      terminal.jsonOnly();
    }
    String words = wrong.getMessage();
    if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      words += ". Did you mean " + unmatched.getSuggestions().get(0) + "?";
    }
    report(Exit.USAGE, words);
    if (!asked) {
      terminal.warn(
          "See %s --help.".formatted(wrong.getCommandLine().getCommandSpec().qualifiedName()));
    }
    return Exit.USAGE.code;
  }

  private int fail(Exception failed) {
    Exit exit = Exit.FAILED;
    if (failed instanceof CommandException known) {
      exit = known.exit();
    } else if (failed instanceof SettingsException) {
      exit = Exit.USAGE;
    } else if (failed instanceof DataOwnedException) {
      exit = Exit.REFUSED;
    }
    String words = failed.getMessage();
    report(exit, words == null ? failed.toString() : words);
    boolean expected =
        failed instanceof CommandException
            || failed instanceof SettingsException
            || failed instanceof DataOwnedException
            || failed instanceof EmbeddedDatabaseException;
    if (verbose || !expected && words == null) {
      LoggerFactory.getLogger(TrackerSync.class).error("the cause", failed);
    }
    return exit.code;
  }

  private void report(Exit exit, String words) {
    if (terminal.isJson()) {
      ObjectNode answer = new ObjectMapper().createObjectNode();
      answer.putObject("error").put("exitCode", exit.code).put("message", words);
      terminal.json(answer);
    } else {
      terminal.warn(terminal.red("error: ") + words);
    }
  }

  /** From the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {NAME + " " + number(), "Java " + Runtime.version()};
    }

    static String number() {
      String version = TrackerSync.class.getPackage().getImplementationVersion();
      return version == null ? "(not packaged)" : version;
    }
  }
}

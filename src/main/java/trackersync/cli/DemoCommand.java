package trackersync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import trackersync.cli.SyncRun.Started;
import trackersync.embedded.Ports;
import trackersync.settings.Durations;
import trackersync.settings.Settings;
import trackersync.toy.Toy;
import trackersync.toy.ToyBitbucket;
import trackersync.toy.ToyBitbucketOptions;
import trackersync.toy.ToyBugsby;
import trackersync.toy.ToyBugsbyOptions;
import trackersync.toy.ToyGithub;
import trackersync.toy.ToyGithubOptions;
import trackersync.toy.ToyGitlab;
import trackersync.toy.ToyGitlabOptions;
import trackersync.toy.ToyOptions;

/** {@code demo}: the whole program on toy trackers, in a data folder of its own. */
@Command(
    name = "demo",
    description = {
      "Try the whole program without an account: an embedded PostgreSQL, a toy GitHub, GitLab,",
      "Bitbucket and Bugsby, a sync.",
      "Reads none of your settings and keeps its data under data/demo."
    })
final class DemoCommand implements Callable<Integer> {

  /** In turn: the first connection is of the first, and so on. */
  private enum Tracker {
    GITHUB("github", "https://github.com/acme/", "acme/", 8483),
    GITLAB("gitlab", "https://gitlab.com/acme/web/", "acme/web/", 8484),
    BITBUCKET("bitbucket", "https://bitbucket.org/acme/", "acme/", 8485),
    BUGSBY("bugsby", "https://bugsby.example/releases/", "", 8486);

    private final String id;
    private final String address;
    private final String folder;
    private final int port;

    Tracker(String id, String address, String folder, int port) {
      this.id = id;
      this.address = address;
      this.folder = folder;
      this.port = port;
    }
  }

  private static final List<String> NAMES = List.of("shop", "app", "manual", "wifi");
  private static final int CONNECTIONS_MAX = 64;
  private static final String ANY_TOKEN = "a-toy-takes-any-token";

  @ParentCommand private TrackerSync root;
  @Spec private CommandSpec spec;

  @Option(
      names = "--issues",
      defaultValue = "2000",
      description = "Issues of all repositories together (default: ${DEFAULT-VALUE}).")
  private int issues;

  @Option(
      names = "--connections",
      defaultValue = "4",
      description =
          "Repositories and releases, each a connection; they get different sizes (default: 4).")
  private int connections;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "The same seed gives the same issues (default: 1).")
  private long seed;

  @Option(
      names = "--latency",
      defaultValue = "0ms",
      description = "Wait of the toy before each answer, such as 50ms (default: ${DEFAULT-VALUE}).")
  private String latency;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description = "Serve recorded answers in place of made-up issues.")
  private Path replay;

  @Option(names = "--include-closed", description = "Also bring closed issues.")
  private boolean includeClosed;

  @Option(names = "--once", description = "Stop everything after the sync.")
  private boolean once;

  @Override
  public Integer call() {
    Map<String, Integer> repositories = repositories();
    Duration wait =
        Durations.parse(latency).orElseThrow(() -> wrong("--latency", latency, "such as 50ms"));
    root.quiet();
    Terminal terminal = root.terminal();
    terminal.say(
        terminal.bold("tracker-sync demo")
            + (replay == null
                ? ": %,d made-up issues of %d connections".formatted(issues, repositories.size())
                : ": recorded answers of " + replay.getFileName())
            + ", no account");
    terminal.say("");
    terminal.say(terminal.dim("  Starting PostgreSQL, the toy trackers and the engine …"));
    try (Session session = start(repositories, wait)) {
      if (terminal.isInteractive()) {
        terminal.eraseLines(1);
      }
      SyncRun sync = new SyncRun(session.api(), terminal, true);
      List<JsonNode> existing = session.api().all("/api/connections?limit=200");
      List<JsonNode> enabled =
          repositories.keySet().stream().map(it -> SyncCommand.named(existing, it)).toList();
      List<Started> started = sync.start(enabled, new SyncRun.Choice(includeClosed, false, "Full"));
      List<JsonNode> operations =
          sync.follow(
              started.stream().filter(it -> it.refused() == null).map(Started::operation).toList());
      Exit exit = report(session, started, operations);
      if (!once) {
        session.awaitStop();
      }
      return exit.code;
    }
  }

  private Exit report(Session session, List<Started> started, List<JsonNode> operations) {
    Terminal terminal = root.terminal();
    List<SyncRun.Counts> counts = operations.stream().map(SyncRun.Counts::of).toList();
    boolean changed = counts.stream().anyMatch(it -> it.created() + it.updated() > 0);
    boolean skipped = counts.stream().anyMatch(it -> it.skipped() > 0);
    boolean failed =
        SyncRun.failed(operations)
            || counts.stream().anyMatch(it -> it.setAside() > 0)
            || operations.size() < started.size();
    terminal.say("");
    SyncRun.summary(operations, terminal).forEach(terminal::say);
    terminal.say("");
    if (!changed && !failed) {
      terminal.say(terminal.green("  Nothing changed since the last run."));
    } else if (skipped && !includeClosed) {
      terminal.say(
          terminal.dim("  skipped: closed and not stored yet; --include-closed brings them"));
    }
    started.stream()
        .filter(it -> it.refused() != null)
        .forEach(it -> terminal.warn("%s: %s".formatted(it.connection(), it.refused())));
    Addresses addresses = Addresses.of(session);
    if (!once) {
      terminal.say("");
      addresses
          .with("token", "./tracker-sync token --demo --role admin")
          .lines()
          .forEach(terminal::say);
      terminal.say("");
      terminal.say("  From another terminal: ./tracker-sync status --demo");
      terminal.say("  Ctrl-C stops all of it; the data stays in " + relative(session, "") + ".");
    }
    ObjectNode answer = new ObjectMapper().createObjectNode();
    answer.put("ok", !failed).put("changed", changed);
    answer.put("seconds", SyncRun.wallSeconds(operations));
    operations.forEach(it -> answer.withArray("operations").add(SyncRun.json(it)));
    answer.withArray("operations");
    answer.set("urls", addresses.json());
    terminal.json(answer);
    return failed ? Exit.SYNC_FAILED : Exit.OK;
  }

  private static Path relative(Session session, String file) {
    return Addresses.shown(session.settings(), session.settings().data().resolve(file));
  }

  private Session start(Map<String, Integer> repositories, Duration wait) {
    return Session.own(
        settings(root.ownSettings(), root.overrides()),
        "demo",
        root.terminal(),
        (before, stopLater) -> connect(before, repositories, wait, stopLater));
  }

  /** The defaults and what the command line sets; of the own settings only the data folder. */
  static Settings settings(Settings own, Map<String, String> commandLine) {
    Map<String, String> overrides = new LinkedHashMap<>(commandLine);
    overrides.put("data.dir", own.data().resolve("demo").toString());
    overrides.put("auth.mode", "dev");
    overrides.put("sync.answer-wait-max", "0s");
    return Settings.defaults(own.home(), overrides);
  }

  /** Starts the toys that are needed, and connects each repository to its own. */
  private Settings connect(
      Settings settings,
      Map<String, Integer> repositories,
      Duration wait,
      Consumer<AutoCloseable> stopLater) {
    Map<Tracker, Map<String, Integer>> byTracker = new EnumMap<>(Tracker.class);
    int place = 0;
    for (Map.Entry<String, Integer> repository : repositories.entrySet()) {
      Tracker[] all = Tracker.values();
      Tracker tracker = replay != null ? Tracker.GITHUB : all[place++ % all.length];
      byTracker
          .computeIfAbsent(tracker, f -> new LinkedHashMap<>())
          .put(repository.getKey(), repository.getValue());
    }
    Map<String, String> more = new LinkedHashMap<>();
    byTracker.forEach(
        (tracker, its) -> {
          Toy toy = toy(tracker, settings, its, wait);
          stopLater.accept(toy);
          if (tracker == Tracker.BUGSBY) {
            // for releases that are synced by name
            more.put("tracker.bugsby.url", toy.baseUrl().toString());
            more.put("tracker.bugsby.token", ANY_TOKEN);
          }
          for (String name : its.keySet()) {
            String at = "connection." + name + ".";
            more.put(at + "tracker", tracker.id);
            more.put(at + "url", tracker.address + name);
            more.put(at + "api-url", toy.baseUrl().toString());
            more.put(at + "token", ANY_TOKEN);
            if (tracker == Tracker.BUGSBY) {
              more.put(at + "release", name);
            }
          }
        });
    return settings.with(more);
  }

  private Toy toy(
      Tracker tracker, Settings settings, Map<String, Integer> repositories, Duration wait) {
    return switch (tracker) {
      case GITHUB -> {
        ToyGithubOptions.Builder options =
            common(ToyGithubOptions.builder(), tracker, settings, wait);
        repositories.forEach((name, size) -> options.repository(tracker.folder + name, size));
        if (replay != null) {
          options.replay(TrackerSync.resolve(replay));
        }
        yield ToyGithub.start(options.build());
      }
      case GITLAB -> {
        ToyGitlabOptions.Builder options =
            common(ToyGitlabOptions.builder(), tracker, settings, wait);
        repositories.forEach((name, size) -> options.project(tracker.folder + name, size));
        yield ToyGitlab.start(options.build());
      }
      case BITBUCKET -> {
        ToyBitbucketOptions.Builder options =
            common(ToyBitbucketOptions.builder(), tracker, settings, wait);
        repositories.forEach((name, size) -> options.repository(tracker.folder + name, size));
        yield ToyBitbucket.start(options.build());
      }
      case BUGSBY -> {
        ToyBugsbyOptions.Builder options =
            common(ToyBugsbyOptions.builder(), tracker, settings, wait);
        repositories.forEach(options::repository);
        yield ToyBugsby.start(options.build());
      }
    };
  }

  private <B extends ToyOptions.Builder<B>> B common(
      B options, Tracker tracker, Settings settings, Duration wait) {
    return options
        .port(Ports.of(settings.data()).choose("toy-" + tracker.id, tracker.port))
        .seed(seed)
        .latency(wait)
        .rateLimit(Math.max(5_000, issues / 10))
        .onlyNamed(true);
  }

  /** Sizes by name, falling: 4 : 3 : 2 : 1 for four. */
  private Map<String, Integer> repositories() {
    if (issues < 0 || issues > ToyGithubOptions.ISSUES_MAX) {
      throw wrong("--issues", issues, "within 0.." + ToyGithubOptions.ISSUES_MAX);
    }
    if (connections < 1 || connections > CONNECTIONS_MAX) {
      throw wrong("--connections", connections, "within 1.." + CONNECTIONS_MAX);
    }
    Map<String, Integer> sizes = new LinkedHashMap<>();
    if (replay != null) {
      if (!Files.isReadable(TrackerSync.resolve(replay))) {
        throw wrong("--replay", replay, "a file that can be read");
      }
      sizes.put("recorded", 0);
      return sizes;
    }
    long parts = (long) connections * (connections + 1) / 2;
    int left = issues;
    for (int i = 0; i < connections; i++) {
      boolean last = i == connections - 1;
      int size = last ? left : (int) Math.round((double) issues * (connections - i) / parts);
      size = Math.min(size, left);
      left -= size;
      sizes.put(i < NAMES.size() ? NAMES.get(i) : "repository-" + (i + 1), size);
    }
    return sizes;
  }

  private ParameterException wrong(String option, Object came, String wanted) {
    return new ParameterException(
        spec.commandLine(), "%s %s: give one %s.".formatted(option, came, wanted));
  }
}

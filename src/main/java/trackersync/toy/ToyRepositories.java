package trackersync.toy;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The repositories by name and number; any name exists unless the options say otherwise. */
final class ToyRepositories {
  private static final int REPOSITORIES_MAX = 10_000;

  private final ToyOptions options;
  private final ToyKind kind;
  private final ReplayedIssues replayed;
  private final Map<String, IssueSource> byName = new HashMap<>();
  private final Map<Long, IssueSource> byId = new HashMap<>();
  private final Map<Long, String> names = new HashMap<>();
  private final Map<String, Long> oldNames = new HashMap<>();

  ToyRepositories(ToyOptions options, ToyKind kind) {
    this.options = options;
    this.kind = kind;
    this.replayed =
        options.replay().map(file -> new ReplayedIssues(file, kind.recorded())).orElse(null);
    begin();
  }

  private void begin() {
    options.repositories().keySet().forEach(this::named);
  }

  /** The recording that is served in place of computed issues; null without one. */
  ReplayedIssues replayed() {
    return replayed;
  }

  /** The repository of a name, an old one included; null where there is none. */
  synchronized IssueSource named(String fullName) {
    String key = fullName.toLowerCase(Locale.ROOT);
    if (oldNames.containsKey(key)) {
      return byId.get(oldNames.get(key));
    }
    IssueSource known = byName.get(key);
    boolean exists = options.repositories().containsKey(key) || !options.onlyNamed();
    if (known != null || !exists || byName.size() >= REPOSITORIES_MAX) {
      return known;
    }
    if (replayed != null) {
      names.putIfAbsent(replayed.id(), fullName);
      byId.put(replayed.id(), replayed);
      return replayed;
    }
    ToyOptions.Size size = options.repositories().getOrDefault(key, options.size());
    return put(kind.repository(fullName, size));
  }

  private IssueSource put(ToyRepository repository) {
    IssueSource source = new ComputedIssues(repository, kind.writer().apply(repository));
    byName.put(repository.fullName().toLowerCase(Locale.ROOT), source);
    byId.put(source.id(), source);
    names.put(source.id(), repository.fullName());
    return source;
  }

  synchronized IssueSource numbered(long id) {
    if (replayed != null) {
      return id == replayed.id() ? replayed : null;
    }
    return byId.get(id);
  }

  synchronized String nameOf(IssueSource source) {
    return names.getOrDefault(source.id(), "toy/replay");
  }

  /** True for a name that a repository had once. */
  synchronized boolean renamed(String fullName) {
    return oldNames.containsKey(fullName.toLowerCase(Locale.ROOT));
  }

  /** The repository that edits act on. */
  ToyRepository editable(String fullName) {
    if (!kind.naming().fits(fullName)) {
      throw new IllegalArgumentException(
          "toy: repository is \"" + fullName + "\", must be " + kind.naming().word() + ".");
    }
    if (replayed != null) {
      throw new IllegalArgumentException("toy: a replay cannot be edited. Start without --replay.");
    }
    if (named(fullName) instanceof ComputedIssues computed) {
      return computed.repository();
    }
    throw new IllegalArgumentException("toy: there is no repository " + fullName + ".");
  }

  /** Gives a repository a new name; the old one answers 301 from now on. */
  synchronized void rename(String fullName, String newName) {
    ToyRepository old = editable(fullName);
    if (!kind.naming().fits(newName)) {
      throw new IllegalArgumentException(
          "toy: the new name is \"" + newName + "\", must be " + kind.naming().word() + ".");
    }
    byName.remove(old.fullName().toLowerCase(Locale.ROOT));
    oldNames.remove(newName.toLowerCase(Locale.ROOT));
    oldNames.put(old.fullName().toLowerCase(Locale.ROOT), old.id());
    put(old.renamed(newName));
  }

  synchronized void reset() {
    byName.clear();
    byId.clear();
    names.clear();
    oldNames.clear();
    begin();
  }
}

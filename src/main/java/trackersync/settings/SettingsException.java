package trackersync.settings;

import java.util.List;

/** Settings that cannot be used. The message is for people: every key, what came and the cure. */
public final class SettingsException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  SettingsException(List<String> problems) {
    super(
        (problems.size() == 1 ? "1 setting" : problems.size() + " settings")
            + " must be put right before the start:\n  "
            + String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line a problem, in the order of the sources. */
  public List<String> problems() {
    return problems;
  }
}

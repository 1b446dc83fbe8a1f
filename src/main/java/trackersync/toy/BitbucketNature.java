package trackersync.toy;

import java.util.List;

/** What only Bitbucket's issues have, computed like the rest. */
final class BitbucketNature {
  static final List<String> OPEN = List.of("new", "open", "on hold", "submitted");
  static final List<String> CLOSED =
      List.of("resolved", "closed", "wontfix", "duplicate", "invalid");
  static final List<String> STATES =
      List.of(
          "submitted",
          "new",
          "open",
          "resolved",
          "on hold",
          "invalid",
          "duplicate",
          "wontfix",
          "closed");
  private static final List<String> KINDS = List.of("bug", "enhancement", "proposal", "task");

  /** In ascending order. */
  static final List<String> PRIORITIES =
      List.of("trivial", "minor", "major", "critical", "blocker");

  private BitbucketNature() {}

  static String state(ToyRepository repository, int number) {
    String set = repository.change(number).state();
    if (set != null) {
      return set;
    }
    List<String> words = repository.closed(number) ? CLOSED : OPEN;
    int drawn = Draw.pick(mixed(repository, number), 0, 12);
    return words.get(Math.max(0, drawn - 12 + words.size()));
  }

  static String kind(ToyRepository repository, int number) {
    return KINDS.get(Draw.pick(mixed(repository, number), 16, KINDS.size()));
  }

  static String priority(ToyRepository repository, int number) {
    return PRIORITIES.get(Draw.pick(mixed(repository, number), 32, PRIORITIES.size()));
  }

  private static long mixed(ToyRepository repository, int number) {
    return Draw.mix(repository.draw(number) ^ 0xB17);
  }
}

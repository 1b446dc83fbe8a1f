package trackersync.toy;

/**
 * What only GitLab's issues have, computed like the rest.
 *
 * @param share of confidential issues
 */
record GitlabNature(double share) {
  boolean confidential(ToyRepository project, int number) {
    Boolean set = project.change(number).confidential();
    return set != null
        ? set
        : Draw.pick(Draw.mix(project.draw(number) ^ 0xC0FF), 0, 0x1_0000) < share * 0x1_0000;
  }

  /** The issue_type: mostly issue. */
  String type(ToyRepository project, int number) {
    int drawn = Draw.pick(Draw.mix(project.draw(number) ^ 0x7E9E), 16, 100);
    return drawn < 90 ? "issue" : drawn < 95 ? "incident" : drawn < 99 ? "task" : "test_case";
  }
}

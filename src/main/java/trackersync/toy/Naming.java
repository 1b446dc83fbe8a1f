package trackersync.toy;

import java.util.regex.Pattern;

/**
 * How a tracker names its repositories.
 *
 * @param word the form, for messages
 */
record Naming(String word, Pattern pattern) {
  private static final String PART = "[A-Za-z0-9._-]{1,100}";

  static final Naming GITHUB = new Naming("OWNER/REPO", Pattern.compile(PART + "/" + PART));

  /** Groups may hold groups, to a depth of twenty. */
  static final Naming GITLAB =
      new Naming("GROUP/PROJECT", Pattern.compile(PART + "(?:/" + PART + "){1,20}"));

  static final Naming BITBUCKET = new Naming("WORKSPACE/REPO", GITHUB.pattern());

  /** Bugsby's releases stand for repositories. */
  static final Naming BUGSBY = new Naming("RELEASE", Pattern.compile(PART));

  boolean fits(String fullName) {
    return fullName != null && pattern.matcher(fullName).matches();
  }
}

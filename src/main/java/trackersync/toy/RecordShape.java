package trackersync.toy;

/**
 * Where the fields are that a hostile record plays with, as JSON pointers.
 *
 * @param labelObjects whether labels are objects; texts otherwise
 */
record RecordShape(
    String id,
    String number,
    String title,
    String state,
    String labels,
    boolean labelObjects,
    String user,
    String count,
    String updated) {

  static final RecordShape GITHUB_ISSUE =
      new RecordShape(
          "/id",
          "/number",
          "/title",
          "/state",
          "/labels",
          true,
          "/user",
          "/comments",
          "/updated_at");

  static final RecordShape GITHUB_ALERT =
      new RecordShape(
          "/number",
          "/number",
          "/security_advisory/summary",
          "/state",
          "/security_advisory/identifiers",
          true,
          "/dismissed_by",
          "/security_advisory/cvss/score",
          "/updated_at");

  static final RecordShape GITLAB_ISSUE =
      new RecordShape(
          "/id",
          "/iid",
          "/title",
          "/state",
          "/labels",
          false,
          "/author",
          "/user_notes_count",
          "/updated_at");

  static final RecordShape GITLAB_FINDING =
      new RecordShape(
          "/uuid",
          "/uuid",
          "/name",
          "/state",
          "/identifiers",
          true,
          "/scanner",
          "/location/start_line",
          "/scan/start_time");

  /** No issue has labels there; the 400 are a field nobody expects. */
  static final RecordShape BITBUCKET_ISSUE =
      new RecordShape(
          "/id", "/id", "/title", "/state", "/labels", true, "/reporter", "/votes", "/updated_on");

  /** A bug has neither labels nor a count; those are fields nobody expects. */
  static final RecordShape BUGSBY_BUG =
      new RecordShape(
          "/bug_id",
          "/bug_id",
          "/title",
          "/status",
          "/labels",
          true,
          "/assignee_email",
          "/votes",
          "/updated_at");

  /** The name of the field that holds the title. */
  String titleKey() {
    return title.substring(title.lastIndexOf('/') + 1);
  }
}

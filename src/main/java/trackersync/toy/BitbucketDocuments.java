package trackersync.toy;

/** The answers beside issues: the user, a repository. */
final class BitbucketDocuments {
  private BitbucketDocuments() {}

  static String user() {
    String basic = BitbucketData.user("toy-user");
    return basic.substring(0, basic.length() - 1)
        + ",\"created_on\":\"2020-01-01T00:00:00.000001+00:00\",\"has_2fa_enabled\":null,"
        + "\"account_status\":\"active\",\"is_staff\":false,\"location\":null}";
  }

  /**
   * A repository.
   *
   * @param hasIssues null since nothing in a repository tells of issues any more
   */
  static String repository(String fullName, Boolean hasIssues) {
    String condensed = BitbucketIssueWriter.condensed(fullName);
    String workspace = fullName.substring(0, fullName.indexOf('/'));
    String space = BitbucketData.uuid("workspace " + workspace);
    return condensed.substring(0, condensed.length() - 1)
        + ",\"slug\":\"%s\",\"description\":\"A shop\",\"scm\":\"git\",\"website\":null,"
            .formatted(fullName.substring(fullName.indexOf('/') + 1))
        + "\"owner\":{\"display_name\":\"%s\",\"type\":\"team\",\"uuid\":\"%s\",\"username\":\"%s\"},"
            .formatted(workspace, space, workspace)
        + "\"workspace\":{\"type\":\"workspace\",\"uuid\":\"%s\",\"name\":\"%s\",\"slug\":\"%s\"},"
            .formatted(space, workspace, workspace)
        + "\"is_private\":false,\"fork_policy\":\"allow_forks\","
        + (hasIssues == null ? "" : "\"has_issues\":%b,\"has_wiki\":false,".formatted(hasIssues))
        + "\"created_on\":\"2020-01-01T00:00:00.000001+00:00\","
        + "\"updated_on\":\"2024-05-06T07:08:09.401402+00:00\",\"size\":420000,"
        + "\"language\":\"java\",\"mainbranch\":{\"name\":\"main\",\"type\":\"branch\"},"
        + "\"parent\":null}";
  }
}

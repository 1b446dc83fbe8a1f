package trackersync.toy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** The answers beside issues and findings: the user, a project, the version. */
final class GitlabDocuments {
  private static final ObjectMapper JSON = new ObjectMapper();

  private GitlabDocuments() {}

  static String version() {
    return "{\"version\":\"18.5.1-ee\",\"revision\":\"70f0c0ffee1\",\"kas\":{\"enabled\":false,"
        + "\"externalUrl\":\"\",\"externalK8sProxyUrl\":\"\",\"version\":\"\"},"
        + "\"enterprise\":true}";
  }

  static String user() {
    String basic =
        new String(GitlabData.user("toy-user", "Toy User", 1_000_001), StandardCharsets.UTF_8);
    return basic.substring(0, basic.length() - 1)
        + ",\"created_at\":\"2020-01-01T00:00:00.000Z\",\"bio\":\"\",\"location\":\"\","
        + "\"organization\":\"\",\"job_title\":\"\",\"bot\":false,\"email\":\"toy@gitlab.example\","
        + "\"commit_email\":\"toy@gitlab.example\",\"confirmed_at\":\"2020-01-01T00:00:01.000Z\","
        + "\"two_factor_enabled\":true,\"external\":false,\"private_profile\":false}";
  }

  static String project(String path, long id, boolean hasIssues) {
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    String space = path.substring(0, slash);
    String web = GitlabData.WEB + "/" + path;
    ObjectNode json = JSON.createObjectNode();
    json.put("id", id)
        .put("description", "A shop")
        .put("name", name)
        .put("name_with_namespace", path.replace("/", " / "))
        .put("path", name)
        .put("path_with_namespace", path)
        .put("created_at", "2020-01-01T00:00:00.000Z")
        .put("default_branch", "main");
    json.putArray("tag_list");
    json.putArray("topics");
    json.put("ssh_url_to_repo", "git@gitlab.example:" + path + ".git")
        .put("http_url_to_repo", web + ".git")
        .put("web_url", web)
        .put("readme_url", web + "/-/blob/main/README.md")
        .put("forks_count", 0)
        .putNull("avatar_url")
        .put("star_count", 3)
        .put("last_activity_at", "2024-05-06T07:08:09.401Z")
        .put("visibility", "public");
    json.putObject("namespace")
        .put("id", 70_000 + Math.floorMod(Draw.mix(1, space), 10_000))
        .put("name", space.substring(space.lastIndexOf('/') + 1))
        .put("path", space.substring(space.lastIndexOf('/') + 1))
        .put("kind", "group")
        .put("full_path", space)
        .putNull("parent_id")
        .putNull("avatar_url")
        .put("web_url", GitlabData.WEB + "/groups/" + space);
    json.putObject("_links")
        .put("self", GitlabData.API + "/projects/" + id)
        .put("issues", GitlabData.API + "/projects/" + id + "/issues")
        .put("members", GitlabData.API + "/projects/" + id + "/members");
    json.put("empty_repo", false)
        .put("archived", false)
        .put("issues_enabled", hasIssues)
        .put("issues_access_level", hasIssues ? "enabled" : "disabled")
        .put("security_and_compliance_access_level", "private")
        .put("open_issues_count", 1)
        .put("updated_at", "2024-05-06T07:08:09.401Z");
    ObjectNode permissions = json.putObject("permissions");
    permissions.putObject("project_access").put("access_level", 30).put("notification_level", 3);
    permissions.putNull("group_access");
    return json.toString();
  }
}

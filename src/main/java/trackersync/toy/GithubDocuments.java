package trackersync.toy;

import java.nio.charset.StandardCharsets;

/** The answers beside issues: the user, a repository, the rate limit. */
final class GithubDocuments {
  /** URLs of a repository: field and what follows the repository's own address. */
  private static final String[] REPOSITORY_URLS = {
    "archive_url", "/{archive_format}{/ref}",
    "assignees_url", "/assignees{/user}",
    "blobs_url", "/git/blobs{/sha}",
    "branches_url", "/branches{/branch}",
    "collaborators_url", "/collaborators{/collaborator}",
    "comments_url", "/comments{/number}",
    "commits_url", "/commits{/sha}",
    "compare_url", "/compare/{base}...{head}",
    "contents_url", "/contents/{+path}",
    "contributors_url", "/contributors",
    "deployments_url", "/deployments",
    "downloads_url", "/downloads",
    "events_url", "/events",
    "forks_url", "/forks",
    "git_commits_url", "/git/commits{/sha}",
    "git_refs_url", "/git/refs{/sha}",
    "git_tags_url", "/git/tags{/sha}",
    "hooks_url", "/hooks",
    "issue_comment_url", "/issues/comments{/number}",
    "issue_events_url", "/issues/events{/number}",
    "issues_url", "/issues{/number}",
    "keys_url", "/keys{/key_id}",
    "labels_url", "/labels{/name}",
    "languages_url", "/languages",
    "merges_url", "/merges",
    "milestones_url", "/milestones{/number}",
    "notifications_url", "/notifications{?since,all,participating}",
    "pulls_url", "/pulls{/number}",
    "releases_url", "/releases{/id}",
    "stargazers_url", "/stargazers",
    "statuses_url", "/statuses/{sha}",
    "subscribers_url", "/subscribers",
    "subscription_url", "/subscription",
    "tags_url", "/tags",
    "teams_url", "/teams",
    "trees_url", "/git/trees{/sha}"
  };

  private GithubDocuments() {}

  static String user() {
    String simple = text(ToyData.user("toy-user", 90_000_000L));
    return simple.substring(0, simple.length() - 1)
        + ",\"name\":\"Toy User\",\"company\":null,\"blog\":\"\",\"location\":null,\"email\":null,"
        + "\"hireable\":null,\"bio\":null,\"twitter_username\":null,\"public_repos\":1,"
        + "\"public_gists\":0,\"followers\":0,\"following\":0,"
        + "\"created_at\":\"2020-01-01T00:00:00Z\",\"updated_at\":\"2024-01-01T00:00:00Z\"}";
  }

  static String repository(String fullName, long id, boolean hasIssues) {
    String owner = fullName.substring(0, fullName.indexOf('/'));
    String name = fullName.substring(owner.length() + 1);
    String api = ToyData.API + "/repos/" + fullName;
    String web = ToyData.WEB + "/" + fullName;
    StringBuilder out = new StringBuilder(6_000);
    out.append("{\"id\":%d,\"node_id\":\"R_toy%d\",".formatted(id, id));
    out.append("\"name\":\"%s\",\"full_name\":\"%s\",\"private\":false,".formatted(name, fullName));
    out.append("\"owner\":").append(text(ToyData.user(owner, 80_000_000L + id % 1_000_000)));
    out.append(",\"html_url\":\"%s\",\"description\":\"A shop\",\"fork\":false,".formatted(web));
    out.append("\"url\":\"%s\"".formatted(api));
    for (int i = 0; i < REPOSITORY_URLS.length; i += 2) {
      out.append(",\"%s\":\"%s%s\"".formatted(REPOSITORY_URLS[i], api, REPOSITORY_URLS[i + 1]));
    }
    out.append(",\"clone_url\":\"%s.git\",\"svn_url\":\"%s\",".formatted(web, web));
    out.append("\"git_url\":\"git://github.example/%s.git\",".formatted(fullName));
    out.append("\"ssh_url\":\"git@github.example:%s.git\",".formatted(fullName));
    out.append("\"mirror_url\":null,\"homepage\":null,\"language\":\"Java\",\"license\":null,");
    out.append("\"forks\":0,\"forks_count\":0,\"stargazers_count\":3,\"watchers\":3,");
    out.append("\"watchers_count\":3,\"size\":420,\"default_branch\":\"main\",");
    out.append(
        "\"open_issues\":1,\"open_issues_count\":1,\"topics\":[],\"visibility\":\"public\",");
    out.append("\"has_issues\":%b,\"has_projects\":false,\"has_wiki\":false,".formatted(hasIssues));
    out.append("\"has_pages\":false,\"has_downloads\":false,\"has_discussions\":false,");
    out.append("\"archived\":false,\"disabled\":false,\"network_count\":0,");
    out.append("\"subscribers_count\":1,\"pushed_at\":\"2024-05-06T07:08:09Z\",");
    out.append("\"created_at\":\"2020-01-01T00:00:00Z\",\"updated_at\":\"2024-05-06T07:08:09Z\"}");
    return out.toString();
  }

  /** An unlimited budget shows as GitHub Enterprise shows one: very large. */
  static String rateLimit(RateLimits.Budget budget, boolean withRate) {
    int limit = budget.limit() == 0 ? 1_000_000_000 : budget.limit();
    String core =
        "{\"limit\":%d,\"used\":%d,\"remaining\":%d,\"reset\":%d}"
            .formatted(
                limit, budget.used(), limit - Math.min(limit, budget.used()), budget.reset());
    String search =
        "{\"limit\":30,\"used\":0,\"remaining\":30,\"reset\":%d}".formatted(budget.reset());
    return "{\"resources\":{\"core\":%s,\"search\":%s}%s}"
        .formatted(core, search, withRate ? ",\"rate\":" + core : "");
  }

  private static String text(ToyData.User user) {
    return new String(user.json(), StandardCharsets.UTF_8);
  }
}

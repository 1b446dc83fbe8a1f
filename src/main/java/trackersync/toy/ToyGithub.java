package trackersync.toy;

import java.net.URI;
import java.util.List;

/**
 * A GitHub for trying things out: it speaks the issues and Dependabot parts of the REST API on
 * 127.0.0.1, computes as many issues as asked for, and misbehaves when told to.
 */
public final class ToyGithub extends Toy {
  private final GithubApi api;

  private ToyGithub(ToyGithubOptions options) {
    super(options.common(), GithubApi.KIND);
    api = new GithubApi(options, repositories(), limits(), faults());
    listen(api);
  }

  /**
   * Starts a toy.
   *
   * @throws IllegalStateException when the port is taken
   * @throws IllegalArgumentException when the file to replay cannot be read
   */
  public static ToyGithub start(ToyGithubOptions options) {
    return new ToyGithub(options);
  }

  /** Runs until the process is ended; {@code --help} lists the options. */
  public static void main(String[] args) {
    System.exit(ToyCommand.run(new ToyGithubCommand(System.out), args, System.out, System.err));
  }

  @Override
  String title() {
    return "toy GitHub";
  }

  /** The address of the API, such as {@code http://127.0.0.1:8490}, without a slash at its end. */
  @Override
  public URI baseUrl() {
    return URI.create(origin());
  }

  /** The same API under the prefix of GitHub Enterprise. */
  public URI enterpriseUrl() {
    return URI.create(origin() + "/api/v3");
  }

  /** The Dependabot alerts of a repository, to be edited while the toy runs. */
  public ToyAlerts alerts(String fullName) {
    repositories().editable(fullName);
    return api.alerts(repositories().named(fullName), fullName);
  }

  @Override
  boolean edit(EditRequest edit) {
    ToyAlerts alerts = alerts(edit.repository());
    switch (edit.op()) {
      case "pull-request" ->
          edit.numbers()
              .forEach(n -> repository(edit.repository()).turnIntoPullRequest(n, edit.at()));
      case "transfer" ->
          edit.numbers().forEach(n -> repository(edit.repository()).transfer(n, edit.text("to")));
      case "add-alerts" -> edit.done().put("first", alerts.add(edit.count(), edit.at()));
      case "dismiss-alert" ->
          edit.numbers().forEach(n -> alerts.dismiss(n, edit.text("reason"), edit.at()));
      case "fix-alert" -> edit.numbers().forEach(n -> alerts.fix(n, edit.at()));
      case "reopen-alert" -> edit.numbers().forEach(n -> alerts.reopen(n, edit.at()));
      case "alerts" -> alerts.setAccess(ToyAlerts.Access.parse(edit.text("state")));
      default -> {
        return false;
      }
    }
    return true;
  }

  @Override
  List<String> edits() {
    return List.of(
        "pull-request",
        "transfer",
        "add-alerts",
        "dismiss-alert",
        "fix-alert",
        "reopen-alert",
        "alerts");
  }
}

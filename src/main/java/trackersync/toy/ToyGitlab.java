package trackersync.toy;

import java.net.URI;
import java.util.List;

/**
 * A GitLab for trying things out: it speaks the issues and findings parts of the REST API on
 * 127.0.0.1, computes as many issues as asked for, and misbehaves when told to.
 */
public final class ToyGitlab extends Toy {
  private final GitlabApi api;

  private ToyGitlab(ToyGitlabOptions options) {
    super(options.common(), GitlabApi.kind(options));
    api = new GitlabApi(options, repositories(), limits(), faults());
    listen(api);
  }

  /**
   * Starts a toy.
   *
   * @throws IllegalStateException when the port is taken
   * @throws IllegalArgumentException when the file to replay cannot be read
   */
  public static ToyGitlab start(ToyGitlabOptions options) {
    return new ToyGitlab(options);
  }

  /** Runs until the process is ended; {@code --help} lists the options. */
  public static void main(String[] args) {
    System.exit(ToyCommand.run(new ToyGitlabCommand(System.out), args, System.out, System.err));
  }

  @Override
  String title() {
    return "toy GitLab";
  }

  /** The address of the API, such as {@code http://127.0.0.1:8491/api/v4}. */
  @Override
  public URI baseUrl() {
    return URI.create(origin() + GitlabApi.BASE);
  }

  /** The same API as a self-managed GitLab has it that does not live at the root of its host. */
  public URI relativeUrl() {
    return URI.create(origin() + GitlabApi.RELATIVE + GitlabApi.BASE);
  }

  /** A project by its full path, to be edited while the toy runs. */
  public ToyRepository project(String fullPath) {
    return repository(fullPath);
  }

  /** The vulnerability findings of a project, to be edited while the toy runs. */
  public ToyFindings findings(String fullPath) {
    repositories().editable(fullPath);
    return api.findings(repositories().named(fullPath), fullPath);
  }

  @Override
  boolean edit(EditRequest edit) {
    switch (edit.op()) {
      case "confidential" ->
          edit.numbers()
              .forEach(
                  n ->
                      project(edit.repository())
                          .setConfidential(n, edit.flag("confidential"), edit.at()));
      case "add-findings" ->
          edit.done().put("first", findings(edit.repository()).add(edit.count()));
      case "finding-state" ->
          edit.numbers().forEach(n -> findings(edit.repository()).setState(n, edit.text("state")));
      case "remove-finding" -> edit.numbers().forEach(findings(edit.repository())::remove);
      default -> {
        return false;
      }
    }
    return true;
  }

  @Override
  List<String> edits() {
    return List.of("confidential", "add-findings", "finding-state", "remove-finding");
  }
}

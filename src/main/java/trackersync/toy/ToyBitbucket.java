package trackersync.toy;

import java.net.URI;
import java.time.Instant;
import java.util.List;

/**
 * A Bitbucket Cloud as it was before its issue tracker was taken away: it speaks the issues part of
 * the REST API on 127.0.0.1, computes as many issues as asked for, and misbehaves when told to.
 */
public final class ToyBitbucket extends Toy {
  private final BitbucketApi api;

  private ToyBitbucket(ToyBitbucketOptions options) {
    super(options.common(), BitbucketApi.KIND);
    api = new BitbucketApi(options, repositories(), limits(), faults());
    listen(api);
  }

  /**
   * Starts a toy.
   *
   * @throws IllegalStateException when the port is taken
   * @throws IllegalArgumentException when the file to replay cannot be read
   */
  public static ToyBitbucket start(ToyBitbucketOptions options) {
    return new ToyBitbucket(options);
  }

  /** Runs until the process is ended; {@code --help} lists the options. */
  public static void main(String[] args) {
    System.exit(ToyCommand.run(new ToyBitbucketCommand(System.out), args, System.out, System.err));
  }

  @Override
  String title() {
    return "toy Bitbucket";
  }

  /** The address of the API, such as {@code http://127.0.0.1:8492/2.0}. */
  @Override
  public URI baseUrl() {
    return URI.create(origin() + BitbucketApi.BASE);
  }

  /**
   * Takes the issue tracker away from every repository, or gives it back.
   *
   * @param status 410 or 404; 0 to give it back
   */
  public void setGone(int status) {
    api.setGone(status);
  }

  /**
   * Sets an issue's state by its own word, such as {@code on hold}; {@link ToyRepository#setClosed}
   * leaves the choice among the words to the toy.
   */
  public void setState(String fullName, int number, String state, Instant at) {
    setState(repository(fullName), number, state, at);
  }

  @Override
  void setState(ToyRepository repository, int number, String state, Instant at) {
    if (!BitbucketNature.STATES.contains(state)) {
      throw new IllegalArgumentException(
          "toy: state is \"%s\", must be one of %s.".formatted(state, BitbucketNature.STATES));
    }
    repository.setState(number, state, BitbucketNature.CLOSED.contains(state), at);
  }

  @Override
  boolean edit(EditRequest edit) {
    if (!edit.op().equals("gone")) {
      return false;
    }
    String status = edit.text("state");
    if (!status.matches("0|404|410")) {
      throw new IllegalArgumentException(
          "toy: state is \"" + status + "\", must be 0, 404 or 410.");
    }
    setGone(Integer.parseInt(status));
    return true;
  }

  @Override
  List<String> edits() {
    return List.of("gone");
  }
}

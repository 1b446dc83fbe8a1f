package trackersync.toy;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A Bugsby as we assume it to be, on 127.0.0.1: it lists the bugs of a release and shows single
 * ones, computes as many as asked for, and misbehaves when told to. A release is what a repository
 * is elsewhere; bugs are numbered in their release from 1, and have an id unique over all.
 */
public final class ToyBugsby extends Toy {
  private final BugIds ids;
  private final BugsbyNature nature;

  private ToyBugsby(ToyBugsbyOptions options, BugIds ids, BugsbyNature nature) {
    super(options.common(), BugsbyApi.kind(ids, nature));
    this.ids = ids;
    this.nature = nature;
    listen(new BugsbyApi(options.common(), repositories(), limits(), faults(), ids, nature));
  }

  /**
   * Starts a toy.
   *
   * @throws IllegalStateException when the port is taken
   */
  public static ToyBugsby start(ToyBugsbyOptions options) {
    return new ToyBugsby(options, new BugIds(), new BugsbyNature());
  }

  /** Runs until the process is ended; {@code --help} lists the options. */
  public static void main(String[] args) {
    System.exit(ToyCommand.run(new ToyBugsbyCommand(System.out), args, System.out, System.err));
  }

  @Override
  String title() {
    return "toy Bugsby";
  }

  /** The base address, such as {@code http://127.0.0.1:8493}. */
  @Override
  public URI baseUrl() {
    return URI.create(origin());
  }

  /** A release, to be edited while the toy runs: titles, removals, new bugs. */
  public ToyRepository release(String name) {
    return repository(name);
  }

  /** The id of a bug, by its release and its number there. */
  public String bugId(String release, int number) {
    return "" + ids.of(release(release).fullName(), number);
  }

  /**
   * Gives a bug to somebody else.
   *
   * @param email null: to nobody
   */
  public void assign(String release, int number, String email, Instant at) {
    set(release, number, BugsbyNature.ASSIGNEE, email, at);
  }

  /**
   * Moves a bug to another release, where it keeps its id.
   *
   * @return its number there
   */
  public int move(String release, int number, String to, Instant at) {
    ToyRepository target = release(to);
    long id = ids.of(release(release).fullName(), number);
    int there = target.add(1, at);
    ids.move(id, new BugIds.Place(target.fullName(), there));
    release(release).delete(number);
    return there;
  }

  /**
   * Sets a field to any text, known or not: severity, priority, bug_type, component,
   * assignee_email, description.
   *
   * @param value null for none
   */
  public void set(String release, int number, String field, String value, Instant at) {
    ToyRepository edited = release(release);
    nature.set(edited, number, field, value);
    edited.touch(number, at);
  }

  /** Sets a bug's status by Bugsby's word, such as {@code ASSIGNED}; any is taken. */
  public void setState(String release, int number, String status, Instant at) {
    setState(release(release), number, status, at);
  }

  @Override
  void setState(ToyRepository release, int number, String status, Instant at) {
    boolean closes = BugsbyNature.CLOSED.contains(status.toUpperCase(Locale.ROOT));
    release.setState(number, status, closes, at);
  }

  @Override
  boolean edit(EditRequest edit) {
    switch (edit.op()) {
      case "assign" ->
          edit.numbers().forEach(n -> assign(edit.repository(), n, edit.text("to"), edit.at()));
      case "set" -> {
        String field = edit.text("field");
        edit.numbers().forEach(n -> set(edit.repository(), n, field, edit.text("to"), edit.at()));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  @Override
  List<String> edits() {
    return List.of("assign", "set");
  }
}

package trackersync.operation;

/** Somebody cancelled the operation; seen at the page's edge. */
public final class Cancelled extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String by;

  public Cancelled(String by) {
    super("cancelled by " + by);
    this.by = by;
  }

  public String by() {
    return by;
  }
}

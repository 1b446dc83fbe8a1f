package trackersync.operation;

/** This process is being stopped: the operation is given back at the page's edge. */
public final class Stopping extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Stopping() {
    super("tracker-sync is stopping; the operation goes on after the next start");
  }
}

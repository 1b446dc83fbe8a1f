package trackersync.operation;

/** The lease was taken over: this worker writes nothing more. */
public final class FenceLost extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FenceLost(String operation) {
    super("operation " + operation + " was taken over by another worker");
  }
}

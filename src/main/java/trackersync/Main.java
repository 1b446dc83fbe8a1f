package trackersync;

/** Entry. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("tracker-sync");
  }
}

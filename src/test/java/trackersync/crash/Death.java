package trackersync.crash;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How a process ends, or seems to. */
enum Death {
  /** As kill -9: no hook, no finally, no flush. */
  HALT {
    @Override
    void come(BooleanSupplier stopping) {
      Runtime.getRuntime().halt(137);
    }
  },
  /** SIGTERM; the thread at the point goes on once the shutdown has begun. */
  TERM {
    @Override
    void come(BooleanSupplier stopping) {
      signal("TERM");
      while (!stopping.getAsBoolean()) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  },
  /** SIGSTOP, as a long pause of garbage collection; somebody else sends CONT. */
  STOP {
    @Override
    void come(BooleanSupplier stopping) {
      signal("STOP");
    }
  },
  /** The heap is too small for what is asked of it. */
  OOM {
    @Override
    void come(BooleanSupplier stopping) {
      long[] tooMuch = new long[Integer.MAX_VALUE - 16];
      throw new IllegalStateException("room for " + tooMuch.length + " numbers: -Xmx is too high");
    }
  };

  /**
   * @param stopping whether the shutdown has begun
   */
  abstract void come(BooleanSupplier stopping);

  private static void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(ProcessHandle.current().pid()))
          .inheritIO()
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new IllegalStateException("cannot send SIG" + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

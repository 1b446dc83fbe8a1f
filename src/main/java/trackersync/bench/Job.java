package trackersync.bench;

/** What a child JVM does, step by step, when it is told to. */
interface Job extends AutoCloseable {
  /** Gets ready and warm; not measured. */
  void prepare() throws Exception;

  /**
   * Does a step.
   *
   * @return how long the measured part took, in nanoseconds
   */
  long step(String name) throws Exception;

  @Override
  void close() throws Exception;
}

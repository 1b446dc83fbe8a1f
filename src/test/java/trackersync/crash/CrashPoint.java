package trackersync.crash;

/** The named places where a process may die, along the path of an operation and its pages. */
enum CrashPoint {
  /** Trigger accepted, no row yet. */
  T1("operation-start-insert", true),
  /** The operation's row stands, nobody was woken. */
  T2("operation-start-insert", false),
  /** Claimed: lease and fence are written. */
  T3("operation-worker-claim", false),
  /** The request is on its way; nothing of the answer was read. */
  T4("http-get-call", true),
  /** The answer's last byte was read. */
  T5("http-get-call", false),
  /** Parsed, mapped and checked. */
  T6("pipeline-1-map-page", false),
  /** The page transaction is open and holds the fence. */
  T7("pipeline-2-write-hold", false),
  /** Rows are upserted, not committed. */
  T8("pipeline-2-write-rows", false),
  /** Cursor is set, not committed. */
  T9("advance-cursor", false),
  /** COMMIT of a page was sent; its answer was not read. */
  T10("advance-operation", false),
  /** The commit was acknowledged. */
  T11("write-or-set-aside-page", false),
  /** Progress is public, the next page is due. */
  T12("stream-run-count", false),
  /** The operation is finalised. */
  T13("operation-run-complete", false);

  /** The step of a route this point stands at, and on which side of it. */
  final String step;

  final boolean before;

  CrashPoint(String step, boolean before) {
    this.step = step;
    this.before = before;
  }

  /** One per page; the others come once an operation. */
  boolean ofPages() {
    return ordinal() >= T4.ordinal() && ordinal() <= T12.ordinal();
  }
}

package trackersync.toy;

import java.time.Instant;

/** How a tracker words what goes wrong, with the headers it sends then. */
interface Dialect {
  /** An error in the tracker's form. */
  Answer error(int status, String message);

  /** The tracker's usual words for a status, such as those for a token it does not know. */
  String words(int status);

  /** Too many requests, without a word on when to come back. */
  Answer tooMany(int status);

  /** The status of a spent budget. */
  int limitStatus();

  /**
   * A spent budget.
   *
   * @param reset when it is refilled, epoch seconds
   */
  Answer spent(int status, long reset, Instant now);

  /** A limit that the headers know nothing of. */
  Answer hiddenLimit(int status);

  /** A redirect to another address. */
  Answer moved(int status, String location);

  /** The address of a request, its repository renamed. */
  String renamed(String address);

  /** Where the fields of a record are. */
  RecordShape shape(Fault.Target target);

  /** What comes before a record in a list's answer. */
  default String beforeRecords() {
    return "[";
  }

  /** What comes after a record in a list's answer. */
  default String afterRecords() {
    return "]";
  }
}

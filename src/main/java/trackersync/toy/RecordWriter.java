package trackersync.toy;

/** Writes the issues of one repository as its tracker's JSON. */
interface RecordWriter {
  /**
   * Adds an issue to a buffer.
   *
   * @param detailed the longer of two forms: at GitHub with {@code assignee}, at GitLab with labels
   *     as objects
   */
  void write(Bytes out, int number, boolean detailed);
}

package trackersync.toy;

/** Where a repository's issues come from: computed ones, or recorded ones. */
sealed interface IssueSource permits ComputedIssues, ReplayedIssues {
  /** The repository's own number. */
  long id();

  /**
   * A page, added to a buffer as a JSON list.
   *
   * @param starts where each record begins in the buffer, and the place after the last one
   * @param total how many records there are on all pages
   * @param pages how many pages there are
   * @param linkQuery the query of the Link header's addresses, without page; null for the request's
   *     own
   */
  record Page(int[] starts, long total, long pages, String linkQuery) {}

  Page write(IssueQuery query, int perPage, long page, boolean detailed, Bytes out);

  /** Adds an issue to a buffer; false where there is none of this number. */
  boolean write(int number, boolean detailed, Bytes out);
}

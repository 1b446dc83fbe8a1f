package trackersync.toy;

/** The Link header of a page of issues: prev, next, last, first, in GitHub's order. */
final class PageLinks {
  private PageLinks() {}

  /**
   * Writes the header's value; empty where there is a single page.
   *
   * @param address what comes before the query, question mark included
   */
  static String of(
      ToyRequest request, IssueSource.Page written, String address, int page, long pages) {
    if (pages <= 1 && page <= 1) {
      return "";
    }
    StringBuilder link = new StringBuilder();
    if (page > 1) {
      relation(link, request, written, address, Math.max(1, Math.min(page - 1, pages)), "prev");
    }
    if (page < pages) {
      relation(link, request, written, address, page + 1, "next");
      relation(link, request, written, address, pages, "last");
    }
    if (page > 1) {
      relation(link, request, written, address, 1, "first");
    }
    return link.toString();
  }

  private static void relation(
      StringBuilder link,
      ToyRequest request,
      IssueSource.Page written,
      String address,
      long page,
      String name) {
    String recorded = written.linkQuery();
    String query =
        recorded == null
            ? request.queryForPage(page)
            : recorded + (recorded.isEmpty() ? "" : "&") + "page=" + page;
    link.append(link.isEmpty() ? "<" : ", <");
    link.append(address).append(query).append(">; rel=\"").append(name).append('"');
  }
}

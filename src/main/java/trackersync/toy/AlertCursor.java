package trackersync.toy;

/**
 * Which page of alerts is wanted.
 *
 * @param back the page before the place, not the one after it
 * @param place number 0 stands for the list's beginning
 */
record AlertCursor(boolean back, PageCursor place) {
  static final AlertCursor START = new AlertCursor(false, new PageCursor(0, 0, 1));

  /** Reads the cursor's parameters; an exception's message is the name of the wrong one. */
  static AlertCursor of(ToyRequest request) {
    String after = request.parameter("after");
    String before = request.parameter("before");
    boolean back = before != null && !before.isEmpty();
    if (back && after != null && !after.isEmpty()) {
      throw new IllegalArgumentException("before");
    }
    String text = back ? before : after;
    try {
      return text == null || text.isEmpty() ? START : new AlertCursor(back, PageCursor.parse(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(back ? "before" : "after", e);
    }
  }

  boolean starts() {
    return place.number() == 0;
  }

  /** The query of a request for the page at this cursor. */
  String query(ToyRequest request) {
    String bare = ToyRequest.with(request.queryWith("before", null), "after", null);
    return this.equals(START)
        ? bare
        : ToyRequest.with(bare, back ? "before" : "after", place.text());
  }

  /** The query of a request that finds the same alerts once more, as the page after this one. */
  String again(ToyRequest request) {
    return new AlertCursor(back, new PageCursor(place.time(), place.number(), place.page() + 1))
        .query(request);
  }
}

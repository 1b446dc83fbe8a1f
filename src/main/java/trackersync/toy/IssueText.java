package trackersync.toy;

import java.nio.charset.StandardCharsets;

/** Titles and bodies, drawn from the hand-written words; the same for every tracker. */
final class IssueText {
  private static final byte[] GAP = "\\r\\n\\r\\n".getBytes(StandardCharsets.US_ASCII);

  private IssueText() {}

  /** Adds a title inside a JSON string, without the quotes. */
  static void title(Bytes out, Change change, long draw, long more) {
    if (change.title() != null) {
      out.putJson(change.title());
      return;
    }
    ToyData data = ToyData.shared();
    int mark = Draw.pick(draw ^ more, 8, 100);
    if (mark < 4) {
      out.put(data.marks[Draw.pick(draw, 24, data.marks.length)]).put(' ');
    }
    out.put(data.subjects[Draw.pick(more, 0, data.subjects.length)]).put(' ');
    out.put(data.problems[Draw.pick(more, 20, data.problems.length)]).put(' ');
    out.put(data.places[Draw.pick(more, 40, data.places.length)]);
    if (mark > 97) {
      out.put(' ').put(data.marks[Draw.pick(draw, 24, data.marks.length)]);
    }
  }

  /** Adds a body as a JSON string; false, and nothing added, for an issue that has none. */
  static boolean body(Bytes out, int number, long third, ToyRepository repository) {
    if (!hasBody(third)) {
      return false;
    }
    ToyData data = ToyData.shared();
    out.put("\"Report ").put(number).put(" of ").put(repository.fullName()).put('.').put(GAP);
    for (int paragraph : paragraphs(third)) {
      out.put(data.paragraphs[paragraph]);
    }
    out.put('"');
    return true;
  }

  static boolean hasBody(long third) {
    return Draw.pick(third, 24, 100) >= 3;
  }

  /** Places in {@link ToyData#paragraphs}. */
  static int[] paragraphs(long third) {
    int[] places = new int[6 + Draw.pick(third, 8, 4)];
    long draw = third;
    for (int i = 0; i < places.length; i++) {
      if (i % 6 == 0) {
        draw = Draw.mix(draw);
      }
      places[i] = (int) (draw >>> (i % 6 * 9)) & 511;
    }
    return places;
  }
}

package trackersync.toy;

import java.util.List;

/** Writes the bugs of one release as JSON. */
final class BugsbyBugWriter implements RecordWriter {
  private static final List<String> FIELDS =
      List.of("severity", "priority", "bug_type", "component", BugsbyNature.ASSIGNEE);

  private final ToyRepository release;
  private final BugIds ids;
  private final BugsbyNature nature;

  BugsbyBugWriter(ToyRepository release, BugIds ids, BugsbyNature nature) {
    this.release = release;
    this.ids = ids;
    this.nature = nature;
  }

  @Override
  public void write(Bytes out, int number, boolean detailed) {
    long draw = release.draw(number);
    long more = Draw.mix(draw);
    long third = Draw.mix(more);
    out.put("{\"bug_id\":\"").put(ids.of(release.fullName(), number)).put("\",\"title\":\"");
    IssueText.title(out, release.change(number), draw, more);
    out.put("\",\"description\":");
    BugsbyNature.Edited description = nature.edited(release, number, "description");
    if (description != null) {
      text(out, description.value());
    } else if (!IssueText.body(out, number, third, release)) {
      out.put(number % 2 == 0 ? "null" : "\"\"");
    }
    out.put(",\"release\":");
    text(out, release.fullName());
    for (String field : FIELDS) {
      out.put(",\"").put(field).put("\":");
      text(out, nature.field(release, number, field));
    }
    out.put(",\"status\":");
    text(out, nature.field(release, number, BugsbyNature.STATUS));
    out.put(",\"created_at\":\"").putTime(release.createdAt(number));
    out.put("\",\"updated_at\":\"").putTime(release.updatedAt(number)).put("\"}");
  }

  private static void text(Bytes out, String value) {
    if (value == null) {
      out.put("null");
    } else {
      out.put('"').putJson(value).put('"');
    }
  }
}

package trackersync.toy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Writes the issues of one repository as GitHub's JSON. */
final class IssueWriter implements RecordWriter {
  private static final String[] ASSOCIATIONS = {
    "NONE", "CONTRIBUTOR", "COLLABORATOR", "MEMBER", "OWNER"
  };

  private final ToyRepository repository;
  private final ToyData data = ToyData.shared();
  private final byte[] url;
  private final byte[] head;
  private final byte[] html;
  private final byte[] pull;
  private final byte[] pullHtml;
  private final long idBase;

  IssueWriter(ToyRepository repository) {
    this.repository = repository;
    String api = ToyData.API + "/repos/" + repository.fullName();
    String web = ToyData.WEB + "/" + repository.fullName();
    url = ascii(api + "/issues/");
    head = ascii("{\"repository_url\":\"" + api + "\",\"url\":\"" + api + "/issues/");
    html = ascii(web + "/issues/");
    pull = ascii(api + "/pulls/");
    pullHtml = ascii(web + "/pull/");
    // Below 2^53, so that programs with floating point numbers keep it
    idBase = (repository.seed() & 0x3FFF_FFFF) * 4_000_000L + 1_000_000_000L;
  }

  /** Adds an issue; {@code assignee} is gone from version 2026-03-10 on. */
  @Override
  public void write(Bytes out, int number, boolean withAssignee) {
    long draw = repository.draw(number);
    long more = Draw.mix(draw);
    long third = Draw.mix(more);
    Change change = repository.change(number);
    boolean closed = repository.closed(number);
    boolean pullRequest = repository.pullRequest(number);
    long createdAt = repository.createdAt(number);
    long updatedAt = repository.updatedAt(number);
    long id = idBase + number;
    int comments = repository.comments(number);

    out.put(head).put(number);
    out.put("\",\"labels_url\":\"")
        .put(url)
        .put(number)
        .put("/labels{/name}\",\"comments_url\":\"");
    out.put(url).put(number).put("/comments\",\"events_url\":\"").put(url).put(number);
    out.put("/events\",\"html_url\":\"").put(pullRequest ? pullHtml : html).put(number);
    out.put("\",\"id\":").put(id);
    out.put(pullRequest ? ",\"node_id\":\"PR_toy" : ",\"node_id\":\"I_toy").put(id);
    out.put("\",\"number\":").put(number).put(",\"title\":\"");
    IssueText.title(out, change, draw, more);
    out.put("\",\"user\":").put(user(more, 16).json()).put(",\"labels\":");
    labels(out, number, change);
    out.put(",\"state\":\"").put(closed ? "closed" : "open");
    boolean locked = Draw.pick(more, 32, 100) == 0;
    out.put("\",\"locked\":").put(locked ? "true" : "false");
    people(out, draw, third, withAssignee);
    out.put(",\"milestone\":");
    milestone(out, third);
    out.put(",\"comments\":").put(comments);
    out.put(",\"created_at\":\"").putTime(createdAt);
    out.put("\",\"updated_at\":\"").putTime(updatedAt);
    if (closed) {
      out.put("\",\"closed_at\":\"").putTime(Math.max(createdAt, updatedAt)).put('"');
    } else {
      out.put("\",\"closed_at\":null");
    }
    out.put(",\"author_association\":\"").put(ASSOCIATIONS[Draw.pick(more, 48, 5)]);
    out.put("\",\"type\":null,\"active_lock_reason\":").put(locked ? "\"resolved\"" : "null");
    if (pullRequest) {
      pullRequest(out, number, closed, Math.max(createdAt, updatedAt), draw);
    }
    out.put(",\"sub_issues_summary\":{\"total\":0,\"completed\":0,\"percent_completed\":0}");
    out.put(",\"issue_dependencies_summary\":{\"blocked_by\":0,\"total_blocked_by\":0,");
    out.put("\"blocking\":0,\"total_blocking\":0},\"body\":");
    if (!IssueText.body(out, number, third, repository)) {
      out.put("null");
    }
    int hearts = Draw.pick(third, 40, 5);
    out.put(",\"reactions\":{\"url\":\"").put(url).put(number);
    out.put("/reactions\",\"total_count\":").put(hearts).put(",\"+1\":").put(hearts);
    out.put(",\"-1\":0,\"laugh\":0,\"hooray\":0,\"confused\":0,\"heart\":0,\"rocket\":0,");
    out.put("\"eyes\":0},\"timeline_url\":\"").put(url).put(number);
    out.put("/timeline\",\"performed_via_github_app\":null,\"state_reason\":");
    out.put(reason(closed, pullRequest, draw)).put('}');
  }

  private ToyData.User user(long draw, int shift) {
    int drawn = Draw.pick(draw, shift, 1_000);
    return drawn < 15 ? data.ghost : data.users.get(drawn % data.users.size());
  }

  private void labels(Bytes out, int number, Change change) {
    out.put('[');
    if (change.labels() == null) {
      int[] places = repository.labelsMade(number);
      for (int i = 0; i < places.length; i++) {
        (i == 0 ? out : out.put(',')).put(data.labels.get(places[i]).json());
      }
    } else {
      String comma = "";
      for (String name : change.labels()) {
        out.put(comma).put(label(name).json());
        comma = ",";
      }
    }
    out.put(']');
  }

  private ToyData.Label label(String name) {
    for (ToyData.Label known : data.labels) {
      if (known.name().equalsIgnoreCase(name)) {
        return known;
      }
    }
    long id = 800_000_000L + (Draw.mix(1, name.toLowerCase(Locale.ROOT)) & 0xFF_FFFF);
    return ToyData.label(name, "ededed", "", id);
  }

  private void people(Bytes out, long draw, long third, boolean withAssignee) {
    int drawn = Draw.pick(draw ^ third, 4, 100);
    int count = drawn < 75 ? 0 : drawn < 96 ? 1 : 2;
    ToyData.User first = data.users.get(Draw.pick(third, 0, data.users.size()));
    if (withAssignee) {
      out.put(",\"assignee\":");
      out.put(count == 0 ? NULL : first.json());
    }
    out.put(",\"assignees\":[");
    if (count > 0) {
      out.put(first.json());
    }
    if (count > 1) {
      int second = Draw.pick(third, 0, data.users.size()) + 1;
      out.put(',').put(data.users.get(second % data.users.size()).json());
    }
    out.put(']');
  }

  private static final byte[] NULL = ascii("null");

  private void milestone(Bytes out, long third) {
    int drawn = Draw.pick(third, 16, 100);
    if (drawn >= 12) {
      out.put("null");
      return;
    }
    int place = drawn % data.milestones.size();
    List<String> words = List.of(data.milestones.get(place));
    String base = ToyData.API + "/repos/" + repository.fullName() + "/milestones/" + (place + 1);
    out.put("{\"url\":\"").put(base).put("\",\"html_url\":\"" + ToyData.WEB + "/");
    out.put(repository.fullName()).put("/milestone/").put(place + 1);
    out.put("\",\"labels_url\":\"").put(base).put("/labels\",\"id\":");
    long id = 5_000_000 + (repository.seed() & 0xF_FFFF) * 10 + place;
    out.put(id).put(",\"node_id\":\"MI_toy").put(id).put("\",\"number\":").put(place + 1);
    out.put(",\"title\":\"").putJson(words.get(0)).put("\",\"description\":\"");
    out.putJson(words.get(1)).put("\",\"creator\":").put(data.users.get(place).json());
    out.put(",\"open_issues\":4,\"closed_issues\":8,\"state\":\"open\",");
    out.put("\"created_at\":\"2020-01-02T08:00:00Z\",\"updated_at\":\"2024-05-06T07:08:09Z\",");
    out.put("\"due_on\":null,\"closed_at\":null}");
  }

  private void pullRequest(Bytes out, int number, boolean closed, long closedAt, long draw) {
    out.put(",\"draft\":").put(!closed && (draw >>> 40) % 5 == 0 ? "true" : "false");
    out.put(",\"pull_request\":{\"url\":\"").put(pull).put(number);
    out.put("\",\"html_url\":\"").put(pullHtml).put(number);
    out.put("\",\"diff_url\":\"").put(pullHtml).put(number);
    out.put(".diff\",\"patch_url\":\"").put(pullHtml).put(number).put(".patch\",\"merged_at\":");
    if (closed && (draw >>> 41) % 4 != 0) {
      out.put('"').putTime(closedAt).put("\"}");
    } else {
      out.put("null}");
    }
  }

  private static String reason(boolean closed, boolean pullRequest, long draw) {
    if (!closed || pullRequest) {
      return "null";
    }
    int drawn = (int) ((draw >>> 42) & 15);
    return drawn < 12 ? "\"completed\"" : drawn < 15 ? "\"not_planned\"" : "\"duplicate\"";
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

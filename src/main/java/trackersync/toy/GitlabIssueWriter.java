package trackersync.toy;

import java.util.List;
import java.util.Locale;

/** Writes the issues of one project as GitLab's JSON. */
final class GitlabIssueWriter implements RecordWriter {
  private static final String[] SEVERITIES = {"LOW", "MEDIUM", "HIGH", "CRITICAL"};

  private final ToyRepository project;
  private final GitlabNature nature;
  private final ToyData words = ToyData.shared();
  private final GitlabData data = GitlabData.shared();
  private final String api;
  private final String web;
  private final long idBase;

  GitlabIssueWriter(ToyRepository project, GitlabNature nature) {
    this.project = project;
    this.nature = nature;
    api = GitlabData.API + "/projects/" + project.id();
    web = GitlabData.WEB + "/" + project.fullName() + "/-/";
    // Below 2^53, so that programs with floating point numbers keep it
    idBase = (project.seed() & 0x3FFF_FFFF) * 4_000_000L + 1_000_000_000L;
  }

  @Override
  public void write(Bytes out, int number, boolean withLabelDetails) {
    long draw = project.draw(number);
    long more = Draw.mix(draw);
    long third = Draw.mix(more);
    Change change = project.change(number);
    boolean closed = project.closed(number);
    long createdAt = project.createdAt(number);
    long updatedAt = project.updatedAt(number);
    String type = nature.type(project, number);

    out.put("{\"id\":").put(idBase + number).put(",\"iid\":").put(number);
    out.put(",\"project_id\":").put(project.id()).put(",\"title\":\"");
    IssueText.title(out, change, draw, more);
    out.put("\",\"description\":");
    if (!IssueText.body(out, number, third, project)) {
      out.put(number % 2 == 0 ? "null" : "\"\"");
    }
    out.put(",\"state\":\"").put(closed ? "closed" : "opened");
    out.put("\",\"created_at\":\"").putMillis(createdAt);
    out.put("\",\"updated_at\":\"").putMillis(updatedAt);
    closing(out, closed, Math.max(createdAt, updatedAt), more);
    out.put(",\"labels\":");
    labels(out, number, change, withLabelDetails);
    out.put(",\"milestone\":");
    milestone(out, third);
    people(out, draw, more, third);
    out.put(",\"type\":\"").put(type.toUpperCase(Locale.ROOT));
    out.put("\",\"user_notes_count\":").put(project.comments(number));
    out.put(",\"merge_requests_count\":").put(Draw.pick(third, 36, 3));
    out.put(",\"upvotes\":").put(Draw.pick(third, 40, 5)).put(",\"downvotes\":0");
    out.put(",\"start_date\":null,\"due_date\":");
    if (Draw.pick(more, 4, 10) == 0) {
      out.put("\"20").put(21 + Draw.pick(more, 8, 9)).put("-06-30\"");
    } else {
      out.put("null");
    }
    out.put(",\"confidential\":").put("" + nature.confidential(project, number));
    out.put(",\"discussion_locked\":").put(Draw.pick(more, 32, 100) == 0 ? "true" : "null");
    out.put(",\"issue_type\":\"").put(type);
    out.put("\",\"web_url\":\"").put(web).put("work_items/").put(number);
    out.put("\",\"time_stats\":{\"time_estimate\":0,\"total_time_spent\":0,");
    out.put("\"human_time_estimate\":null,\"human_total_time_spent\":null},");
    out.put("\"task_completion_status\":{\"count\":0,\"completed_count\":0},\"weight\":");
    int weight = Draw.pick(third, 44, 12);
    out.put(weight < 8 ? "null" : "" + (weight - 7));
    out.put(",\"blocking_issues_count\":0,\"has_tasks\":true,");
    out.put("\"task_status\":\"0 of 0 checklist items completed\",\"_links\":{\"self\":\"");
    out.put(api).put("/issues/").put(number).put("\",\"notes\":\"").put(api).put("/issues/");
    out.put(number).put("/notes\",\"award_emoji\":\"").put(api).put("/issues/").put(number);
    out.put("/award_emoji\",\"project\":\"").put(api).put("\",\"closed_as_duplicate_of\":null},");
    out.put("\"references\":{\"short\":\"#").put(number).put("\",\"relative\":\"#").put(number);
    out.put("\",\"full\":\"").put(project.fullName()).put('#').put(number);
    out.put("\"},\"severity\":\"");
    out.put(type.equals("incident") ? SEVERITIES[Draw.pick(more, 44, 4)] : "UNKNOWN");
    out.put("\",\"moved_to_id\":null,\"imported\":false,\"imported_from\":\"none\",");
    out.put("\"service_desk_reply_to\":null}");
  }

  private byte[] user(long draw, int shift) {
    int drawn = Draw.pick(draw, shift, 1_000);
    return drawn < 15 ? data.ghost : data.users.get(drawn % data.users.size());
  }

  /** Who closed an issue is unknown once the account is gone. */
  private void closing(Bytes out, boolean closed, long at, long more) {
    if (!closed) {
      out.put("\",\"closed_at\":null,\"closed_by\":null");
      return;
    }
    out.put("\",\"closed_at\":\"").putMillis(at).put("\",\"closed_by\":");
    int drawn = Draw.pick(more, 24, 100);
    if (drawn < 3) {
      out.put("null");
    } else {
      out.put(data.users.get(drawn % data.users.size()));
    }
  }

  private void labels(Bytes out, int number, Change change, boolean details) {
    out.put('[');
    if (change.labels() == null) {
      int[] places = project.labelsMade(number);
      for (int i = 0; i < places.length; i++) {
        GitlabData.Label label = data.labels.get(places[i]);
        (i == 0 ? out : out.put(',')).put(details ? label.details() : label.json());
      }
    } else {
      String comma = "";
      for (String name : change.labels()) {
        GitlabData.Label label = label(name);
        out.put(comma).put(details ? label.details() : label.json());
        comma = ",";
      }
    }
    out.put(']');
  }

  private GitlabData.Label label(String name) {
    for (GitlabData.Label known : data.labels) {
      if (known.name().equals(name)) {
        return known;
      }
    }
    return GitlabData.label(name, "#dcdcde", "", 50_000 + (Draw.mix(1, name) & 0xFF_FFFF));
  }

  private void milestone(Bytes out, long third) {
    int drawn = Draw.pick(third, 16, 100);
    if (drawn >= 12) {
      out.put("null");
      return;
    }
    int place = drawn % words.milestones.size();
    List<String> text = List.of(words.milestones.get(place));
    out.put("{\"id\":").put(700_000 + (project.seed() & 0xF_FFFF) * 10 + place);
    out.put(",\"iid\":").put(place + 1).put(",\"project_id\":").put(project.id());
    out.put(",\"title\":\"").putJson(text.get(0)).put("\",\"description\":\"");
    out.putJson(text.get(1)).put("\",\"state\":\"active\",");
    out.put("\"created_at\":\"2020-01-02T08:00:00.301Z\",");
    out.put("\"updated_at\":\"2024-05-06T07:08:09.401Z\",\"due_date\":null,\"start_date\":null,");
    out.put("\"expired\":false,\"web_url\":\"").put(web).put("milestones/").put(place + 1);
    out.put("\"}");
  }

  private void people(Bytes out, long draw, long more, long third) {
    int drawn = Draw.pick(draw ^ third, 4, 100);
    int count = drawn < 75 ? 0 : drawn < 96 ? 1 : 2;
    int first = Draw.pick(third, 0, data.users.size());
    out.put(",\"assignees\":[");
    for (int i = 0; i < count; i++) {
      (i == 0 ? out : out.put(',')).put(data.users.get((first + i) % data.users.size()));
    }
    out.put("],\"author\":").put(user(more, 16)).put(",\"assignee\":");
    if (count == 0) {
      out.put("null");
    } else {
      out.put(data.users.get(first));
    }
  }
}

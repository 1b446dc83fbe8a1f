package trackersync.toy;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes the issues of one repository as Bitbucket's JSON. */
final class BitbucketIssueWriter implements RecordWriter {
  private final ToyRepository repository;
  private final ToyData words = ToyData.shared();
  private final BitbucketData data = BitbucketData.shared();
  private final String api;
  private final byte[] home;

  BitbucketIssueWriter(ToyRepository repository) {
    this.repository = repository;
    api = BitbucketData.API + "/repositories/" + repository.fullName();
    home = condensed(repository.fullName()).getBytes(StandardCharsets.UTF_8);
  }

  private static String web(String fullName) {
    return BitbucketData.WEB + "/" + fullName;
  }

  /** A repository as other records hold it. */
  static String condensed(String fullName) {
    String uuid = BitbucketData.uuid(fullName);
    return "{\"type\":\"repository\",\"full_name\":\"%s\",\"links\":{\"self\":{\"href\":\"%s\"},"
            .formatted(fullName, BitbucketData.API + "/repositories/" + fullName)
        + "\"html\":{\"href\":\"%s\"},".formatted(web(fullName))
        + "\"avatar\":{\"href\":\"%s/ravatar/%s\"}},"
            .formatted(BitbucketData.WEB, uuid.replace("{", "%7B").replace("}", "%7D"))
        + "\"name\":\"%s\",\"uuid\":\"%s\"}"
            .formatted(fullName.substring(fullName.indexOf('/') + 1), uuid);
  }

  @Override
  public void write(Bytes out, int number, boolean detailed) {
    long draw = repository.draw(number);
    long more = Draw.mix(draw);
    long third = Draw.mix(more);
    out.put("{\"type\":\"issue\",\"id\":").put(number).put(",\"repository\":").put(home);
    links(out, number);
    out.put(",\"title\":\"");
    IssueText.title(out, repository.change(number), draw, more);
    out.put("\",\"content\":");
    content(out, number, third);
    int reporter = Draw.pick(more, 16, 1_000);
    out.put(",\"reporter\":");
    user(out, reporter < 15 ? -1 : reporter);
    int assignee = Draw.pick(third, 4, 100);
    out.put(",\"assignee\":");
    user(out, assignee < 60 ? -1 : assignee);
    out.put(",\"created_on\":\"").putMicros(repository.createdAt(number));
    out.put("\",\"edited_on\":null,\"updated_on\":\"").putMicros(repository.updatedAt(number));
    out.put("\",\"state\":\"").put(BitbucketNature.state(repository, number));
    out.put("\",\"kind\":\"").put(BitbucketNature.kind(repository, number));
    out.put("\",\"milestone\":");
    List<String> titles = words.milestones.stream().map(m -> m[0]).toList();
    named(out, "milestone", titles, Draw.pick(third, 16, 40));
    out.put(",\"component\":");
    named(out, "component", data.components, Draw.pick(third, 32, 12));
    out.put(",\"priority\":\"").put(BitbucketNature.priority(repository, number));
    out.put("\",\"version\":");
    named(out, "version", data.versions, Draw.pick(third, 40, 20));
    out.put(",\"votes\":").put(Draw.pick(more, 32, 5));
    out.put(",\"watches\":").put(1 + Draw.pick(more, 40, 4)).put('}');
  }

  private void links(Bytes out, int number) {
    out.put(",\"links\":{\"self\":{\"href\":\"").put(api).put("/issues/").put(number);
    out.put("\"},\"html\":{\"href\":\"").put(web(repository.fullName())).put("/issues/");
    out.put(number).put("\"}");
    for (String name : List.of("comments", "attachments", "watch", "vote")) {
      out.put(",\"").put(name).put("\":{\"href\":\"").put(api).put("/issues/").put(number);
      out.put('/').put(name).put("\"}");
    }
    out.put('}');
  }

  private void content(Bytes out, int number, long third) {
    out.put("{\"type\":\"rendered\",\"raw\":");
    if (!IssueText.body(out, number, third, repository)) {
      out.put(number % 2 == 0 ? "null" : "\"\"").put(",\"markup\":\"markdown\",\"html\":\"\"}");
      return;
    }
    out.put(",\"markup\":\"markdown\",\"html\":\"<p>Report ").put(number).put(" of ");
    out.put(repository.fullName()).put(".</p>\\n");
    for (int paragraph : IssueText.paragraphs(third)) {
      out.put(data.html[paragraph]);
    }
    out.put("\"}");
  }

  /** Somebody; null for a negative number, as where an account is gone. */
  private void user(Bytes out, int drawn) {
    if (drawn < 0) {
      out.put("null");
    } else {
      out.put(data.users.get(drawn % data.users.size()));
    }
  }

  /** One of the names, or null where the drawn number is higher than their count. */
  private void named(Bytes out, String type, List<String> names, int drawn) {
    if (drawn >= names.size()) {
      out.put("null");
      return;
    }
    out.put("{\"type\":\"").put(type).put("\",\"id\":").put(drawn + 1);
    out.put(",\"name\":\"").putJson(names.get(drawn)).put("\",\"links\":{\"self\":{\"href\":\"");
    out.put(api).put('/').put(type).put("s/").put(drawn + 1).put("\"}}}");
  }
}

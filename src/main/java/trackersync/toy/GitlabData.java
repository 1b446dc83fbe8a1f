package trackersync.toy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The words of {@code demo/gitlab}, made ready to be copied into JSON. */
final class GitlabData {
  /** Where records point to; a name that can never belong to anybody (RFC 2606). */
  static final String WEB = "https://gitlab.example";

  static final String API = WEB + "/api/v4";

  /**
   * A label in its two forms.
   *
   * @param json the name alone, quoted
   */
  record Label(String name, byte[] json, byte[] details) {}

  /**
   * What a finding is about.
   *
   * @param solution empty for none
   */
  record Flaw(
      String type, String severity, String scanner, String name, String file, String solution) {}

  private static final GitlabData SHARED = new GitlabData();

  final List<byte[]> users = new ArrayList<>();
  final byte[] ghost;
  final List<Label> labels = new ArrayList<>();
  final List<Flaw> flaws = new ArrayList<>();

  private GitlabData() {
    for (ToyData.User user : ToyData.shared().users) {
      users.add(user(user.login(), name(user.login()), 1_000_000L + users.size() * 1_373L));
    }
    ghost = user("ghost", "Ghost User", 1_243_277);
    for (String line : ToyData.lines("gitlab", "labels.txt")) {
      String[] parts = line.split("\\|", -1);
      labels.add(
          label(parts[0].strip(), parts[1].strip(), parts[2].strip(), 40_000L + labels.size()));
    }
    for (String line : ToyData.lines("gitlab", "findings.txt")) {
      String[] parts = line.split("\\s*\\|\\s*", -1);
      flaws.add(new Flaw(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]));
    }
  }

  static GitlabData shared() {
    return SHARED;
  }

  /** A name that fits a login: {@code mara-lind} is Mara Lind. */
  static String name(String login) {
    StringBuilder name = new StringBuilder();
    for (String part : login.split("-")) {
      name.append(name.isEmpty() ? "" : " ")
          .append(Character.toUpperCase(part.charAt(0)))
          .append(part.substring(1));
    }
    return name.toString();
  }

  static Label label(String name, String color, String description, long id) {
    String quoted = ToyApi.quoted(name);
    String about = description.isEmpty() ? "null" : ToyApi.quoted(description);
    String details =
        "{\"id\":%d,\"name\":%s,\"description\":%s,\"description_html\":%s,"
                .formatted(id, quoted, about, description.isEmpty() ? "\"\"" : about)
            + "\"color\":\"%s\",\"text_color\":\"#FFFFFF\",\"archived\":false}".formatted(color);
    return new Label(
        name, quoted.getBytes(StandardCharsets.UTF_8), details.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] user(String login, String name, long id) {
    return ("{\"id\":%d,\"username\":\"%s\",\"public_email\":\"\",\"name\":\"%s\","
                .formatted(id, login, name)
            + "\"state\":\"active\",\"locked\":false,\"avatar_url\":%s,"
                .formatted(id % 5 == 0 ? "null" : "\"" + WEB + "/uploads/user/" + id + ".png\"")
            + "\"web_url\":\"%s/%s\"}".formatted(WEB, login))
        .getBytes(StandardCharsets.UTF_8);
  }
}

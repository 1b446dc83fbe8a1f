package trackersync.toy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The hand-written words of {@code demo/github}, made ready to be copied into JSON. */
final class ToyData {
  /** Where records point to; a name that can never belong to anybody (RFC 2606). */
  static final String API = "https://api.github.example";

  static final String WEB = "https://github.example";
  private static final int PARAGRAPHS = 512;

  record Label(String name, byte[] json) {}

  /** A user's login and the whole object as the API gives it. */
  record User(String login, byte[] json) {}

  private static final ToyData SHARED = new ToyData();

  final List<User> users;
  final User ghost;
  final List<Label> labels;
  final byte[][] subjects;
  final byte[][] problems;
  final byte[][] places;
  final byte[][] marks;

  /** Parts of a body, JSON-escaped, each ending in an empty line. */
  final byte[][] paragraphs;

  final List<String[]> milestones;

  private ToyData() {
    List<User> some = new ArrayList<>();
    for (String login : lines("users.txt")) {
      some.add(user(login, 90_000_000L + some.size() * 1_373L));
    }
    users = List.copyOf(some);
    ghost = user("ghost", 10_137);
    List<Label> named = new ArrayList<>();
    for (String line : lines("labels.txt")) {
      String[] parts = line.split("\\|", -1);
      named.add(
          label(parts[0].strip(), parts[1].strip(), parts[2].strip(), 700_000_000L + named.size()));
    }
    labels = List.copyOf(named);
    subjects = json("subjects.txt");
    problems = json("problems.txt");
    places = json("places.txt");
    marks = json("marks.txt");
    milestones = lines("milestones.txt").stream().map(line -> line.split("\\s*\\|\\s*")).toList();
    paragraphs = paragraphs(lines("sentences.txt"), blocks());
  }

  static ToyData shared() {
    return SHARED;
  }

  static Label label(String name, String color, String description, long id) {
    Bytes out = new Bytes(256);
    out.put("{\"id\":").put(id).put(",\"node_id\":\"LA_toy").put(id);
    out.put("\",\"url\":\"" + API + "/labels/").put(id);
    out.put("\",\"name\":\"").putJson(name);
    out.put("\",\"color\":\"").put(color).put("\",\"default\":").put("" + (id < 700_000_007L));
    out.put(",\"description\":");
    if (description.isEmpty()) {
      out.put("null}");
    } else {
      out.put('"').putJson(description).put("\"}");
    }
    return new Label(name, out.toByteArray());
  }

  static User user(String login, long id) {
    String api = API + "/users/" + login;
    String json =
        "{\"login\":\"%s\",\"id\":%d,\"node_id\":\"U_toy%d\",".formatted(login, id, id)
            + "\"avatar_url\":\"https://avatars.github.example/u/%d?v=4\",".formatted(id)
            + "\"gravatar_id\":\"\",\"url\":\"%s\",".formatted(api)
            + "\"html_url\":\"%s/%s\",".formatted(WEB, login)
            + "\"followers_url\":\"%s/followers\",".formatted(api)
            + "\"following_url\":\"%s/following{/other_user}\",".formatted(api)
            + "\"gists_url\":\"%s/gists{/gist_id}\",".formatted(api)
            + "\"starred_url\":\"%s/starred{/owner}{/repo}\",".formatted(api)
            + "\"subscriptions_url\":\"%s/subscriptions\",".formatted(api)
            + "\"organizations_url\":\"%s/orgs\",".formatted(api)
            + "\"repos_url\":\"%s/repos\",".formatted(api)
            + "\"events_url\":\"%s/events{/privacy}\",".formatted(api)
            + "\"received_events_url\":\"%s/received_events\",".formatted(api)
            + "\"type\":\"User\",\"user_view_type\":\"public\",\"site_admin\":false}";
    return new User(login, json.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[][] paragraphs(List<String> sentences, List<String> blocks) {
    byte[][] made = new byte[PARAGRAPHS][];
    for (int i = 0; i < PARAGRAPHS; i++) {
      long draw = Draw.mix(4_711, i);
      StringBuilder text = new StringBuilder();
      if (i % 3 == 2) {
        text.append(blocks.get(Draw.pick(draw, 0, blocks.size())));
      } else {
        int count = 4 + Draw.pick(draw, 0, 4);
        for (int s = 0; s < count; s++) {
          draw = Draw.mix(draw);
          text.append(s == 0 ? "" : " ")
              .append(sentences.get(Draw.pick(draw, 0, sentences.size())));
        }
      }
      made[i] = Bytes.json(text.append("\r\n\r\n").toString());
    }
    return made;
  }

  private static byte[][] json(String file) {
    return lines(file).stream().map(Bytes::json).toArray(byte[][]::new);
  }

  private static List<String> lines(String file) {
    return read(file)
        .lines()
        .map(String::strip)
        .filter(l -> !l.isEmpty() && !l.startsWith("# "))
        .toList();
  }

  private static List<String> blocks() {
    return List.of(read("blocks.txt").strip().replace("\n", "\r\n").split("\r\n%%\r\n"));
  }

  private static String read(String file) {
    String path = "/demo/github/" + file;
    try (InputStream in = ToyData.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(
            "toy: " + path + " is not on the class path. Build the project again (mvn package).");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("toy: cannot read " + path, e);
    }
  }
}

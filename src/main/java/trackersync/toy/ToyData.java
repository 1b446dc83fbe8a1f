package trackersync.toy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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

  /**
   * What a Dependabot alert is about; packages and numbers are invented.
   *
   * @param severity low, medium, high or critical
   * @param fixed the first version without it; empty while there is none
   * @param cve null for one that has no number
   */
  record Advisory(
      String ecosystem,
      String name,
      String manifest,
      String severity,
      double score,
      String range,
      String fixed,
      String weakness,
      String weaknessName,
      String summary,
      String ghsa,
      String cve) {}

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

  /** The same parts, as they are. */
  final String[] texts;

  final List<String[]> milestones;
  final List<Advisory> advisories;

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
    texts = paragraphs(lines("sentences.txt"), blocks());
    paragraphs = Arrays.stream(texts).map(Bytes::json).toArray(byte[][]::new);
    List<Advisory> made = new ArrayList<>();
    for (String line : lines("advisories.txt")) {
      made.add(advisory(line.split("\\s*\\|\\s*", -1), made.size()));
    }
    advisories = List.copyOf(made);
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

  private static Advisory advisory(String[] parts, int place) {
    String letters = "23456789cfghjmpqrvwx";
    StringBuilder ghsa = new StringBuilder("GHSA");
    long draw = Draw.mix(0x6457A, place);
    for (int i = 0; i < 12; i++) {
      ghsa.append(i % 4 == 0 ? "-" : "").append(letters.charAt(Draw.pick(draw, 0, 20)));
      draw = Draw.mix(draw);
    }
    return new Advisory(
        parts[0],
        parts[1],
        parts[2],
        parts[3],
        Double.parseDouble(parts[4]),
        parts[5],
        parts[6],
        parts[7],
        parts[8],
        parts[9],
        ghsa.toString(),
        // A year that has not come: no such number can have been given
        place % 5 == 4 ? null : "CVE-2099-%05d".formatted(10_000 + place));
  }

  private static String[] paragraphs(List<String> sentences, List<String> blocks) {
    String[] made = new String[PARAGRAPHS];
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
      made[i] = text.append("\r\n\r\n").toString();
    }
    return made;
  }

  private static byte[][] json(String file) {
    return lines(file).stream().map(Bytes::json).toArray(byte[][]::new);
  }

  private static List<String> lines(String file) {
    return lines("github", file);
  }

  /** The lines of a file of words, without comments and empty ones. */
  static List<String> lines(String tracker, String file) {
    return read(tracker, file)
        .lines()
        .map(String::strip)
        .filter(l -> !l.isEmpty() && !l.startsWith("# "))
        .toList();
  }

  private static List<String> blocks() {
    return List.of(read("github", "blocks.txt").strip().replace("\n", "\r\n").split("\r\n%%\r\n"));
  }

  private static String read(String tracker, String file) {
    String path = "/demo/" + tracker + "/" + file;
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

package trackersync.toy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** The words of {@code demo/bitbucket}, made ready to be copied into JSON. */
final class BitbucketData {
  /** Where records point to; a name that can never belong to anybody (RFC 2606). */
  static final String WEB = "https://bitbucket.example";

  static final String API = "https://api.bitbucket.example/2.0";
  private static final BitbucketData SHARED = new BitbucketData();

  final List<byte[]> users = new ArrayList<>();
  final List<String> components = ToyData.lines("bitbucket", "components.txt");
  final List<String> versions = ToyData.lines("bitbucket", "versions.txt");

  /** {@link ToyData#paragraphs} as HTML inside a JSON string. */
  final byte[][] html =
      Arrays.stream(ToyData.shared().texts)
          .map(text -> Bytes.json("<p>" + escaped(text.strip()) + "</p>\n"))
          .toArray(byte[][]::new);

  private BitbucketData() {
    for (ToyData.User user : ToyData.shared().users) {
      users.add(user(user.login()).getBytes(StandardCharsets.UTF_8));
    }
  }

  static BitbucketData shared() {
    return SHARED;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** A UUID in braces, drawn from a text. */
  static String uuid(String text) {
    long high = Draw.mix(0xB17B, text);
    long low = Draw.mix(high);
    UUID uuid = new UUID(high & ~0xF000L | 0x4000L, low & 0x3FFF_FFFF_FFFF_FFFFL | 1L << 63);
    return "{" + uuid + "}";
  }

  static String user(String login) {
    String uuid = uuid(login);
    String escaped = uuid.replace("{", "%7B").replace("}", "%7D");
    return "{\"display_name\":\"%s\",\"links\":{".formatted(GitlabData.name(login))
        + "\"self\":{\"href\":\"%s/users/%s\"},".formatted(API, escaped)
        + "\"avatar\":{\"href\":\"%s/avatars/%s.png\"},".formatted(WEB, escaped)
        + "\"html\":{\"href\":\"%s/%s/\"}},".formatted(WEB, escaped)
        + "\"type\":\"user\",\"uuid\":\"%s\",\"account_id\":\"%024x\",\"nickname\":\"%s\"}"
            .formatted(uuid, Draw.mix(0xACC, login), login);
  }
}

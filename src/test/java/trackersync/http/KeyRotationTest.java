package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trackersync.secret.Secrets;
import trackersync.settings.Settings;
import trackersync.testing.RunningApp;
import trackersync.toy.ToyGithub;
import trackersync.toy.ToyGithubOptions;

class KeyRotationTest {
  private static final String PATH = "/api/keys/rotate";

  @Test
  @DisplayName("ISSUE-2 where the key is a file of ours one call does it all, and syncs go on")
  void fileIsRotated(@TempDir Path data) throws IOException {
    try (ToyGithub toy = ToyGithub.start(ToyGithubOptions.builder().issues(30).build());
        RunningApp app = RunningApp.start(Map.of("data.dir", data.toString()))) {
      String id = app.connect("rotated", toy.baseUrl());
      byte[] before = sealed(app, id);
      Path file = data.resolve("keys/encryption.json");
      String keyset = Files.readString(file);

      JsonNode answer = admin(app).post(PATH, null).is(200).json();
      assertThat(answer.get("reencrypted").asInt()).isEqualTo(1);
      assertThat(answer.get("keysDropped").asInt()).isEqualTo(1);
      assertThat(answer.get("unreadable")).isEmpty();
      assertThat(sealed(app, id)).isNotEqualTo(before);
      assertThat(Files.readString(file)).isNotEqualTo(keyset);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      // what a restart would read
      assertThat(Secrets.inFile(file).decrypt(UUID.fromString(id), sealed(app, id)))
          .isEqualTo("canary-token-rotated");
      assertThat(app.sync("rotated", false).get("status")).isEqualTo("Completed");
      assertThat(
              app.count(
                  "select count(*) from audit_log where action = 'keys.rotate'"
                      + " and (detail ->> 'reencrypted')::int = 1"))
          .isEqualTo(1);
    }
  }

  @Test
  @DisplayName(
      "ISSUE-2 with encryption.key of two keys all is encrypted by the first, none forgotten")
  void settingIsFollowed() {
    String old = Secrets.newKeyset();
    try (RunningApp app = RunningApp.start(Map.of("encryption.key", Secrets.withFreshKey(old)))) {
      UUID readable =
          UUID.fromString(app.connect("readable", java.net.URI.create("http://127.0.0.1:9")));
      UUID foreign =
          UUID.fromString(app.connect("foreign", java.net.URI.create("http://127.0.0.1:9")));
      store(app, readable, Secrets.of(old).encrypt(readable, "canary-old"));
      store(app, foreign, Secrets.of(Secrets.newKeyset()).encrypt(foreign, "canary-lost"));
      app.jdbc()
          .update(
              "update connections set webhook_secret_encrypted = ? where id = ?",
              Secrets.of(old).encrypt(readable, "webhook-secret", "canary-hook"),
              readable);
      JsonNode answer = admin(app).post(PATH, null).is(200).json();
      assertThat(answer.get("reencrypted").asInt()).isEqualTo(2);
      assertThat(answer.get("keysDropped").asInt()).isZero();
      assertThat(answer.get("unreadable").toString()).isEqualTo("[\"foreign token\"]");
      // a second call finds nothing left to do
      assertThat(admin(app).post(PATH, null).is(200).json().get("reencrypted").asInt()).isZero();
    }
  }

  private static void store(RunningApp app, UUID id, byte[] sealed) {
    app.jdbc().update("update connections set token_encrypted = ? where id = ?", sealed, id);
  }

  private static byte[] sealed(RunningApp app, String id) {
    return app.jdbc()
        .queryForObject(
            "select token_encrypted from connections where id = ?::uuid", byte[].class, id);
  }

  private static ApiClient admin(RunningApp app) {
    Settings settings =
        app.app().camel().getRegistry().lookupByNameAndType("settings", Settings.class);
    return new ApiClient(
        "http://127.0.0.1:" + app.app().httpPort(),
        Keys.open(settings).mint("ada", List.of("admin"), Duration.ofMinutes(10)));
  }
}

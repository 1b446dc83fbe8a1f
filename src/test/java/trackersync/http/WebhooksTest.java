package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trackersync.secret.Secrets;
import trackersync.testing.RunningApp;
import trackersync.toy.ToyGithub;
import trackersync.toy.ToyGithubOptions;

/** Deliveries of webhooks, from the signature to the stored row. */
class WebhooksTest {
  private static final String SECRET = "It's a Secret to Everybody";
  private static RunningApp app;
  private static ToyGithub toy;

  @BeforeAll
  static void start() {
    app = RunningApp.start(Map.of("webhooks.pending-max", "5"));
    toy =
        ToyGithub.start(
            ToyGithubOptions.builder().issues(60).pullRequests(0).anonymousRateLimit(0).build());
  }

  @AfterAll
  static void stop() {
    toy.close();
    app.close();
  }

  private static String connected(String name, String secret) {
    String id = app.connect(name, toy.baseUrl(), null);
    if (secret != null) {
      Secrets secrets =
          app.app().camel().getRegistry().lookupByNameAndType("secrets", Secrets.class);
      app.jdbc()
          .update(
              "update connections set webhook_secret_encrypted = ? where id = ?::uuid",
              secrets.encrypt(UUID.fromString(id), ConnectionRules.WEBHOOK_SECRET, secret),
              id);
    }
    return id;
  }

  private static String hmac(String secret, String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return "sha256="
          + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ApiClient.Answer deliver(
      String connection, String body, String signature, String delivery) {
    ApiClient client = new ApiClient("http://127.0.0.1:" + app.app().httpPort(), null);
    if (signature != null) {
      client = client.with("X-Hub-Signature-256", signature);
    }
    return client.with("X-GitHub-Delivery", delivery).post("/webhooks/" + connection, body);
  }

  private static String issue(int number) {
    return "{\"action\": \"edited\", \"issue\": {\"number\": "
        + number
        + ", \"title\": \"forged\"}}";
  }

  private static String title(String name, int number) {
    return app.jdbc()
        .queryForObject(
            "select title from issues where connection_id = ?::uuid and number = ?",
            String.class,
            app.connectionId(name),
            number);
  }

  @Test
  @DisplayName(
      "CORE-20 a signed delivery brings the one issue, as the source has it and not as it says")
  void deliveryBringsTheIssue() {
    String id = connected("hook", SECRET);
    app.sync("hook", true);
    toy.repository("acme/hook").retitle(7, "changed at the source", Instant.now());
    String before =
        app.jdbc()
            .queryForObject(
                "select string_agg(c::text, ' ') from cursors c where connection_id = ?::uuid",
                String.class,
                id);
    toy.clearRequests();
    JsonNode taken = deliver("hook", issue(7), hmac(SECRET, issue(7)), "d-1").is(202).json();
    assertThat(taken.path("outcome").asText()).isEqualTo("accepted");
    Map<String, Object> op = app.ended(taken.path("operation").asText());
    assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
    assertThat(op.get("scope")).isEqualTo("record");
    assertThat(op.get("updated")).isEqualTo(1);
    assertThat(title("hook", 7)).isEqualTo("changed at the source");
    assertThat(toy.requests()).hasSize(1);
    assertThat(toy.requests().get(0).path()).endsWith("/issues/7");
    assertThat(
            app.jdbc()
                .queryForObject(
                    "select string_agg(c::text, ' ') from cursors c where connection_id = ?::uuid",
                    String.class,
                    id))
        .isEqualTo(before);
    assertThat(
            app.count(
                "select count(*) from connections where is_active and last_delivery_at is not null"
                    + " and id = ?::uuid",
                id))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "none", "wrong", "sha1", "short", "upper", "other-body", "bare"})
  @DisplayName("CORE-20 B-11 what does not prove the secret is 401 and changes nothing")
  void unprovedDeliveryIsRefused(String how) {
    String name = "unproved-" + (how.isEmpty() ? "empty" : how);
    connected(name, SECRET);
    String good = hmac(SECRET, issue(3));
    String signature =
        switch (how) {
          case "none" -> null;
          case "wrong" -> hmac("another secret", issue(3));
          case "sha1" -> good.replace("sha256=", "sha1=");
          case "short" -> good.substring(0, good.length() - 2);
          case "upper" -> good.toUpperCase(java.util.Locale.ROOT);
          case "other-body" -> hmac(SECRET, issue(4));
          case "bare" -> good.substring("sha256=".length());
          default -> "";
        };
    JsonNode problem = deliver(name, issue(3), signature, "d").problem(401);
    assertThat(problem.toString()).doesNotContain(SECRET).doesNotContain(good.substring(8));
    assertThat(
            app.count(
                "select count(*) from webhook_deliveries where connection_id = ?::uuid",
                app.connectionId(name)))
        .isZero();
  }

  @Test
  @DisplayName("CORE-20 no secret, no connection, disabled: 404 and no difference")
  void whoHasNoSecretIsNotThere() {
    connected("secretless", null);
    String there = deliver("secretless", "{}", hmac("none", "{}"), "d").problem(404).toString();
    assertThat(deliver("nowhere", "{}", hmac("none", "{}"), "d").problem(404).toString())
        .isEqualTo(there);
    connected("switched-off", SECRET);
    app.jdbc().update("update connections set enabled = false where name = 'switched-off'");
    deliver("switched-off", "{}", hmac(SECRET, "{}"), "d").problem(404);
  }

  @Test
  @DisplayName("CORE-20 B-11 a delivery that is replayed a hundred times has one effect")
  void replayHasOneEffect() throws Exception {
    String id = connected("replayed", SECRET);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      threads
          .invokeAll(
              IntStream.range(0, 100)
                  .mapToObj(
                      i ->
                          (java.util.concurrent.Callable<Integer>)
                              () ->
                                  deliver("replayed", issue(5), hmac(SECRET, issue(5)), "same")
                                      .status())
                  .toList())
          .forEach(
              status -> {
                try {
                  assertThat(status.get()).isEqualTo(202);
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
    } finally {
      threads.shutdown();
    }
    assertThat(
            app.count(
                "select count(*) from operations where scope = 'record' and connection_id = ?::uuid",
                id))
        .isEqualTo(1);
  }

  @Test
  @DisplayName("CORE-20 a burst past webhooks.pending-max becomes one sync of the connection")
  void burstBecomesOneSync() {
    String id = connected("burst", SECRET);
    app.jdbc()
        .update(
            "insert into operations (connection_id, scope, trigger, requested_by, record_stream,"
                + " record_ref, not_before) select ?::uuid, 'record', 'webhook', 'tracker-sync',"
                + " 'issues', n::text, now() + interval '1 hour' from generate_series(101, 105) as n",
            id);
    JsonNode taken = deliver("burst", issue(1), hmac(SECRET, issue(1)), "b-1").is(202).json();
    assertThat(taken.path("outcome").asText()).isEqualTo("crowded");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                app.count(
                        "select count(*) from operations where scope = 'connection'"
                            + " and trigger = 'webhook' and status = 'Completed'"
                            + " and connection_id = ?::uuid",
                        id)
                    == 1);
  }

  @Test
  @DisplayName("CORE-20 what names no issue of ours is taken and ignored: ping, pull requests")
  void othersAreIgnored() {
    connected("ignored", SECRET);
    for (String body :
        new String[] {
          "{\"zen\": \"Keep it simple\", \"hook_id\": 1}",
          "{\"action\": \"opened\", \"issue\": {\"number\": 4, \"pull_request\": {}}}",
          "{\"issue\": null}"
        }) {
      JsonNode taken =
          deliver("ignored", body, hmac(SECRET, body), UUID.randomUUID().toString()).is(202).json();
      assertThat(taken.path("outcome").asText()).isEqualTo("ignored");
      assertThat(taken.path("operation").isNull()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "[]x", "{\"issue\": {\"number\": \"../../users\"}}", "{\"issue\": {}}"})
  @DisplayName("CORE-20 a proved delivery that cannot be read is 400")
  void unreadableDelivery(String body) {
    String name = "unreadable-" + Math.abs(body.hashCode());
    connected(name, SECRET);
    deliver(name, body, hmac(SECRET, body), "d").problem(400);
  }

  @Test
  @DisplayName("CORE-20 an issue that is gone since its delivery fails nothing")
  void goneIssueFailsNothing() {
    connected("gone-since", SECRET);
    app.sync("gone-since", true);
    toy.repository("acme/gone-since").delete(9);
    JsonNode taken = deliver("gone-since", issue(9), hmac(SECRET, issue(9)), "d").is(202).json();
    Map<String, Object> op = app.ended(taken.path("operation").asText());
    assertThat(op.get("status")).as("%s", op.get("error")).isEqualTo("Completed");
    assertThat(op.get("results").toString()).contains("unavailable");
    assertThat(title("gone-since", 9)).isNotBlank();
  }
}

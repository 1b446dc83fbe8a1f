package trackersync.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import trackersync.secret.Secrets;
import trackersync.settings.Settings;

/**
 * For YAML: deliveries of webhooks. A delivery proves who sent it by the connection's secret; what
 * it says is used only to know which record to read again.
 */
public final class Webhooks {
  private static final Pattern DELIVERY = Pattern.compile("[A-Za-z0-9._:{}-]{1,200}");
  private static final String HMAC = "HmacSHA256";
  private static final String HMAC_PREFIX = "sha256=";

  private final Settings settings;

  Webhooks(Settings settings) {
    this.settings = settings;
  }

  /** In: the row of find-webhook.sql, or nothing. Sets connection, tracker, webhookSecret. */
  public void open(Exchange exchange) {
    Map<?, ?> row = exchange.getMessage().getBody(Map.class);
    CamelContext camel = exchange.getContext();
    if (row == null || camel.hasEndpoint("direct://" + row.get("tracker") + "-webhook") == null) {
      throw new ApiException(404, "there is no such resource");
    }
    UUID connection = (UUID) row.get("id");
    Secrets secrets = camel.getRegistry().lookupByNameAndType("secrets", Secrets.class);
    exchange.setVariable("connection", connection);
    exchange.setVariable("connectionName", row.get("name"));
    exchange.setVariable("tracker", row.get("tracker"));
    exchange.setVariable(
        "webhookSecret",
        secrets.decrypt(connection, ConnectionRules.WEBHOOK_SECRET, (byte[]) row.get("secret")));
    exchange.setVariable("pendingMax", settings.integer("webhooks.pending-max"));
  }

  /**
   * Refuses what the connection's secret does not prove. Sets delivery; the body becomes the parsed
   * payload.
   *
   * @param header the header that holds the proof
   * @param scheme {@code hmac-sha256}: hex of the raw body's HMAC-SHA256, after {@code sha256=};
   *     {@code token}: the secret itself
   * @param deliveryHeader names the delivery; without it, a delivery with the same body is the same
   */
  public void verify(Exchange exchange, String header, String scheme, String deliveryHeader) {
    Map<?, ?> request = exchange.getVariable("request", Map.class);
    Map<?, ?> headers = (Map<?, ?>) request.get(ApiRequest.HEADERS);
    byte[] body = (byte[]) request.get(ApiRequest.RAW_BODY);
    String secret = (String) exchange.removeVariable("webhookSecret");
    String came = (String) headers.get(header.toLowerCase(java.util.Locale.ROOT));
    String due = "token".equals(scheme) ? secret : HMAC_PREFIX + hmac(secret, body);
    boolean proved =
        came != null
            && !came.isEmpty()
            && MessageDigest.isEqual(
                came.getBytes(StandardCharsets.UTF_8), due.getBytes(StandardCharsets.UTF_8));
    if (!proved) {
      throw new ApiException(
          401,
          header + " does not prove that the sender knows this connection's webhook secret",
          Map.of("cure", "Set the same secret at the source and for the connection."));
    }
    String name = (String) headers.get(deliveryHeader.toLowerCase(java.util.Locale.ROOT));
    exchange.setVariable(
        "delivery",
        name != null && DELIVERY.matcher(name).matches() ? name : "sha256:" + sha256(body));
    try {
      exchange.getMessage().setBody(Json.REQUESTS.readTree(body));
    } catch (JsonProcessingException e) {
      throw ApiException.invalid("body", "not JSON we read: malformed, or nested too deep");
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** In: variable record, {@code {stream, ref}} or null. Sets recordStream and recordRef. */
  public void record(Exchange exchange) {
    JsonNode record = exchange.getVariable("record", JsonNode.class);
    boolean ours = record != null && record.isObject();
    String ref = ours ? record.path("ref").asText() : null;
    if (ours && !ref.matches("[0-9]{1,18}")) {
      throw ApiException.invalid("body", "names no record: a number is missing where one is due");
    }
    String tracker = exchange.getVariable("tracker", String.class);
    String stream = ours ? record.path("stream").asText() : null;
    boolean read =
        ours
            && java.util.List.of(settings.get("tracker." + tracker + ".streams").split("\\s*,\\s*"))
                .contains(stream);
    exchange.setVariable("recordStream", read ? stream : null);
    exchange.setVariable("recordRef", read ? ref : null);
    exchange.getMessage().setBody("");
  }

  /** Sets what operation-start takes. */
  public void wholeConnection(Exchange exchange) {
    exchange.setVariable("connectionId", exchange.getVariable("connection").toString());
    exchange.setVariable("trigger", "webhook");
    exchange.setVariable("requestedBy", "tracker-sync");
    exchange.setVariable("syncType", "Full");
    exchange.setVariable("includeClosed", false);
    exchange.setVariable("fromStart", false);
    exchange.setVariable("idempotencyKey", null);
  }

  /** Answers 202. */
  public void answer(Exchange exchange) {
    Map<?, ?> accepted = exchange.getVariable("accepted", Map.class);
    Map<String, Object> answer = new HashMap<>();
    answer.put("outcome", accepted.get("outcome"));
    Object operation = accepted.get("operation");
    answer.put("operation", operation == null ? null : operation.toString());
    Answers.json(exchange, 202, answer);
  }

  private static String hmac(String secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sha256(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

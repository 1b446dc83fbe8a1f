package trackersync.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import trackersync.secret.Secrets;

/**
 * For YAML, bean {@code keyRotation}: all that is stored encrypted is encrypted anew with the
 * primary key, row by row; the old keys go last. Broken off in between it is begun again: no key
 * goes before nothing needs it.
 */
public final class KeyRotation {
  private static final String OUTCOME = "outcome";
  private static final String REENCRYPTED = "reencrypted";
  private static final String UNREADABLE = "unreadable";

  /** Id of the exchange that rotates. */
  private final AtomicReference<String> running = new AtomicReference<>();

  /** Takes a fresh key where the keyset is a file of ours; 409 while another rotation runs. */
  public void begin(Exchange exchange) {
    if (!running.compareAndSet(null, exchange.getExchangeId())) {
      throw new ApiException(
          409, "the keys are being rotated", Map.of("cure", "Wait until that has ended."));
    }
    try {
      secrets(exchange).addKey();
    } catch (RuntimeException e) {
      end(exchange);
      throw e;
    }
  }

  /**
   * In: a row of list-secrets.sql. Out: the row with {@code outcome} (reencrypted, unreadable,
   * unchanged) and {@code fresh}, its ciphertext by the primary key.
   */
  public void reseal(Exchange exchange) {
    Secrets secrets = secrets(exchange);
    Map<?, ?> row = exchange.getMessage().getBody(Map.class);
    UUID connection = (UUID) row.get("id");
    String part = (String) row.get("part");
    byte[] sealed = (byte[]) row.get("sealed");
    Map<String, Object> resealed = new HashMap<>();
    row.forEach((name, value) -> resealed.put((String) name, value));
    resealed.put(OUTCOME, "unchanged");
    if (!secrets.isSealedByPrimary(connection, part, sealed)) {
      try {
        String secret = secrets.decrypt(connection, part, sealed);
        resealed.put("fresh", secrets.encrypt(connection, part, secret));
        resealed.put(OUTCOME, REENCRYPTED);
      } catch (IllegalStateException e) {
        // no key opens it, so that none is lost with the old ones
        resealed.put(OUTCOME, UNREADABLE);
      }
    }
    exchange.getMessage().setBody(resealed);
  }

  /**
   * In: the rows, or nothing; variable request. Out: variable answer, and the same with the caller
   * for the audit log; the old keys are forgotten.
   */
  public void finish(Exchange exchange) {
    List<?> rows = exchange.getMessage().getBody(List.class);
    int reencrypted = 0;
    List<String> unreadable = new ArrayList<>();
    for (Object one : rows == null ? List.of() : rows) {
      Map<?, ?> row = (Map<?, ?>) one;
      if (REENCRYPTED.equals(row.get(OUTCOME))) {
        reencrypted++;
      } else if (UNREADABLE.equals(row.get(OUTCOME))) {
        unreadable.add(row.get("name") + " " + row.get("part"));
      }
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put(REENCRYPTED, reencrypted);
    answer.put(UNREADABLE, unreadable);
    answer.put("keysDropped", secrets(exchange).dropOldKeys());
    exchange.setVariable("answer", answer);
    Map<String, Object> note = new HashMap<>(answer);
    note.put(ApiRequest.CALLER, exchange.getVariable("request", Map.class).get(ApiRequest.CALLER));
    exchange.getMessage().setBody(note);
  }

  /** After {@link #begin}, whatever came of it. */
  public void end(Exchange exchange) {
    running.compareAndSet(exchange.getExchangeId(), null);
  }

  private static Secrets secrets(Exchange exchange) {
    return exchange.getContext().getRegistry().lookupByNameAndType("secrets", Secrets.class);
  }
}

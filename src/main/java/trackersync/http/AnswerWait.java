package trackersync.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * For YAML: waits a moment for an operation just started, so that small ones are answered with
 * their results. A few at a time: a caller who finds all places taken gets 202 at once.
 */
public final class AnswerWait {
  private static final int PLACES = 8;
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Duration waitMax;
  private final int threshold;
  private final Semaphore places = new Semaphore(PLACES);

  /**
   * @param threshold records an operation may touch and still be waited for
   */
  AnswerWait(Duration waitMax, int threshold) {
    this.waitMax = waitMax;
    this.threshold = threshold;
  }

  /**
   * In: the operation's id. Out: its row, with status 200 when it is over and was small, else 202
   * and its address.
   */
  public void answer(Exchange exchange, String id) {
    answer(exchange, "direct:find-operation", Map.of("id", id), "/api/operations/" + id);
  }

  /** As {@link #answer}, for the connection of a project in variable request. */
  public void answerRepository(Exchange exchange, String id) {
    Map<?, ?> request = exchange.getVariable("request", Map.class);
    Map<String, Object> key =
        Map.of(
            "projectId", request.get("projectId"),
            "repositoryId", request.get("repositoryId"),
            "operationId", id);
    answer(
        exchange,
        "direct:find-repository-sync",
        key,
        "/api/projects/%s/repositories/%s/sync/%s"
            .formatted(key.get("projectId"), key.get("repositoryId"), id));
  }

  /**
   * In: the operation's id. Out: its row, over or not, for an answer the route gives itself; how
   * much it touches does not matter.
   */
  public void await(Exchange exchange, String id) {
    exchange
        .getMessage()
        .setBody(watch(exchange, "direct:find-operation", Map.of("id", id), row -> false));
  }

  private void answer(Exchange exchange, String route, Map<String, Object> key, String location) {
    Map<String, Object> row = watch(exchange, route, key, this::isLarge);
    boolean answered = isOver(row) && !isLarge(row);
    exchange.getMessage().setHeader("Location", location);
    Answers.json(exchange, answered ? 200 : 202, Json.row(row));
  }

  /** The operation's row when it is over, when {@code enough} says so, or when the wait is. */
  private Map<String, Object> watch(
      Exchange exchange,
      String route,
      Map<String, Object> key,
      Predicate<Map<String, Object>> enough) {
    ProducerTemplate producer = exchange.getContext().createProducerTemplate();
    boolean waiting = places.tryAcquire();
    try {
      long until = System.nanoTime() + (waiting ? waitMax.toNanos() : 0);
      Map<String, Object> row = look(producer, route, key);
      while (!isOver(row) && !enough.test(row) && System.nanoTime() < until) {
        LockSupport.parkNanos(LOOK_EVERY_NANOS);
        row = look(producer, route, key);
      }
      return row;
    } finally {
      if (waiting) {
        places.release();
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> look(
      ProducerTemplate producer, String route, Map<String, Object> key) {
    Map<String, Object> row = producer.requestBody(route, key, Map.class);
    if (row == null) {
      throw new ApiException(404, "there is no such resource");
    }
    return row;
  }

  private static boolean isOver(Map<String, Object> row) {
    return row.get("completedAt") != null;
  }

  private boolean isLarge(Map<String, Object> row) {
    JsonObject progress = Jsoner.deserialize(row.get("progress").toString(), new JsonObject());
    JsonObject results = Jsoner.deserialize(row.get("results").toString(), new JsonObject());
    long touched =
        number(results, "created")
            + number(results, "updated")
            + number(results, "skipped")
            + number(results, "failed");
    return Math.max(touched, number(progress, "total")) > threshold
        || number(progress, "processed") > threshold;
  }

  private static long number(JsonObject object, String key) {
    return object.get(key) instanceof Number number ? number.longValue() : 0;
  }
}

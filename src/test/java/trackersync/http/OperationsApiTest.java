package trackersync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OperationsApiTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final ApiServer server = ApiServer.shared();
  private final ApiClient viewer = server.as("viewer");

  @Test
  @DisplayName("ISSUE-45 operations are listed newest first, by connection and status")
  void operationsAreListed() {
    UUID connection = connection("o-list");
    for (int i = 0; i < 5; i++) {
      operation(connection, "Completed");
    }
    operation(connection, "Failed");
    String running = operation(connection, "Pending").toString();
    JsonNode page = viewer.get("/api/operations?connection=o-list&limit=3").is(200).json();
    assertThat(page.get("items").get(0).get("id").asText()).isEqualTo(running);
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode next =
          viewer
              .get("/api/operations?connection=" + connection + "&limit=3" + cursor)
              .is(200)
              .json();
      next.get("items").forEach(it -> seen.add(it.get("id").asText()));
      cursor =
          next.get("nextCursor").isNull() ? null : "&cursor=" + next.get("nextCursor").asText();
    } while (cursor != null);
    assertThat(seen).hasSize(7).doesNotHaveDuplicates();
    assertThat(viewer.get("/api/operations?connection=o-list&status=Completed").json().get("items"))
        .hasSize(5);
    viewer.get("/api/operations?status=completed").problem(400);
  }

  @Test
  @DisplayName("CORE-11 a waiting operation says until when and why")
  void waitingOperationSaysWhy() {
    UUID id = operation(connection("o-wait"), "InProgress");
    ApiServer.sql()
        .update(
            "update operations set not_before = now() + interval '1 hour',"
                + " waiting_reason = 'rate limit of github' where id = ?",
            id);
    JsonNode operation = viewer.get("/api/operations/" + id).is(200).json();
    assertThat(operation.get("waitingUntil").isNull()).isFalse();
    assertThat(operation.get("waitingReason").asText()).isEqualTo("rate limit of github");
    assertThat(operation.get("progress").get("stage").asText()).isEqualTo("fetching");
    viewer.get("/api/operations/" + UUID.randomUUID()).problem(404);
  }

  @Test
  @DisplayName("ISSUE-45 the live stream tells every change and ends with the operation")
  void streamEndsWithTheOperation() throws Exception {
    UUID id = operation(connection("o-stream"), "InProgress");
    List<String> lines = new CopyOnWriteArrayList<>();
    CompletableFuture<Integer> stream = watch(id, lines);
    await().until(() -> lines.stream().anyMatch(it -> it.startsWith("data: ")));
    ApiServer.sql()
        .update(
            "update operations set progress = '{\"current\":50,\"total\":100,\"processed\":50,"
                + "\"stage\":\"creating\"}' where id = ?",
            id);
    await().until(() -> lines.stream().anyMatch(it -> it.contains("\"processed\": 50")));
    assertThat(server.kernel().watchers()).isPositive();
    ApiServer.sql()
        .update(
            "update operations set status = 'Completed', completed_at = now() where id = ?", id);
    assertThat(stream.join()).isEqualTo(200);
    assertThat(lines).contains("event: operation", "event: end");
    String last = lines.stream().filter(it -> it.startsWith("data: ")).reduce((a, b) -> b).get();
    JsonNode end = new ObjectMapper().readTree(last.substring(6));
    assertThat(end.get("status").asText()).isEqualTo("Completed");
    assertThat(end).isEqualTo(viewer.get("/api/operations/" + id).is(200).json());
    await().until(() -> server.kernel().watchers() == 0);
  }

  @Test
  void streamOfAnEndedOperationIsOneEvent() {
    UUID id = operation(connection("o-ended"), "Completed");
    List<String> lines = new CopyOnWriteArrayList<>();
    assertThat(watch(id, lines).join()).isEqualTo(200);
    assertThat(lines).filteredOn(it -> it.startsWith("event:")).containsExactly("event: end");
  }

  @Test
  void manyWatchersOfOneOperationAllSeeTheEndAndLeaveNothingBehind() {
    UUID id = operation(connection("o-many"), "InProgress");
    List<List<String>> all = new ArrayList<>();
    List<CompletableFuture<Integer>> streams = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      List<String> lines = new CopyOnWriteArrayList<>();
      all.add(lines);
      streams.add(watch(id, lines));
    }
    await().until(() -> all.stream().noneMatch(List::isEmpty));
    ApiServer.sql()
        .update(
            "update operations set status = 'Failed', error = 'x', completed_at = now()"
                + " where id = ?",
            id);
    streams.forEach(it -> assertThat(it.join()).isEqualTo(200));
    assertThat(all).allMatch(it -> it.contains("event: end"));
    await().until(() -> server.kernel().watchers() == 0);
  }

  @Test
  void watcherThatLeavesIsForgotten() throws Exception {
    UUID id = operation(connection("o-leave"), "InProgress");
    try (var socket = RawHttp.open(server.kernel().httpPort())) {
      socket
          .getOutputStream()
          .write(
              ("GET /api/operations/"
                      + id
                      + "/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                      + server.token("viewer")
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      await().until(() -> server.kernel().watchers() == 1);
    }
    await().until(() -> server.kernel().watchers() == 0);
  }

  @Test
  void streamIsGuardedAsEverythingElse() {
    UUID id = operation(connection("o-guard"), "InProgress");
    String path = "/api/operations/" + id + "/events";
    server.nobody().get(path).problem(401);
    viewer.get("/api/operations/" + UUID.randomUUID() + "/events").problem(404);
    viewer.get("/api/operations/none/events").problem(400);
    viewer.get(path + "?x=1").problem(400);
    viewer.with("Accept", "application/json").get(path).problem(406);
    viewer.post(path, "{}").problem(405);
    assertThat(server.kernel().watchers()).isZero();
  }

  private CompletableFuture<Integer> watch(UUID id, List<String> lines) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.base() + "/api/operations/" + id + "/events"))
            .header("Authorization", "Bearer " + server.token("viewer"))
            .header("Accept", "text/event-stream")
            .timeout(Duration.ofSeconds(30))
            .build();
    return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
        .thenApplyAsync(
            response -> {
              assertThat(response.headers().firstValue("content-type"))
                  .contains("text/event-stream");
              assertThat(response.headers().firstValue("cache-control")).contains("no-store");
              try (InputStream body = response.body();
                  BufferedReader reader =
                      new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
              return response.statusCode();
            });
  }

  private static UUID connection(String name) {
    return ApiServer.sql()
        .queryForObject(
            "insert into connections (name, tracker, url) values (?, 'github', ?) returning id",
            UUID.class,
            name,
            "https://example.org/" + name);
  }

  private static UUID operation(UUID connection, String status) {
    return ApiServer.sql()
        .queryForObject(
            "insert into operations (connection_id, trigger, requested_by, status, completed_at,"
                + " error, created_at) values (?, 'manual', 'x', ?,"
                + " case when ? in ('Completed', 'Failed') then now() end,"
                + " case when ? = 'Failed' then 'boom' end, clock_timestamp()) returning id",
            UUID.class,
            connection,
            status,
            status,
            status);
  }
}

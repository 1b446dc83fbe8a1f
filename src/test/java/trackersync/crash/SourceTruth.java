package trackersync.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A GitHub repository's issues, read by the plainest means and nothing of the program's. */
public final class SourceTruth {
  /**
   * @param place rank by creation, from 1, pull requests counted too
   */
  public record Item(
      String key,
      int number,
      String title,
      boolean closed,
      boolean pullRequest,
      Instant updatedAt,
      int place) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  private SourceTruth() {}

  /**
   * @param records such as {@code http://127.0.0.1:8490/repos/acme/shop}
   */
  public static List<Item> read(URI records) {
    List<Item> items = new ArrayList<>();
    HttpClient client = HttpClient.newHttpClient();
    for (int page = 1; ; page++) {
      URI address =
          URI.create(
              records + "/issues?state=all&sort=created&direction=asc&per_page=100&page=" + page);
      JsonNode list = get(client, address);
      for (JsonNode one : list) {
        items.add(
            new Item(
                "github:" + one.get("id").asLong(),
                one.get("number").asInt(),
                one.get("title").asText(),
                one.get("state").asText().equals("closed"),
                one.has("pull_request"),
                Instant.parse(one.get("updated_at").asText()),
                items.size() + 1));
      }
      if (list.isEmpty()) {
        return items;
      }
    }
  }

  private static JsonNode get(HttpClient client, URI address) {
    try {
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(30)).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("auditor: " + answer.statusCode() + " from " + address);
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new IllegalStateException("auditor: no answer from " + address, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("auditor: interrupted", e);
    }
  }
}

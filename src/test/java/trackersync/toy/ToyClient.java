package trackersync.toy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a toy as a connector would. */
final class ToyClient {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>; rel=\"next\"");
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;

  ToyClient(URI base) {
    this.base = base;
  }

  URI at(String pathOrUrl) {
    return pathOrUrl.startsWith("http") ? URI.create(pathOrUrl) : URI.create(base + pathOrUrl);
  }

  /** Headers as name, value, name, value. */
  HttpResponse<byte[]> get(String pathOrUrl, String... headers) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at(pathOrUrl)).timeout(Duration.ofSeconds(20));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  HttpResponse<byte[]> post(String path, String json) throws IOException {
    return send(
        HttpRequest.newBuilder(at(path)).POST(HttpRequest.BodyPublishers.ofString(json)).build());
  }

  HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  JsonNode json(String pathOrUrl, String... headers) throws IOException {
    return JSON.readTree(get(pathOrUrl, headers).body());
  }

  static String next(HttpResponse<?> response) {
    Matcher matcher = NEXT.matcher(response.headers().firstValue("link").orElse(""));
    return matcher.find() ? matcher.group(1) : null;
  }

  /** All pages from an address on, by their next links. */
  List<List<JsonNode>> walk(String pathOrUrl) throws IOException {
    List<List<JsonNode>> pages = new ArrayList<>();
    String next = pathOrUrl;
    while (next != null) {
      HttpResponse<byte[]> response = get(next);
      List<JsonNode> page = new ArrayList<>();
      JSON.readTree(response.body()).forEach(page::add);
      pages.add(page);
      next = next(response);
    }
    return pages;
  }

  /** All pages from an address on, by the next address in their bodies. */
  List<List<JsonNode>> walkBodies(String pathOrUrl) throws IOException {
    List<List<JsonNode>> pages = new ArrayList<>();
    String next = pathOrUrl;
    while (next != null) {
      JsonNode body = json(next);
      List<JsonNode> page = new ArrayList<>();
      body.path("values").forEach(page::add);
      pages.add(page);
      next = body.path("next").textValue();
    }
    return pages;
  }

  static List<Integer> numbers(List<List<JsonNode>> pages) {
    return numbers(pages, "number");
  }

  static List<Integer> numbers(List<List<JsonNode>> pages, String field) {
    return flat(pages).stream().map(i -> i.path(field).asInt()).toList();
  }

  static List<JsonNode> flat(List<List<JsonNode>> pages) {
    return pages.stream().flatMap(List::stream).toList();
  }
}

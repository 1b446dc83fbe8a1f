package trackersync.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a repository's issues page by page, over one connection, as simply as it goes. */
final class Pages {
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Every page of a full sweep, in order, as the bytes that came. */
  void each(String api, String repository, Consumer<byte[]> page) {
    String next = first(api, repository);
    while (next != null) {
      HttpResponse<byte[]> answer = get(next);
      page.accept(answer.body());
      Matcher link = NEXT.matcher(answer.headers().firstValue("Link").orElse(""));
      next = link.find() ? link.group(1) : null;
    }
  }

  /** The address a first sweep starts at, the one of routes/trackers/github. */
  static String first(String api, String repository) {
    return api
        + "/repos/acme/"
        + repository
        + "/issues?state=all&sort=created&direction=asc&per_page=100";
  }

  private HttpResponse<byte[]> get(String address) {
    try {
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(address)).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(address + " answered " + answer.statusCode());
      }
      return answer;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading " + address, e);
    }
  }
}

package trackersync.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The floor of all reading: the bytes, or the bytes and their JSON; nothing is stored. */
final class DownloadJob implements Job {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Pages pages = new Pages();
  private final String api;
  private final boolean parsed;

  DownloadJob(JsonNode task) {
    api = task.path("api").asText();
    parsed = task.path("parsed").asBoolean();
  }

  @Override
  public void prepare() {
    read(Rig.WARM);
  }

  @Override
  public long step(String name) {
    long start = System.nanoTime();
    read(Rig.WHOLE);
    return System.nanoTime() - start;
  }

  private void read(String repository) {
    pages.each(
        api,
        repository,
        page -> {
          try {
            if (parsed && !JSON.readTree(page).isArray()) {
              throw new IllegalStateException("a page that is no list");
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Override
  public void close() {}
}

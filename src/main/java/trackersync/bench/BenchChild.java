package trackersync.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Entry of the JVMs that do the measured work. Says {@code ready} once it is warm; each line it
 * then reads names a step, answered with {@code done NANOSECONDS}; ends when there are no more.
 */
public final class BenchChild {
  private BenchChild() {}

  /**
   * @param args what to do, as a JSON object
   */
  public static void main(String[] args) throws Exception {
    JsonNode task = new ObjectMapper().readTree(args[0]);
    try (Job job = job(task)) {
      job.prepare();
      say("ready");
      BufferedReader steps =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String step = steps.readLine(); step != null; step = steps.readLine()) {
        say("done " + job.step(step));
      }
    }
    System.exit(0);
  }

  private static Job job(JsonNode task) {
    String kind = task.path("job").asText();
    return switch (kind) {
      case "download" -> new DownloadJob(task);
      case "copy" -> new CopyJob(task);
      case "engine" -> new EngineJob(task);
      default -> throw new IllegalArgumentException("no job " + kind);
    };
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}

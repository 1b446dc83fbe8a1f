package trackersync.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import trackersync.App;
import trackersync.settings.Settings;

/**
 * The program as a process of its own, told what to do on standard input: {@code start CONNECTION
 * (all|open)}, {@code quit}. Ends with its standard input, so that no test leaves one behind.
 */
public final class Child {
  private Child() {}

  /**
   * @param args settings, each {@code key=value}
   */
  public static void main(String[] args) throws IOException {
    Map<String, String> settings = new HashMap<>();
    for (String arg : args) {
      int at = arg.indexOf('=');
      settings.put(arg.substring(0, at), arg.substring(at + 1));
    }
    App app = App.start(Settings.load(Path.of("").toAbsolutePath(), Map.of(), settings));
    Runtime.getRuntime().addShutdownHook(new Thread(app::close));
    ProducerTemplate template = app.camel().createProducerTemplate();
    JdbcTemplate jdbc = new JdbcTemplate(app.dataSource());
    say("ready");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      if (words[0].equals("quit")) {
        System.exit(0);
      }
      say("started " + start(template, jdbc, words[1], words[2].equals("all")));
    }
    Runtime.getRuntime().halt(1);
  }

  private static Map<?, ?> start(
      ProducerTemplate template, JdbcTemplate jdbc, String name, boolean includeClosed) {
    String id =
        jdbc.queryForObject("select id::text from connections where name = ?", String.class, name);
    return template
        .send(
            "direct:operation-start",
            e -> {
              e.setVariable("connectionId", id);
              e.setVariable("connectionName", name);
              e.setVariable("trigger", "manual");
              e.setVariable("requestedBy", "mara");
              e.setVariable("syncType", "Full");
              e.setVariable("includeClosed", includeClosed);
              e.setVariable("idempotencyKey", null);
            })
        .getMessage()
        .getBody(Map.class);
  }

  private static void say(String word) {
    System.out.println("@@ " + word);
    System.out.flush();
  }
}

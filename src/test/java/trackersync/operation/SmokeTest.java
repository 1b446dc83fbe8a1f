package trackersync.operation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import trackersync.testing.RunningApp;

class SmokeTest {
  @Test
  void sample() throws Exception {
    JsonNode ex =
        new ObjectMapper()
            .readTree(
                Path.of("../shared/samples/github/issues-closed-21-pages-with-headers.json")
                    .toFile())
            .get("exchanges");
    HttpServer s = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 10);
    String base = "http://127.0.0.1:" + s.getAddress().getPort();
    s.createContext(
        "/",
        x -> {
          String q = x.getRequestURI().getQuery();
          int page = 1;
          for (String p : q.split("&"))
            if (p.startsWith("page=")) page = Integer.parseInt(p.substring(5));
          System.out.println(
              x.getRequestMethod()
                  + " "
                  + x.getRequestURI()
                  + " "
                  + x.getRequestHeaders().entrySet());
          JsonNode r = ex.get(page - 1).get("response");
          byte[] b = r.get("body").toString().getBytes("UTF-8");
          x.getResponseHeaders().set("Content-Type", "application/json");
          if (r.get("headers").has("Link"))
            x.getResponseHeaders()
                .set(
                    "Link",
                    r.get("headers").get("Link").asText().replace("https://api.github.com", base));
          x.sendResponseHeaders(200, b.length);
          x.getResponseBody().write(b);
          x.close();
        });
    s.start();
    try (RunningApp app = RunningApp.start(RunningApp.github("shop", base))) {
      Map<String, Object> op = app.sync("shop", true);
      System.out.println(op);
      assertThat(op.get("status")).isEqualTo("Completed");
      assertThat(app.count("select count(*) from issues")).isEqualTo(243);
    }
    s.stop(0);
  }
}

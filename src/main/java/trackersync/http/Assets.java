package trackersync.http;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The pages everybody may read: the try-it page and what it loads. A closed list held in memory, so
 * that no path can name a file.
 */
final class Assets {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLE = "text/css; charset=utf-8";
  private static final String WEBJAR = "META-INF/resources/webjars/swagger-ui/";

  /**
   * @param type its media type
   * @param etag quoted
   */
  record Asset(Buffer content, String type, String etag) {}

  private final Map<String, Asset> assets = new HashMap<>();

  Assets() {
    String swagger = WEBJAR + swaggerVersion() + "/";
    add("/docs", "web/docs.html", HTML);
    add("/docs/docs.js", "web/docs.js", SCRIPT);
    add("/docs/swagger-ui.css", swagger + "swagger-ui.css", STYLE);
    add("/docs/swagger-ui-bundle.js", swagger + "swagger-ui-bundle.js", SCRIPT);
    add("/favicon.ico", swagger + "favicon-32x32.png", "image/png");
  }

  Optional<Asset> find(String path) {
    return Optional.ofNullable(assets.get(path));
  }

  private void add(String path, String resource, String type) {
    byte[] bytes = read(resource);
    try {
      String hash =
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
      assets.put(path, new Asset(Buffer.buffer(bytes), type, "\"" + hash + "\""));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String swaggerVersion() {
    Properties pom = new Properties();
    try (InputStream in = open("META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
      pom.load(in);
      return pom.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(String resource) {
    try (InputStream in = open(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) throws IOException {
    InputStream in = Assets.class.getClassLoader().getResourceAsStream(resource);
    if (in == null) {
      throw new IOException("the program lacks " + resource + ": build it again");
    }
    return in;
  }
}

package trackersync.toy;

import java.time.Instant;
import java.util.Map;

/**
 * A request the toy has answered.
 *
 * @param query raw; empty for none
 * @param headers names in lower case; a token shows only as the start of its SHA-256
 */
public record Seen(
    Instant time,
    String method,
    String path,
    String query,
    Map<String, String> headers,
    int status) {}

package trackersync.toy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A request as it came over the wire.
 *
 * @param query raw, without the question mark; empty for none
 * @param headers names in lower case; a repeated header's values joined by ", "
 * @param scratch a buffer of the connection that an answer may be written into
 */
record ToyRequest(
    String method,
    String path,
    String query,
    Map<String, String> headers,
    byte[] body,
    Bytes scratch) {

  /** A parameter of the query, decoded; null where it is absent. The first one counts. */
  String parameter(String name) {
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      if (name.equals(equals < 0 ? pair : pair.substring(0, equals))) {
        return equals < 0 ? "" : decode(pair.substring(equals + 1));
      }
    }
    return null;
  }

  /** All values of a parameter, decoded, its name too: {@code iids[]} may be escaped. */
  List<String> values(String name) {
    List<String> values = new ArrayList<>();
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0 && name.equals(decode(pair.substring(0, equals)))) {
        values.add(decode(pair.substring(equals + 1)));
      }
    }
    return values;
  }

  /** A parameter as a positive whole number, or the standard one where it is absent or nonsense. */
  int number(String name, int standard) {
    String text = parameter(name);
    if (text == null || !text.matches("\\d{1,9}")) {
      return standard;
    }
    int number = Integer.parseInt(text);
    return number < 1 ? standard : number;
  }

  /** The names of the query's parameters, in their order. */
  List<String> parameterNames() {
    List<String> names = new ArrayList<>();
    for (String pair : query.split("&")) {
      if (!pair.isEmpty()) {
        names.add(decode(pair.split("=", 2)[0]));
      }
    }
    return names;
  }

  /** The query with another page number at its end, as GitHub's Link header has it. */
  String queryForPage(long page) {
    return queryWith("page", "" + page);
  }

  /** The query with another value of a parameter at its end; null takes the parameter away. */
  String queryWith(String name, String value) {
    return with(query, name, value);
  }

  /** A query with another value of a parameter at its end; null takes the parameter away. */
  static String with(String query, String name, String value) {
    StringBuilder out = new StringBuilder();
    for (String pair : query.split("&")) {
      if (!pair.isEmpty() && !pair.equals(name) && !pair.startsWith(name + "=")) {
        out.append(out.isEmpty() ? "" : "&").append(pair);
      }
    }
    if (value != null) {
      out.append(out.isEmpty() ? "" : "&").append(name).append('=').append(value);
    }
    return out.toString();
  }

  /** The query with its blanks and signs as they were meant; what is broken stays as it is. */
  static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // a bare % is the caller's affair: the value is then refused as such
    }
  }

  /** The token of the Authorization header; null without one. */
  String token() {
    String value = headers.get("authorization");
    if (value == null) {
      return null;
    }
    int blank = value.indexOf(' ');
    return value.substring(blank + 1).strip();
  }

  ToyRequest withPath(String other) {
    return new ToyRequest(method, other, query, headers, body, scratch);
  }
}

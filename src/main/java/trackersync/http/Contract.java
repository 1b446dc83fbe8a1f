package trackersync.http;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import trackersync.settings.Settings;

/** {@code openapi.yaml}: which calls exist, who may make them, what they take. */
final class Contract {
  static final String RESOURCE = "/openapi.yaml";
  private static final String JSON = "application/json";

  /**
   * One call.
   *
   * @param id also the id of its route, and the name of its {@code direct:} endpoint
   * @param path segments; {@code {name}} stands for any one
   * @param needed the lowest role that may call; empty: everybody, without a token
   * @param foundBy {@code direct:} route that says whether the resource exists, so that 404 comes
   *     before 400; empty where the route's own look is enough
   * @param access what the caller needs in a project; empty: it concerns none
   * @param body schema of the JSON body; null: takes none
   * @param raw whether the route gets body and headers as they came ({@code x-raw})
   * @param enabledBy setting without which it is unknown ({@code x-enabled-by}); empty: always
   *     there
   * @param openInDev whether development asks for no token ({@code x-open-in-dev})
   */
  record Operation(
      String id,
      String method,
      List<String> path,
      Optional<Role> needed,
      Optional<String> foundBy,
      Optional<Access> access,
      List<Parameter> parameters,
      Schema<?> body,
      boolean raw,
      Optional<String> enabledBy,
      boolean openInDev) {

    private Operation forEverybody() {
      return new Operation(
          id,
          method,
          path,
          Optional.empty(),
          foundBy,
          access,
          parameters,
          body,
          raw,
          enabledBy,
          openInDev);
    }

    String template() {
      return "/" + String.join("/", path);
    }

    private boolean fits(String[] segments) {
      if (segments.length != path.size()) {
        return false;
      }
      for (int i = 0; i < segments.length; i++) {
        String segment = path.get(i);
        if (isParameter(segment) ? segments[i].isEmpty() : !segment.equals(segments[i])) {
          return false;
        }
      }
      return true;
    }

    /** Path parameters as sent, not decoded: none may hold a character that needs it. */
    Map<String, String> pathParameters(String requested) {
      String[] segments = segments(requested);
      Map<String, String> values = new LinkedHashMap<>();
      for (int i = 0; i < segments.length; i++) {
        String segment = path.get(i);
        if (isParameter(segment)) {
          values.put(segment.substring(1, segment.length() - 1), segments[i]);
        }
      }
      return values;
    }
  }

  /**
   * {@code x-access}: whose project counts, and the role in it.
   *
   * @param of what the path names: {@code project} by projectId; {@code connection}, {@code
   *     operation} or {@code issue} by id
   */
  record Access(String of, Role role) {
    private static final Set<String> KINDS = Set.of("project", "connection", "operation", "issue");

    private static Access of(String id, Object declared) {
      if (declared instanceof Map<?, ?> words
          && KINDS.contains(String.valueOf(words.get("of")))
          && Role.named(String.valueOf(words.get("role"))).isPresent()) {
        return new Access(
            words.get("of").toString(), Role.named(words.get("role").toString()).get());
      }
      throw new IllegalStateException(
          "openapi.yaml: operation " + id + " has x-access " + declared + ", expected of and role");
    }
  }

  /** What a method and path ask for. */
  sealed interface Match {
    record Found(Operation operation) implements Match {}

    /**
     * @param allow the methods there are
     * @param open whether all of them are for everybody
     */
    record OtherMethod(SortedSet<String> allow, boolean open) implements Match {}

    record Unknown() implements Match {}
  }

  private final OpenAPI api;
  private final String text;
  private final Map<String, Operation> operations = new LinkedHashMap<>();

  private Contract(String text) {
    this.text = text;
    ParseOptions options = new ParseOptions();
    options.setResolve(true);
    options.setResolveFully(true);
    SwaggerParseResult parsed = new OpenAPIV3Parser().readContents(text, null, options);
    if (parsed.getOpenAPI() == null || !parsed.getMessages().isEmpty()) {
      throw new IllegalStateException("openapi.yaml: " + parsed.getMessages());
    }
    api = parsed.getOpenAPI();
    api.getPaths()
        .forEach(
            (path, item) ->
                item.readOperationsMap()
                    .forEach((method, operation) -> add(path, method, operation)));
    refuseAmbiguity();
  }

  /** The contract inside the jar, all of it. */
  static Contract load() {
    try (InputStream in = Contract.class.getResourceAsStream(RESOURCE)) {
      return new Contract(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The contract as these settings have it: an operation whose {@code x-enabled-by} names a flag
   * that is off is unknown, and with {@code auth.mode=dev} one with {@code x-open-in-dev} is for
   * everybody.
   */
  static Contract load(Settings settings) {
    Contract contract = load();
    contract
        .operations
        .values()
        .removeIf(it -> it.enabledBy().isPresent() && !settings.flag(it.enabledBy().get()));
    if (settings.get("auth.mode").equals("dev")) {
      contract.operations.replaceAll((id, it) -> it.openInDev() ? it.forEverybody() : it);
    }
    return contract;
  }

  /**
   * @throws IllegalStateException when an operation lacks an id or {@code x-roles}: nothing is open
   *     by accident
   */
  static Contract parse(String text) {
    return new Contract(text);
  }

  private void add(
      String path, PathItem.HttpMethod method, io.swagger.v3.oas.models.Operation operation) {
    String id = operation.getOperationId();
    if (id == null) {
      throw new IllegalStateException(
          "openapi.yaml: " + method + " " + path + " has no operationId");
    }
    Map<String, Object> extensions =
        operation.getExtensions() == null ? Map.of() : operation.getExtensions();
    Operation added =
        new Operation(
            id,
            method.name(),
            List.of(segments(path)),
            role(id, extensions.get("x-roles")),
            Optional.ofNullable(extensions.get("x-found-by")).map(Object::toString),
            Optional.ofNullable(extensions.get("x-access")).map(it -> Access.of(id, it)),
            operation.getParameters() == null ? List.of() : List.copyOf(operation.getParameters()),
            operation.getRequestBody() == null
                ? null
                : operation.getRequestBody().getContent().get(JSON).getSchema(),
            Boolean.TRUE.equals(extensions.get("x-raw")),
            Optional.ofNullable(extensions.get("x-enabled-by")).map(Object::toString),
            Boolean.TRUE.equals(extensions.get("x-open-in-dev")));
    if (operations.put(id, added) != null) {
      throw new IllegalStateException("openapi.yaml: operationId " + id + " stands twice");
    }
  }

  private static Optional<Role> role(String id, Object declared) {
    if (declared instanceof Collection<?> words && words.size() == 1) {
      String word = words.iterator().next().toString();
      if (word.equals("*")) {
        return Optional.empty();
      }
      Optional<Role> role = Role.named(word);
      if (role.isPresent()) {
        return role;
      }
    }
    throw new IllegalStateException(
        "openapi.yaml: operation "
            + id
            + " needs x-roles with one of admin, manager, member, viewer, or \"*\" for everybody;"
            + " it has "
            + declared);
  }

  /** The gate and Camel match paths each by itself: they must have no choice. */
  private void refuseAmbiguity() {
    List<Operation> all = new ArrayList<>(operations.values());
    for (int i = 0; i < all.size(); i++) {
      for (int j = i + 1; j < all.size(); j++) {
        Operation a = all.get(i);
        Operation b = all.get(j);
        if (a.method().equals(b.method()) && overlap(a.path(), b.path())) {
          throw new IllegalStateException(
              "openapi.yaml: " + a.id() + " and " + b.id() + " can match the same path");
        }
      }
    }
  }

  private static boolean overlap(List<String> a, List<String> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!isParameter(a.get(i)) && !isParameter(b.get(i)) && !a.get(i).equals(b.get(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param path normalized, as Vert.x does
   */
  Match match(String method, String path) {
    String[] segments = segments(path);
    SortedSet<String> allow = new TreeSet<>();
    boolean open = true;
    for (Operation operation : operations.values()) {
      if (operation.fits(segments)) {
        if (operation.method().equals(method)) {
          return new Match.Found(operation);
        }
        allow.add(operation.method());
        open &= operation.needed().isEmpty();
      }
    }
    return allow.isEmpty() ? new Match.Unknown() : new Match.OtherMethod(allow, open);
  }

  Operation operation(String id) {
    return operations.get(id);
  }

  Collection<Operation> operations() {
    return operations.values();
  }

  OpenAPI api() {
    return api;
  }

  String text() {
    return text;
  }

  private static boolean isParameter(String segment) {
    return segment.startsWith("{");
  }

  private static String[] segments(String path) {
    return path.substring(path.startsWith("/") ? 1 : 0).split("/", -1);
  }
}

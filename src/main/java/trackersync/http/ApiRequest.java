package trackersync.http;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.report.LevelResolver;
import com.atlassian.oai.validator.report.ValidationReport;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.auth.User;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;
import org.apache.camel.spi.RestClientRequestValidator;

/**
 * Checks a request against the contract and hands it to the route as one map: every declared
 * parameter and body field by its name (null when absent, the default filled in, numbers and flags
 * as such), and {@code caller}. The route sees no header of the request. Replaces the validator
 * Camel ships, which passes a body without a Content-Type and compiles the contract each time.
 */
final class ApiRequest implements RestClientRequestValidator {
  /** Name of the caller's subject in the map. */
  static final String CALLER = "caller";

  /** The body's fields alone, as sent, as JSON text: what a change names and what it leaves out. */
  static final String BODY = "body";

  /** Of an operation with {@code x-raw}: the body's bytes, and the headers by lower-case name. */
  static final String RAW_BODY = "rawBody";

  static final String HEADERS = "headers";

  private static final int MESSAGE_MAX = 300;
  private static final List<String> SECRETS = List.of("token", "accessToken", "webhookSecret");
  private static final Pattern AT = Pattern.compile("\\[Path '/?([^']*)'\\] ?");

  private final Contract contract;
  private final OpenApiInteractionValidator validator;
  private final Access access;
  private ProducerTemplate producer;

  ApiRequest(Contract contract, Access access) {
    this.contract = contract;
    this.access = access;
    this.validator =
        OpenApiInteractionValidator.createFor(contract.api())
            .withLevelResolver(
                LevelResolver.create().withDefaultLevel(ValidationReport.Level.ERROR).build())
            .build();
  }

  @Override
  public ValidationError validate(Exchange exchange, ValidationContext context) {
    try {
      bind(exchange);
      return null;
    } catch (ApiException refusal) {
      Problem.reply(exchange, refusal.status(), refusal.getMessage(), refusal.members());
      return new ValidationError(refusal.status(), exchange.getMessage().getBody(String.class));
    }
  }

  private void bind(Exchange exchange) {
    if (!(exchange.getMessage() instanceof HttpMessage message)) {
      throw new IllegalStateException("not a request of the API port");
    }
    HttpServerRequest request = message.getRequest();
    String path = message.getHeader(Exchange.HTTP_PATH, String.class);
    if (!(contract.match(request.method().name(), path) instanceof Contract.Match.Found found)) {
      throw new ApiException(404, null);
    }
    Contract.Operation operation = found.operation();
    User user = message.getHeader(VertxPlatformHttpConstants.AUTHENTICATED_USER, User.class);
    Optional<Caller> caller = caller(user, operation);
    Map<String, Object> values = new HashMap<>(caller.map(Caller::parameters).orElse(Map.of()));
    values.putIfAbsent(CALLER, null);
    caller.ifPresent(
        it -> access.check(exchange.getContext(), operation, operation.pathParameters(path), it));
    byte[] body = message.getBody(byte[].class);
    message.removeHeaders("*");
    if (operation.raw()) {
      values.putAll(operation.pathParameters(path));
      values.put(RAW_BODY, body == null ? new byte[0] : body);
      Map<String, String> headers = new HashMap<>();
      request
          .headers()
          .forEach(
              header ->
                  headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
      values.put(HEADERS, headers);
      message.setBody(values);
      return;
    }
    try {
      JsonNode json = json(operation, body);
      check(request, operation, path, json);
      operation.pathParameters(path).forEach(values::put);
      for (String name : ids(operation)) {
        if (!Access.UUID.matcher((String) values.get(name)).matches()) {
          // the validator takes what java.util.UUID takes, which is more than PostgreSQL does
          throw ApiException.invalid(name, "is not an id: 8-4-4-4-12 hexadecimal digits");
        }
      }
      parameters(request, operation, values);
      fields(operation, json, values);
    } catch (ApiException refusal) {
      throw refusal.status() == 400 && !exists(exchange, operation, path, caller)
          ? new ApiException(404, "there is no such resource")
          : refusal;
    }
    message.setBody(values);
  }

  /** The gate let nobody through without; this holds even if it were not there. */
  private static Optional<Caller> caller(User user, Contract.Operation operation) {
    if (operation.needed().isEmpty()) {
      return Optional.empty();
    }
    if (user == null || user.principal() == null) {
      throw new ApiException(401, null);
    }
    Caller caller = Caller.of(user.principal());
    if (!caller.may(operation.needed().get())) {
      throw new ApiException(403, null);
    }
    return Optional.of(caller);
  }

  /** The parameters of the path that are UUIDs. */
  private static List<String> ids(Contract.Operation operation) {
    return operation.parameters().stream()
        .filter(it -> "path".equals(it.getIn()) && "uuid".equals(it.getSchema().getFormat()))
        .map(Parameter::getName)
        .toList();
  }

  private static JsonNode json(Contract.Operation operation, byte[] body) {
    if (operation.body() == null || body == null || body.length == 0) {
      return null;
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      JsonNode json = Json.REQUESTS.readTree(text);
      if (!json.isObject()) {
        throw ApiException.invalid("body", "a JSON object is expected");
      }
      refuseUnstorable(json, "body");
      return json;
    } catch (CharacterCodingException e) {
      throw ApiException.invalid("body", "the text is not UTF-8");
    } catch (JsonProcessingException e) {
      throw ApiException.invalid(
          "body", "not JSON we read: malformed, a key twice, or nested too deep");
    }
  }

  /** PostgreSQL holds no NUL, and UTF-8 no lone surrogate. */
  private static void refuseUnstorable(JsonNode json, String at) {
    if (json.isTextual()) {
      refuseUnstorable(json.textValue(), at);
    } else if (json.isObject()) {
      json.fields()
          .forEachRemaining(
              field -> {
                refuseUnstorable(field.getKey(), at);
                refuseUnstorable(field.getValue(), field.getKey());
              });
    } else {
      json.forEach(item -> refuseUnstorable(item, at));
    }
  }

  private static void refuseUnstorable(String text, String at) {
    if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw ApiException.invalid(at, "holds a character that cannot be stored");
    }
  }

  private void check(
      HttpServerRequest request, Contract.Operation operation, String path, JsonNode json) {
    SimpleRequest.Builder builder = new SimpleRequest.Builder(request.method().name(), path, false);
    query(request)
        .forEach(
            (name, sent) -> {
              if (sent.size() > 1) {
                throw ApiException.invalid(shown(name), "stands twice");
              }
              refuseUnstorable(sent.get(0), shown(name));
              builder.withQueryParam(name, sent);
            });
    request.headers().forEach(header -> builder.withHeader(header.getKey(), header.getValue()));
    if (json != null) {
      builder.withBody(json.toString());
    }
    ValidationReport report = validator.validateRequest(builder.build());
    if (!report.hasErrors()) {
      return;
    }
    int status = 400;
    List<Map<String, String>> errors = new ArrayList<>();
    for (ValidationReport.Message message : report.getMessages()) {
      if (message.getKey().contains("accept.")) {
        throw new ApiException(406, operation.id() + " cannot answer with that media type");
      }
      if (message.getKey().contains("contentType.")) {
        throw new ApiException(415, operation.id() + " takes application/json");
      }
      errors.add(error(message.getMessage(), json));
    }
    throw new ApiException(status, Problem.NOT_THE_CONTRACT, Map.of("errors", List.copyOf(errors)));
  }

  private static Map<String, String> error(String text, JsonNode json) {
    String line = text.lines().findFirst().orElse("");
    Matcher matcher = AT.matcher(line);
    String at = matcher.lookingAt() ? matcher.group(1) : "";
    String words = matcher.replaceFirst("");
    for (String name : SECRETS) {
      JsonNode secret = json == null ? null : json.get(name);
      if (secret != null && !secret.isNull()) {
        // the words may repeat what was sent
        words = at.equals(name) ? "is not usable" : words.replace(secret.asText(), "xxxxxx");
      }
    }
    words = shown(words);
    return at.isEmpty() ? Map.of("message", words) : Map.of("at", shown(at), "message", words);
  }

  private static String shown(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() > MESSAGE_MAX ? plain.substring(0, MESSAGE_MAX) + "…" : plain;
  }

  private static Map<String, List<String>> query(HttpServerRequest request) {
    try {
      return new QueryStringDecoder(request.uri()).parameters();
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid("query", "holds a broken percent sign");
    }
  }

  private static void parameters(
      HttpServerRequest request, Contract.Operation operation, Map<String, Object> values) {
    Map<String, List<String>> query = query(request);
    for (Parameter parameter : operation.parameters()) {
      String name = parameter.getName();
      if ("query".equals(parameter.getIn())) {
        List<String> sent = query.get(name);
        values.put(name, typed(parameter, sent == null ? null : sent.get(0)));
      } else if ("header".equals(parameter.getIn())) {
        values.put(camelCase(name), typed(parameter, request.getHeader(name)));
      }
    }
  }

  /** Idempotency-Key is idempotencyKey inside. */
  private static String camelCase(String header) {
    StringBuilder name = new StringBuilder();
    for (String word : header.split("-")) {
      name.append(name.isEmpty() ? word.toLowerCase(Locale.ROOT) : word);
    }
    return name.toString();
  }

  private static Object typed(Parameter parameter, String sent) {
    Schema<?> schema = parameter.getSchema();
    if (sent == null) {
      return schema.getDefault();
    }
    try {
      if ("integer".equals(schema.getType())) {
        return Long.valueOf(sent);
      }
      if ("boolean".equals(schema.getType())) {
        return Boolean.valueOf(sent);
      }
      if ("date-time".equals(schema.getFormat())) {
        OffsetDateTime at = OffsetDateTime.parse(sent);
        if (at.getYear() < 1 || at.getYear() > 9999) {
          throw new DateTimeException("year");
        }
        return at.toString();
      }
      return sent;
    } catch (NumberFormatException | DateTimeException e) {
      throw ApiException.invalid(parameter.getName(), "cannot be read");
    }
  }

  private static void fields(
      Contract.Operation operation, JsonNode json, Map<String, Object> values) {
    if (operation.body() == null) {
      return;
    }
    ObjectNode sent = json == null ? Json.REQUESTS.createObjectNode() : (ObjectNode) json;
    operation
        .body()
        .getProperties()
        .forEach(
            (name, schema) -> {
              JsonNode field = sent.get(name);
              values.put(
                  name,
                  field == null || field.isNull()
                      ? schema.getDefault()
                      : Json.REQUESTS.convertValue(field, Object.class));
            });
    values.put(BODY, sent.toString());
  }

  /** So that a call on what is not there gets 404, whatever else is wrong with it. */
  private boolean exists(
      Exchange exchange, Contract.Operation operation, String path, Optional<Caller> caller) {
    if (operation.foundBy().isEmpty()) {
      return true;
    }
    Map<String, Object> key = new HashMap<>(operation.pathParameters(path));
    if (ids(operation).stream()
        .anyMatch(id -> !Access.UUID.matcher((String) key.get(id)).matches())) {
      return true;
    }
    key.putAll(caller.map(Caller::parameters).orElse(Map.of()));
    synchronized (this) {
      if (producer == null) {
        producer = exchange.getContext().createProducerTemplate();
      }
    }
    Object found = producer.requestBody("direct:" + operation.foundBy().get(), key);
    return found != null && !(found instanceof List<?> none && none.isEmpty());
  }
}

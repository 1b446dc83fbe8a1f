package trackersync.http;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;

/**
 * What a caller may do with the objects of a project: the token's role lets a call in, the role in
 * the project decides. An object of a project one is no member of is not there.
 */
final class Access {
  static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private ProducerTemplate producer;

  /**
   * Passes where the operation concerns no project, or where the id in the path is none: the
   * contract says so later.
   *
   * @param parameters of the path
   * @throws ApiException 404 without any role in the project, 403 with too low a one
   */
  void check(
      CamelContext camel,
      Contract.Operation operation,
      Map<String, String> parameters,
      Caller caller) {
    if (operation.access().isEmpty()) {
      return;
    }
    Contract.Access needed = operation.access().get();
    String target = parameters.get(needed.of().equals("project") ? "projectId" : "id");
    if (!UUID.matcher(target).matches()) {
      return;
    }
    Map<String, Object> key = new HashMap<>(caller.parameters());
    key.put("of", needed.of());
    key.put("target", target);
    String word = template(camel).requestBody("direct:find-access", key, String.class);
    Role role = word == null ? null : Role.named(word).orElse(null);
    if (role == null) {
      throw new ApiException(404, "there is no such resource");
    }
    if (!role.holds(needed.role())) {
      throw new ApiException(
          403, operation.id() + " needs the role " + needed.role().word() + " in the project");
    }
  }

  private synchronized ProducerTemplate template(CamelContext camel) {
    if (producer == null) {
      producer = camel.createProducerTemplate();
    }
    return producer;
  }
}

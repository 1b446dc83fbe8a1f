package trackersync.toy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;

/** Writes the Dependabot alerts of one repository as GitHub's JSON. */
final class AlertWriter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final String repository;
  private final ToyAlerts alerts;
  private final boolean withCvss;

  /**
   * @param withCvss false from version 2026-03-10 on, which took an advisory's {@code cvss} away
   */
  AlertWriter(String repository, ToyAlerts alerts, boolean withCvss) {
    this.repository = repository;
    this.alerts = alerts;
    this.withCvss = withCvss;
  }

  /** Adds alerts as a JSON list and answers where each begins, and the place after the last. */
  int[] write(Bytes out, List<Integer> numbers) {
    int[] starts = new int[numbers.size() + 1];
    out.put('[');
    for (int i = 0; i < numbers.size(); i++) {
      if (i > 0) {
        out.put(',');
      }
      starts[i] = out.length();
      write(out, numbers.get(i));
    }
    starts[numbers.size()] = out.length() + 1;
    out.put(']');
    return starts;
  }

  void write(Bytes out, int number) {
    ToyAlerts.Alert alert = alerts.alert(number);
    ToyData.Advisory advisory = alert.advisory();
    String path = "/repos/" + repository + "/dependabot/alerts/" + number;
    ObjectNode json = JSON.createObjectNode().put("number", number).put("state", alert.state());
    ObjectNode dependency = json.putObject("dependency");
    aPackage(dependency, advisory);
    dependency
        .put("manifest_path", advisory.manifest())
        .put("scope", number % 3 == 0 ? "development" : "runtime")
        .put("relationship", number % 4 == 0 ? "transitive" : "direct");
    advisory(json.putObject("security_advisory"), advisory);
    vulnerability(json.putObject("security_vulnerability"), advisory);
    json.put("url", ToyData.API + path)
        .put("html_url", ToyData.WEB + "/" + repository + "/security/dependabot/" + number)
        .put("created_at", time(alert.createdAt()))
        .put("updated_at", time(alert.updatedAt()));
    String since = time(alert.updatedAt());
    boolean dismissed = alert.state().equals("dismissed");
    json.put("dismissed_at", dismissed ? since : null);
    json.set("dismissed_by", dismissed ? somebody(number) : null);
    json.put("dismissed_reason", alert.reason())
        .put("dismissed_comment", dismissed && number % 2 == 0 ? "Seen by the team." : null)
        .put("fixed_at", alert.state().equals("fixed") ? since : null)
        .put("auto_dismissed_at", alert.state().equals("auto_dismissed") ? since : null);
    json.putArray("assignees");
    try {
      out.put(JSON.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("toy: an alert cannot be written", e);
    }
  }

  private static void aPackage(ObjectNode parent, ToyData.Advisory advisory) {
    parent.putObject("package").put("ecosystem", advisory.ecosystem()).put("name", advisory.name());
  }

  private void advisory(ObjectNode json, ToyData.Advisory advisory) {
    json.put("ghsa_id", advisory.ghsa())
        .put("cve_id", advisory.cve())
        .put("summary", advisory.summary())
        .put("description", advisory.summary() + ". An update or a narrower setting helps.")
        .put("severity", advisory.severity())
        .put("classification", "general");
    ArrayNode identifiers = json.putArray("identifiers");
    identifiers.addObject().put("value", advisory.ghsa()).put("type", "GHSA");
    if (advisory.cve() != null) {
      identifiers.addObject().put("value", advisory.cve()).put("type", "CVE");
    }
    json.putArray("references")
        .addObject()
        .put("url", ToyData.WEB + "/advisories/" + advisory.ghsa());
    json.put("published_at", "2023-01-01T06:00:00Z")
        .put("updated_at", "2023-01-01T07:00:00Z")
        .putNull("withdrawn_at");
    vulnerability(json.putArray("vulnerabilities").addObject(), advisory);
    String vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:N";
    if (withCvss) {
      json.putObject("cvss").put("vector_string", vector).put("score", advisory.score());
    }
    ObjectNode severities = json.putObject("cvss_severities");
    severities.putObject("cvss_v3").put("vector_string", vector).put("score", advisory.score());
    severities.putObject("cvss_v4").putNull("vector_string").put("score", 0.0);
    json.putObject("epss").put("percentage", 0.00045).put("percentile", 0.16);
    json.putArray("cwes")
        .addObject()
        .put("cwe_id", advisory.weakness())
        .put("name", advisory.weaknessName());
  }

  private static void vulnerability(ObjectNode json, ToyData.Advisory advisory) {
    aPackage(json, advisory);
    json.put("severity", advisory.severity()).put("vulnerable_version_range", advisory.range());
    if (advisory.fixed().isEmpty()) {
      json.putNull("first_patched_version");
    } else {
      json.putObject("first_patched_version").put("identifier", advisory.fixed());
    }
  }

  private static ObjectNode somebody(int number) {
    List<ToyData.User> users = ToyData.shared().users;
    try {
      return (ObjectNode) JSON.readTree(users.get(number % users.size()).json());
    } catch (IOException e) {
      throw new UncheckedIOException("toy: a user is not JSON", e);
    }
  }

  private static String time(long epochSecond) {
    return Instant.ofEpochSecond(epochSecond).toString();
  }
}

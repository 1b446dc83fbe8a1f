package trackersync.toy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The vulnerability findings of a project, computed from its number; only later edits are kept.
 * Safe for several threads.
 */
public final class ToyFindings {
  static final int FINDINGS_MAX = 10_000;
  static final Set<String> SEVERITIES =
      Set.of("info", "unknown", "low", "medium", "high", "critical");
  private static final Set<String> STATES =
      Set.of("detected", "confirmed", "dismissed", "resolved");
  private static final String REMOVED = "removed";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String path;
  private final long projectId;
  private final long seed;
  private final Map<Integer, String> states = new HashMap<>();
  private int highest;

  ToyFindings(String path, long projectId, int made) {
    this.path = path;
    this.projectId = projectId;
    this.seed = Draw.mix(projectId, 0xF1D5);
    this.highest = made;
  }

  // What a finding is

  /** Its identity: the number is only the toy's. */
  public String uuid(int number) {
    long high = Draw.mix(seed, number);
    long low = Draw.mix(high);
    // Version 5 and the variant of RFC 4122, as GitLab computes them from what was found
    return new UUID(high & ~0xF000L | 0x5000L, low & 0x3FFF_FFFF_FFFF_FFFFL | 1L << 63).toString();
  }

  synchronized String state(int number) {
    int drawn = Draw.pick(Draw.mix(seed, number), 0, 100);
    String made = drawn < 70 ? "detected" : drawn < 80 ? "confirmed" : "dismissed";
    return states.getOrDefault(number, drawn < 95 ? made : "resolved");
  }

  private GitlabData.Flaw flaw(int number) {
    List<GitlabData.Flaw> flaws = GitlabData.shared().flaws;
    return flaws.get(Draw.pick(Draw.mix(seed, number), 16, flaws.size()));
  }

  /**
   * The numbers of the findings that fit, the first one first.
   *
   * @param types empty for all
   * @param severities empty for all
   * @param withDismissed false: those that were dismissed are left out
   */
  synchronized List<Integer> numbers(
      Set<String> types, Set<String> severities, boolean withDismissed) {
    return IntStream.rangeClosed(1, highest)
        .filter(n -> !state(n).equals(REMOVED))
        .filter(n -> withDismissed || !state(n).equals("dismissed"))
        .filter(n -> types.isEmpty() || types.contains(flaw(n).type()))
        .filter(n -> severities.isEmpty() || severities.contains(flaw(n).severity()))
        .boxed()
        .toList();
  }

  /** Adds a finding as GitLab's JSON. */
  void write(Bytes out, int number) {
    GitlabData.Flaw flaw = flaw(number);
    long draw = Draw.mix(Draw.mix(seed, number));
    ObjectNode json = JSON.createObjectNode();
    if (draw % 2 == 0) {
      json.put("id", (projectId << 14) + number);
    } else {
      json.putNull("id"); // no vulnerability was made of it yet
    }
    json.put("report_type", flaw.type()).put("name", flaw.name()).put("severity", flaw.severity());
    json.putObject("scanner")
        .put("external_id", flaw.scanner())
        .put("name", GitlabData.name(flaw.scanner()))
        .put("vendor", "Toy");
    String rule = flaw.scanner() + "-" + Draw.pick(draw, 0, 400);
    json.putArray("identifiers")
        .addObject()
        .put("external_type", flaw.scanner() + "_rule")
        .put("external_id", rule)
        .put("name", rule)
        .put("url", GitlabData.WEB + "/rules/" + rule);
    String uuid = uuid(number);
    json.put("project_fingerprint", uuid.replace("-", "") + "00000000")
        .put("uuid", uuid)
        .putNull("create_jira_issue_url")
        .put("false_positive", false)
        .put("create_vulnerability_feedback_issue_path", feedback())
        .put("create_vulnerability_feedback_merge_request_path", feedback())
        .put("create_vulnerability_feedback_dismissal_path", feedback());
    json.putObject("project")
        .put("id", projectId)
        .put("name", path.substring(path.lastIndexOf('/') + 1))
        .put("full_path", "/" + path)
        .put("full_name", path.replace("/", " / "));
    json.putNull("dismissal_feedback").putNull("issue_feedback").putNull("merge_request_feedback");
    json.put("description", draw % 3 == 0 ? null : flaw.name() + ". Found by the nightly run.");
    json.putArray("links");
    int line = 1 + Draw.pick(draw, 16, 900);
    json.putObject("location").put("file", flaw.file()).put("start_line", line);
    json.putArray("remediations").addNull();
    json.put("solution", flaw.solution().isEmpty() ? null : flaw.solution());
    json.putNull("evidence").putNull("request").putNull("response").putNull("evidence_source");
    json.putArray("supporting_messages");
    json.putArray("assets");
    json.putObject("details");
    json.put("state", state(number));
    json.putObject("scan")
        .put("type", flaw.type())
        .put("status", "success")
        .put("start_time", "2026-01-02T02:00:00")
        .put("end_time", "2026-01-02T02:07:41");
    json.put("blob_path", "/" + path + "/-/blob/main/" + flaw.file() + "#L" + line);
    try {
      out.put(JSON.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("toy: a finding cannot be written", e);
    }
  }

  private String feedback() {
    return "/" + path + "/-/vulnerability_feedback";
  }

  // Edits

  /**
   * Sets a finding's state.
   *
   * @param state detected, confirmed, dismissed or resolved
   */
  public void setState(int number, String state) {
    if (!STATES.contains(state)) {
      throw new IllegalArgumentException(
          "toy: state is \"%s\", must be one of %s."
              .formatted(state, STATES.stream().sorted().toList()));
    }
    edit(number, state);
  }

  /** Takes a finding away, as a pipeline does that finds it no longer. */
  public void remove(int number) {
    edit(number, REMOVED);
  }

  /** Adds new findings and answers the first one's number. */
  public synchronized int add(int count) {
    if (highest + count > 2 * FINDINGS_MAX) {
      throw new IllegalArgumentException(
          "toy: %s cannot have more than %d findings.".formatted(path, 2 * FINDINGS_MAX));
    }
    int first = highest + 1;
    highest += count;
    for (int number = first; number <= highest; number++) {
      states.put(number, "detected");
    }
    return first;
  }

  private synchronized void edit(int number, String state) {
    if (number < 1 || number > highest) {
      throw new IllegalArgumentException(
          "toy: %s has no finding %d, only 1 to %d.".formatted(path, number, highest));
    }
    states.put(number, state);
  }
}

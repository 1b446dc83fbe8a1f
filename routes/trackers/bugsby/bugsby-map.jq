# page of raw bugs → { records, rejected, ignored, notes } (docs/reference/issue.md)
# A value nobody knows is kept as it came, and told in the run's results.
def words: ascii_upcase | split(",") | map(gsub("^\\s+|\\s+$"; ""));
def as_text: if . == null or type == "string" then . else tojson end;
def key: "bugsby:\(.bug_id // error("bug_id is missing") | strings // numbers // error("bug_id is no text"))";
def known:
  { severity: ["sev1", "sev2", "sev3"], priority: ["P0", "P1", "P2"], bug_type: ["BUG", "TASK", "FEATURE"] };
def issue($closed): {
  key:            key,
  external_id:    "\(.bug_id)",
  number:         ("\(.bug_id)" | if test("^[0-9]{1,15}$") then tonumber else null end),
  title:          (.title // error("title is missing")),
  description:    .description,
  status:         (.status // error("status is missing") | ascii_upcase
                   | . as $word | if $closed | any(. == $word) then "closed" else "open" end),
  source_status:  .status,
  type:           ({ BUG: "Bug", FEATURE: "Feature" }[.bug_type | as_text // ""] // "Task"),
  priority:       ({ P0: "Critical", P1: "High", P2: "Medium" }[.priority | as_text // ""] // "Low"),
  labels:         [ .component | strings ],
  assignees:      [ .assignee_email | strings | select(. != "") ],
  author:         null,
  milestone:      (.release | as_text),
  url:            null,
  comments_count: null,
  created_at:     (.created_at // .updated_at // "1970-01-01T00:00:00Z"),
  updated_at:     (.updated_at // .created_at // "1970-01-01T00:00:00Z"),
  closed_at:      null,
  custom_fields:  {
    bugsby: {
      bugsbyId: "\(.bug_id)",
      severity: (.severity | as_text),
      priority: (.priority | as_text),
      bugType: (.bug_type | as_text),
      release: (.release | as_text),
      component: (.component | as_text),
      assigneeEmail: (.assignee_email | as_text),
      sourceStatus: .status },
    externalSync: { providerType: "Bugsby" } },
  raw:            .
};
def notes: . as $bug | known | to_entries[] | .key as $field | .value as $values
  | $bug[$field] | select(. != null) | . as $value | select($values | any(. == $value) | not)
  | { key: ($bug | key), note: "\($field) is \($value | tojson), none that is known: kept as it came" };
($settings["closed-statuses"] | words) as $closed
| [ .[] | . as $raw | try issue($closed)
    catch { rejected: ., raw: $raw, key: ([ $raw | try key catch empty ] | first) } ]
| { records:  map(select(has("rejected") | not)),
    rejected: map(select(has("rejected"))),
    ignored:  [],
    notes:    [ .[] | select(has("rejected") | not) | .raw | notes ] }

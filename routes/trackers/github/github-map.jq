# page of raw GitHub issues → { records, rejected, ignored } (docs/reference/issue.md)
# A pull request is an issue of GitHub's list that has the key pull_request: dropped and counted.
def label_name: if type == "object" then .name else . end;
def kind:
  [ (.type | objects | .name), (.labels[]? | label_name) | strings | ascii_downcase
    | { bug: 1, enhancement: 2, feature: 2, epic: 3 }[.] | numbers ] | min |
  if . == 1 then "Bug" elif . == 2 then "Feature" elif . == 3 then "Epic" else "Task" end;
def issue: {
  key:            "github:\(.id // error("id is missing") | numbers // error("id is no number"))",
  external_id:    "\(.number // error("number is missing"))",
  number:         .number,
  title:          (.title // error("title is missing")),
  description:    .body,
  status:         (if .state == "closed" then "closed" else "open" end),
  source_status:  (.state // error("state is missing")),
  type:           kind,
  priority:       null,
  labels:         [ .labels[]? | label_name ],
  assignees:      [ .assignees[]?.login ],
  author:         .user?.login,
  milestone:      .milestone?.title,
  url:            .html_url,
  comments_count: .comments,
  created_at:     .created_at,
  updated_at:     .updated_at,
  closed_at:      .closed_at,
  custom_fields:  { externalSync:
    { providerType: "GitHub", issueNumber: .number, stateReason: .state_reason } },
  raw:            .
};
def is_pull_request: type == "object" and has("pull_request");
{ mapped:  [ .[] | select(is_pull_request | not) | . as $raw
             | try issue catch { rejected: ., raw: $raw } ],
  ignored: [ .[] | select(is_pull_request)
             | { kind: "pullRequests", key: "github:\(.id)", updated_at } ] }
| { records:  (.mapped | map(select(has("rejected") | not))),
    rejected: (.mapped | map(select(has("rejected")))), ignored }

# page of raw GitLab issues → { records, rejected, ignored } (docs/reference/issue.md)
# A confidential issue is dropped and counted unless tracker.gitlab.confidential is true.
def label_name: if type == "object" then .name else . end;
def kind:
  [ .issue_type, (.labels[]? | label_name) | strings | ascii_downcase
    | { bug: 1, incident: 1, enhancement: 2, feature: 2, epic: 3 }[.] | numbers ] | min |
  if . == 1 then "Bug" elif . == 2 then "Feature" elif . == 3 then "Epic" else "Task" end;
def issue: {
  key:            "gitlab:\(.id // error("id is missing") | numbers // error("id is no number"))",
  external_id:    "\(.iid // error("iid is missing"))",
  number:         .iid,
  title:          (.title // error("title is missing")),
  description:    .description,
  status:         (if .state == "closed" then "closed" else "open" end),
  source_status:  (.state // error("state is missing")),
  type:           kind,
  priority:       null,
  labels:         [ .labels[]? | label_name ],
  assignees:      [ .assignees[]?.username ],
  author:         .author?.username,
  milestone:      .milestone?.title,
  url:            .web_url,
  confidential:   (.confidential // false),
  comments_count: .user_notes_count,
  created_at:     .created_at,
  updated_at:     .updated_at,
  closed_at:      .closed_at,
  custom_fields:  { externalSync:
    { providerType: "GitLab", issueNumber: .iid, issueType: .issue_type, severity: .severity } },
  raw:            .
};
def is_hidden: type == "object" and .confidential == true and $settings.confidential != "true";
{ mapped:  [ .[] | select(is_hidden | not) | . as $raw
             | try issue catch { rejected: ., raw: $raw } ],
  ignored: [ .[] | select(is_hidden)
             | { kind: "confidential", key: "gitlab:\(.id)", updated_at } ] }
| { records:  (.mapped | map(select(has("rejected") | not))),
    rejected: (.mapped | map(select(has("rejected")))), ignored }

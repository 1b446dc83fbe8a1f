def kind:
  [ (.type | objects | .name), .labels[].name ] | map(ascii_downcase) |
  if any(. == "bug") then "Bug"
  elif any(. == "enhancement" or . == "feature") then "Feature"
  elif any(. == "epic") then "Epic"
  else "Task" end;
.[] | select(has("pull_request") | not) | {
  record_key: "github:\(.id)",
  number,
  title,
  description: .body,
  status: .state,
  source_status: .state,
  type: kind,
  labels: [ .labels[].name ],
  assignees: [ .assignees[].login ],
  author: .user.login,
  milestone: .milestone.title,
  url: .html_url,
  comments_count: .comments,
  created_at, updated_at, closed_at,
  custom_fields: {
    externalId: "github:\($url):\(.number)",
    externalSync: {
      providerType: "GitHub", issueNumber: .number, stateReason: .state_reason,
      repositoryUrl: $url, syncedAt: $now
    }
  },
  raw: .
}

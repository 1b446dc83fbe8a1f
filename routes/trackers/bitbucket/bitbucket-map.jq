# list of raw Bitbucket issues → { records, rejected, ignored } (docs/reference/issue.md)
# Numbers are unique in a repository only, so the key holds the repository's uuid.
def kind: if .kind == "bug" then "Bug" elif .kind == "enhancement" then "Feature" else "Task" end;
def rank: { trivial: "Low", minor: "Low", major: "Medium", critical: "High", blocker: "Critical" };
def person: .nickname // .display_name;
def is_open: . == "new" or . == "open" or . == "on hold" or . == "submitted";
def issue: {
  key:            "bitbucket:\(.repository.uuid? // error("repository.uuid is missing") | ltrimstr("{") | rtrimstr("}")):\(.id // error("id is missing") | numbers // error("id is no number"))",
  external_id:    "\(.id)",
  number:         .id,
  title:          (.title // error("title is missing")),
  description:    .content?.raw,
  status:         (if (.state // error("state is missing")) | is_open then "open" else "closed" end),
  source_status:  .state,
  type:           kind,
  priority:       (if .priority == null then null else rank[.priority] end),
  labels:         [ (.component?, .version?) | objects | .name ],
  assignees:      [ .assignee | objects | person ],
  author:         (.reporter | if . == null then null else person end),
  milestone:      .milestone?.name,
  url:            .links.html.href?,
  comments_count: null,
  created_at:     .created_on,
  updated_at:     (.updated_on // .created_on),
  closed_at:      null,
  custom_fields:  { externalSync:
    { providerType: "Bitbucket", issueNumber: .id, kind: .kind, priority: .priority } },
  raw:            .
};
[ .[] | . as $raw | try issue catch { rejected: ., raw: $raw } ]
| { records: map(select(has("rejected") | not)), rejected: map(select(has("rejected"))), ignored: [] }

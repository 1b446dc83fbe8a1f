# page of raw GitLab vulnerability findings → { records, rejected, ignored }
# A finding is a bug of priority Critical or High. It has no time of its own: 1970 stands for that,
# and a change shows by the record's hash.
def unknown_time: "1970-01-01T00:00:00Z";
def place: .location | objects | [ .file, .start_line ] | map(select(. != null) | tostring) | join(":");
# old servers send neither uuid nor state
def state: .state // (if .dismissal_feedback == null then "detected" else "dismissed" end);
def identity: .uuid // .project_fingerprint // error("uuid is missing") | strings // error("uuid is no text");
def issue: {
  key:            "gitlab:\(identity)",
  external_id:    (identity | gsub("-"; "")),
  number:         null,
  title:          (.name // error("name is missing")),
  description:    .description,
  status:         (if state == "detected" or state == "confirmed" then "open" else "closed" end),
  source_status:  state,
  type:           "Bug",
  priority:       (if .severity == "critical" then "Critical" else "High" end),
  labels:         [],
  assignees:      [],
  author:         null,
  milestone:      null,
  url:            null,
  comments_count: null,
  created_at:     unknown_time,
  updated_at:     unknown_time,
  closed_at:      null,
  custom_fields:  { externalSync:
    { providerType: "GitLab", securityAdvisory: true, severity: .severity,
      reportType: .report_type, scanner: .scanner?.name, place: (place // null), path: .blob_path,
      identifiers: [ .identifiers[]?.name ], solution: .solution } },
  raw:            .
};
[ .[] | . as $raw | try issue catch { rejected: ., raw: $raw } ]
| { records: map(select(has("rejected") | not)), rejected: map(select(has("rejected"))), ignored: [] }

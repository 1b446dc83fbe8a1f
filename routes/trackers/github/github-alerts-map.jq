# page of raw Dependabot alerts → { records, rejected, ignored } (docs/reference/issue.md)
# An alert is a bug of priority Critical or High; its own severity stays in custom_fields.
def severity: .security_vulnerability.severity? // .security_advisory.severity?;
def issue: {
  key:            "github:alert\(.number // error("number is missing") | numbers // error("number is no number"))",
  external_id:    "alert\(.number)",
  number:         .number,
  title:          (.security_advisory.summary? // error("security_advisory.summary is missing")),
  description:    .security_advisory.description,
  status:         (if .state == "open" then "open" else "closed" end),
  source_status:  (.state // error("state is missing")),
  type:           "Bug",
  priority:       (if severity == "critical" then "Critical" else "High" end),
  labels:         [],
  assignees:      [ .assignees[]?.login ],
  author:         null,
  milestone:      null,
  url:            .html_url,
  comments_count: null,
  created_at:     .created_at,
  updated_at:     .updated_at,
  closed_at:      (.fixed_at // .dismissed_at // .auto_dismissed_at),
  custom_fields:  { externalSync:
    { providerType: "GitHub", securityAdvisory: true, severity: severity,
      advisory: .security_advisory.ghsa_id, cve: .security_advisory.cve_id,
      package: .dependency.package?.name, ecosystem: .dependency.package?.ecosystem,
      manifest: .dependency.manifest_path? } },
  raw:            .
};
[ .[] | . as $raw | try issue catch { rejected: ., raw: $raw } ]
| { records: map(select(has("rejected") | not)), rejected: map(select(has("rejected"))), ignored: [] }

\set ON_ERROR_STOP on
create temp table stage (issue jsonb);
\copy stage from pstdin (format csv, quote e'\x01', delimiter e'\x02')
insert into issues (connection_id, stream, record_key, number, title, description, status,
  source_status, type, labels, assignees, author, milestone, url, comments_count, created_at,
  updated_at, closed_at, custom_fields, raw, revision_hash)
select c.id, 'issues', i.record_key, i.number, i.title, i.description, i.status, i.source_status,
  i.type, i.labels, i.assignees, i.author, i.milestone, i.url, i.comments_count, i.created_at,
  i.updated_at, i.closed_at, i.custom_fields, i.raw, ''
from connections c, stage s, jsonb_to_record(s.issue) as i(record_key text, number bigint,
  title text, description text, status text, source_status text, type text, labels text[],
  assignees text[], author text, milestone text, url text, comments_count int,
  created_at timestamptz, updated_at timestamptz, closed_at timestamptz, custom_fields jsonb,
  raw jsonb)
on conflict (connection_id, stream, record_key) do update
set number = excluded.number, title = excluded.title, description = excluded.description,
  status = excluded.status, source_status = excluded.source_status, type = excluded.type,
  labels = excluded.labels, assignees = excluded.assignees, author = excluded.author,
  milestone = excluded.milestone, url = excluded.url, comments_count = excluded.comments_count,
  created_at = excluded.created_at, updated_at = excluded.updated_at,
  closed_at = excluded.closed_at, custom_fields = excluded.custom_fields, raw = excluded.raw,
  synced_at = now()
where issues.updated_at < excluded.updated_at;

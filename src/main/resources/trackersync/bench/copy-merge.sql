insert into issues (connection_id, stream, :columns)
select (select id from connections), 'issues', :columns from stage
on conflict (connection_id, stream, record_key) do update
set number = excluded.number, title = excluded.title, description = excluded.description,
  status = excluded.status, source_status = excluded.source_status, type = excluded.type,
  priority = excluded.priority, labels = excluded.labels, assignees = excluded.assignees,
  author = excluded.author, milestone = excluded.milestone, url = excluded.url,
  comments_count = excluded.comments_count, created_at = excluded.created_at,
  updated_at = excluded.updated_at, closed_at = excluded.closed_at,
  custom_fields = excluded.custom_fields, raw = excluded.raw,
  revision_hash = excluded.revision_hash, synced_at = now()
where issues.updated_at < excluded.updated_at

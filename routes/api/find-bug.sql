select
  b.id, b.bugsby_id, b.title, b.description, b.severity, b.priority, b.bug_type, b.release,
  b.component, b.assigned_to, b.assignee_email, b.source_status, b.status, b.release_note,
  b.release_note_by,
  bug_sync_status(b.sync_status, b.last_attempt_at, i.gone_since, b.source_status, s.since, s.filter)
    as sync_status,
  b.sync_error, b.last_synced_at, i.gone_since, b.created_at, b.updated_at, b.changed_at,
  b.changed_by, b.version
from bugs b
left join issues i on i.id = b.issue_id
left join lateral open_sweep(b.connection_id) s on true
where b.id = cast(:#id as uuid) or b.bugsby_id = cast(:#bugsby_id as text)

-- The page's bugs, beside their issues. Older revisions are refused, the same one is left alone; the
-- columns of people are not named (bugs-columns.txt). In the order of the ids, as every page.
with bug as (
  select distinct on (r ->> 'key') r ->> 'key' as key,
    substr(r ->> 'key', strpos(r ->> 'key', ':') + 1) as bugsby_id,
    coalesce(r -> 'custom_fields' -> 'externalSync' ->> 'fullTitle', r ->> 'title') as title,
    r ->> 'description' as description, r -> 'custom_fields' -> 'bugsby' as own,
    r ->> 'source_status' as source_status,
    (r ->> 'created_at')::timestamptz as created_at, (r ->> 'updated_at')::timestamptz as updated_at
  from jsonb_array_elements(convert_from(:#${variable.records}, 'UTF8')::jsonb) as r
  order by r ->> 'key', (r ->> 'updated_at')::timestamptz desc
)
insert into bugs as t (bugsby_id, title, description, severity, priority, bug_type, release,
  component, assigned_to, assignee_email, source_status, created_at, updated_at, connection_id,
  issue_id, sync_status, last_attempt_at, last_synced_at)
select b.bugsby_id, b.title, b.description, own ->> 'severity', own ->> 'priority',
  own ->> 'bugType', coalesce(own ->> 'release', c.settings ->> 'release', ''),
  own ->> 'component', u.id, own ->> 'assigneeEmail',
  coalesce(own ->> 'sourceStatus', b.source_status), b.created_at, b.updated_at, c.id, i.id,
  'synced', now(), now()
from bug b
join connections c on c.id = :#${variable.connection}
-- an issue that was not wanted is no bug either
join issues i on i.connection_id = c.id and i.stream = :#${variable.stream} and i.record_key = b.key
  and i.record_key = any(array(select key from bug))
left join users u on lower(u.email) = lower(own ->> 'assigneeEmail')
order by b.bugsby_id
on conflict (bugsby_id) do update
set title = excluded.title, description = excluded.description, severity = excluded.severity,
  priority = excluded.priority, bug_type = excluded.bug_type, release = excluded.release,
  component = excluded.component, assigned_to = excluded.assigned_to,
  assignee_email = excluded.assignee_email, source_status = excluded.source_status,
  created_at = excluded.created_at, updated_at = excluded.updated_at,
  connection_id = excluded.connection_id, issue_id = excluded.issue_id,
  sync_status = 'synced', sync_error = null, last_attempt_at = now(), last_synced_at = now()
where t.updated_at is null or (t.updated_at <= excluded.updated_at
  and (t.title, t.description, t.severity, t.priority, t.bug_type, t.release, t.component,
      t.assigned_to, t.assignee_email, t.source_status, t.created_at, t.updated_at)
    is distinct from (excluded.title, excluded.description, excluded.severity, excluded.priority,
      excluded.bug_type, excluded.release, excluded.component, excluded.assigned_to,
      excluded.assignee_email, excluded.source_status, excluded.created_at, excluded.updated_at))

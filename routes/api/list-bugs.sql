-- every sort is either by a time or by a word
with q as not materialized (
  select cast(:#sort as text) as sort, cast(:#cursorKey as text) as after,
    cast(:#cursorId as uuid) as after_id, cast(:#release as text) as release,
    cast(:#assigned_to as uuid) as assignee, cast(:#status as text) as status,
    cast(:#severity as text) as severity, cast(:#priority as text) as priority,
    cast(:#bug_type as text) as type, cast(:#component as text) as component,
    lower(cast(:#q as text)) as words
), found as (
  select b.*, k.at, k.word, case when k.word is null
      then cast(k.at at time zone 'UTC' as text) || '+00' else k.word end as "cursorKey"
  from q cross join bugs b cross join lateral (
    select
      case when q.sort in ('updated_at', '-updated_at')
          then coalesce(b.updated_at, timestamptz '1970-01-01 00:00:00+00')
        when q.sort in ('created_at', '-created_at')
          then coalesce(b.created_at, timestamptz '1970-01-01 00:00:00+00') end as at,
      case when q.sort in ('bugsby_id', '-bugsby_id')
          -- ids of digits in the order of their numbers
          then repeat('0', greatest(0, 20 - char_length(b.bugsby_id))) || b.bugsby_id
        when q.sort in ('title', '-title') then left(lower(coalesce(b.title, '')), 100)
        when q.sort in ('severity', '-severity') then left(coalesce(b.severity, ''), 100)
        when q.sort in ('priority', '-priority') then left(coalesce(b.priority, ''), 100)
        when q.sort in ('status', '-status') then b.status end as word) as k
  where (q.release is null or (left(b.release, 200) = left(q.release, 200) and b.release = q.release))
    and (q.assignee is null or b.assigned_to = q.assignee)
    and (q.status is null or b.status = q.status)
    and (q.severity is null or b.severity = q.severity)
    and (q.priority is null or b.priority = q.priority)
    and (q.type is null or b.bug_type = q.type)
    and (q.component is null or b.component = q.component)
    and (q.words is null or strpos(lower(b.title), q.words) > 0
      or strpos(lower(b.description), q.words) > 0 or b.bugsby_id = q.words)
    and (q.after is null or case
      when q.sort in ('updated_at', 'created_at') then (k.at, b.id) > (q.after::timestamptz, q.after_id)
      when q.sort in ('-updated_at', '-created_at') then k.at < q.after::timestamptz
        or (k.at = q.after::timestamptz and b.id > q.after_id)
      when left(q.sort, 1) = '-' then k.word < q.after or (k.word = q.after and b.id > q.after_id)
      else (k.word, b.id) > (q.after, q.after_id) end)
  order by
    case when q.sort in ('updated_at', 'created_at') then k.at end,
    case when q.sort in ('-updated_at', '-created_at') then k.at end desc,
    case when left(q.sort, 1) <> '-' then k.word end,
    case when left(q.sort, 1) = '-' then k.word end desc,
    b.id
  limit :#fetch
)
select
  b.id, b.bugsby_id, b.title, b.description, b.severity, b.priority, b.bug_type, b.release,
  b.component, b.assigned_to, b.assignee_email, b.source_status, b.status, b.release_note,
  b.release_note_by,
  bug_sync_status(b.sync_status, b.last_attempt_at, i.gone_since, b.source_status, s.since, s.filter)
    as sync_status,
  b.sync_error, b.last_synced_at, i.gone_since, b.created_at, b.updated_at, b.changed_at,
  b.changed_by, b."cursorKey"
from q, found b
left join issues i on i.id = b.issue_id
left join lateral open_sweep(b.connection_id) s on true
order by
  case when q.sort in ('updated_at', 'created_at') then b.at end,
  case when q.sort in ('-updated_at', '-created_at') then b.at end desc,
  case when left(q.sort, 1) <> '-' then b.word end,
  case when left(q.sort, 1) = '-' then b.word end desc,
  b.id

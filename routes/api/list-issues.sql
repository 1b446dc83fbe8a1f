-- One query for six sorts: the request's values are constants to the planner, which drops what
-- does not apply and walks the index of the sort that does.
with q as (
  select cast(:#sort as text) as sort, cast(:#cursorKey as text) as after,
    cast(:#cursorId as uuid) as after_id, cast(:#connection as text) as connection,
    cast(:#status as text) as status, cast(:#type as text) as type,
    cast(:#label as text) as label, cast(:#author as text) as author,
    cast(:#assignee as text) as assignee, lower(cast(:#q as text)) as words,
    cast(:#updatedSince as timestamptz) as since
)
select
  i.id, i.connection_id as "connectionId", c.name as connection, c.tracker,
  i.record_key as key, i.stream, i.number, i.title, i.description, i.status,
  i.source_status as "sourceStatus", i.type, i.priority, to_jsonb(i.labels) as labels,
  to_jsonb(i.assignees) as assignees, i.author, i.milestone, i.url, i.confidential,
  i.comments_count as "commentsCount", i.created_at as "createdAt", i.updated_at as "updatedAt",
  i.closed_at as "closedAt", i.custom_fields as "customFields", i.gone_since as "goneSince",
  i.stored_at as "storedAt", i.synced_at as "syncedAt",
  case q.sort
    when 'number' then coalesce(i.number, 0)::text
    when '-number' then coalesce(i.number, 0)::text
    when 'createdAt' then cast(i.created_at at time zone 'UTC' as text) || '+00'
    when '-createdAt' then cast(i.created_at at time zone 'UTC' as text) || '+00'
    else cast(i.updated_at at time zone 'UTC' as text) || '+00'
  end as "cursorKey"
from q, issues i
join connections c on c.id = i.connection_id
where (cast(:#seesAll as boolean) or c.project_id in (
    select p.id from projects p
    where project_role(p.id, :#callerRole, :#callerIssuer, :#caller, :#callerEmail) is not null))
  and (q.connection is null or q.connection in (c.name, c.id::text))
  and (q.status is null or i.status = q.status)
  and (q.type is null or i.type = q.type)
  and (q.label is null or q.label = any (i.labels))
  and (q.author is null or i.author = q.author)
  and (q.assignee is null or q.assignee = any (i.assignees))
  and (q.words is null or strpos(lower(i.title), q.words) > 0
    or strpos(lower(i.description), q.words) > 0)
  and (q.since is null or i.updated_at >= q.since)
  and (q.after is null or case q.sort
    when 'number' then (coalesce(i.number, 0), i.id) > (q.after::bigint, q.after_id)
    when '-number' then coalesce(i.number, 0) < q.after::bigint
      or (coalesce(i.number, 0) = q.after::bigint and i.id > q.after_id)
    when 'createdAt' then (i.created_at, i.id) > (q.after::timestamptz, q.after_id)
    when '-createdAt' then i.created_at < q.after::timestamptz
      or (i.created_at = q.after::timestamptz and i.id > q.after_id)
    when 'updatedAt' then (i.updated_at, i.id) > (q.after::timestamptz, q.after_id)
    else i.updated_at < q.after::timestamptz
      or (i.updated_at = q.after::timestamptz and i.id > q.after_id)
  end)
  and (q.after is null or q.sort <> '-updatedAt' or i.updated_at <= q.after::timestamptz)
order by
  case when q.sort = 'number' then coalesce(i.number, 0) end,
  case when q.sort = '-number' then coalesce(i.number, 0) end desc,
  case when q.sort = 'createdAt' then i.created_at end,
  case when q.sort = '-createdAt' then i.created_at end desc,
  case when q.sort = 'updatedAt' then i.updated_at end,
  case when q.sort = '-updatedAt' then i.updated_at end desc,
  i.id
limit :#fetch

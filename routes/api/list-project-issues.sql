with q as (
  select cast(:#sort as text) as sort, cast(:#cursorKey as text) as after,
    cast(:#cursorId as uuid) as after_id, cast(:#status as text) as status,
    cast(:#type as text) as type, cast(:#priority as text) as priority,
    cast(:#label as text) as label, cast(:#repositoryId as uuid) as repository,
    cast(:#assigneeId as uuid) as assignee, cast(:#reporterId as uuid) as reporter,
    cast(:#cycleId as uuid) as cycle, cast(:#externalId as text) as external_id,
    lower(cast(:#q as text)) as words, cast(:#updatedSince as timestamptz) as since
)
select
  i.id, i.key, i.project_id as "projectId", i.connection_id as "repositoryId", i.title,
  i.description, i.status, i.type, i.priority, i.reporter_id as "reporterId",
  i.assignee_id as "assigneeId", i.cycle_id as "cycleId", i.story_points as "storyPoints",
  i.custom_fields as "customFields", i.number, i.url, i.author, to_jsonb(i.labels) as labels,
  to_jsonb(i.assignees) as assignees, i.milestone, i.confidential,
  i.created_at as "createdAt", i.updated_at as "updatedAt", i.closed_at as "closedAt",
  i.gone_since as "goneSince",
  case when q.sort in ('createdAt', '-createdAt')
    then cast(i.created_at at time zone 'UTC' as text) || '+00'
    else cast(i.updated_at at time zone 'UTC' as text) || '+00' end as "cursorKey"
from q, issues i
where i.project_id = cast(:#projectId as uuid)
  and (q.status is null or i.status = q.status)
  and (q.type is null or i.type = q.type)
  and (q.priority is null or i.priority = q.priority)
  and (q.label is null or q.label = any (i.labels))
  and (q.repository is null or i.connection_id = q.repository)
  and (q.assignee is null or i.assignee_id = q.assignee)
  and (q.reporter is null or i.reporter_id = q.reporter)
  and (q.cycle is null or i.cycle_id = q.cycle)
  and (q.external_id is null or i.custom_fields ->> 'externalId' = q.external_id)
  and (q.words is null or strpos(lower(i.title), q.words) > 0
    or strpos(lower(i.description), q.words) > 0)
  and (q.since is null or i.updated_at >= q.since)
  and (q.after is null or case q.sort
    when 'createdAt' then (i.created_at, i.id) > (q.after::timestamptz, q.after_id)
    when '-createdAt' then i.created_at < q.after::timestamptz
      or (i.created_at = q.after::timestamptz and i.id > q.after_id)
    when 'updatedAt' then (i.updated_at, i.id) > (q.after::timestamptz, q.after_id)
    else i.updated_at < q.after::timestamptz
      or (i.updated_at = q.after::timestamptz and i.id > q.after_id)
  end)
order by
  case when q.sort = 'createdAt' then i.created_at end,
  case when q.sort = '-createdAt' then i.created_at end desc,
  case when q.sort = 'updatedAt' then i.updated_at end,
  case when q.sort = '-updatedAt' then i.updated_at end desc,
  i.id
limit :#fetch

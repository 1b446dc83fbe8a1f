select
  o.id, o.connection_id as "repositoryConnectionId", c.project_id as "projectId",
  o.user_id as "userId", o.requested_by as "requestedBy", o.trigger, o.status,
  o.sync_type as "syncType", o.include_closed as "includeClosed", o.from_start as "fromStart",
  o.progress, o.results,
  case when w.waits then o.not_before end as "waitingUntil",
  case when w.waits then o.waiting_reason end as "waitingReason",
  o.cancelled_by as "cancelledBy", o.error, o.cure, o.started_at as "startedAt",
  o.completed_at as "completedAt", o.created_at as "createdAt", o.updated_at as "updatedAt",
  cast(o.created_at at time zone 'UTC' as text) || '+00' as "cursorKey"
from operations o
join connections c on c.id = o.connection_id
cross join lateral (
  select o.status in ('Pending', 'InProgress') and o.not_before > now() as waits
) w
where c.project_id = cast(:#projectId as uuid) and c.id = cast(:#repositoryId as uuid)
  and o.scope = 'connection'
  and (cast(:#status as text) is null or o.status = :#status)
  and (cast(:#cursorKey as text) is null
    or o.created_at < cast(:#cursorKey as timestamptz)
    or (o.created_at = cast(:#cursorKey as timestamptz) and o.id > cast(:#cursorId as uuid)))
order by o.created_at desc, o.id
limit :#fetch

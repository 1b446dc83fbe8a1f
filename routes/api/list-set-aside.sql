select s.id, s.connection_id as "connectionId", c.name as connection, s.stream,
  s.record_key as key, s.stage, s.reason, s.operation_id as "operationId", s.attempts,
  s.created_at as "createdAt", s.updated_at as "updatedAt", s.resolved_at as "resolvedAt",
  s.resolved_by as "resolvedBy",
  cast(s.created_at at time zone 'UTC' as text) || '+00' as "cursorKey"
from set_aside_records s
join connections c on c.id = s.connection_id
where (cast(:#seesAll as boolean) or c.project_id in (
    select p.id from projects p
    where project_role(p.id, :#callerRole, :#callerIssuer, :#caller, :#callerEmail) is not null))
  and (cast(:#connection as text) is null or :#connection in (c.name, c.id::text))
  and (s.resolved_at is not null) = :#resolved
  and (cast(:#cursorKey as text) is null
    or s.created_at < cast(:#cursorKey as timestamptz)
    or (s.created_at = cast(:#cursorKey as timestamptz) and s.id > cast(:#cursorId as uuid)))
order by s.created_at desc, s.id
limit :#fetch

select c.id, c.name, c.enabled, c.disabled_reason as "disabledReason",
  c.last_sync_at as "lastSyncAt", c.next_run_at as "nextRunAt",
  (select count(*) from issues i where i.connection_id = c.id) as "issuesCount",
  (select count(*) from set_aside_records s
   where s.connection_id = c.id and s.resolved_at is null) as "setAsideCount",
  o.operation
from connections c
left join lateral (
  select jsonb_build_object('id', o.id, 'status', o.status, 'progress', o.progress,
    'results', o.results, 'error', o.error, 'cure', o.cure, 'waitingReason', o.waiting_reason)
    as operation
  from operations o
  where o.connection_id = c.id
  order by o.created_at desc, o.id
  limit 1
) o on true
where c.tracker = :#tracker and c.removed_at is null
  and (cast(:#seesAll as boolean) or c.project_id in (
    select p.id from projects p
    where project_role(p.id, :#callerRole, :#callerIssuer, :#caller, :#callerEmail) is not null))
order by c.name

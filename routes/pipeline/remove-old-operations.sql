-- Who asked for them, when, and what became of it stays in the audit log.
with old as (
  delete from operations
  where status in ('Completed', 'Failed')
    and completed_at < now() - :#${variable.keepMs}::bigint * interval '1 millisecond'
  returning id, connection_id, kind, trigger, requested_by, cancelled_by, status, results,
    created_at, completed_at
)
, set_aside as (
  update set_aside_records s set operation_id = null from old where s.operation_id = old.id
), webhooks as (
  delete from webhook_deliveries
  where received_at < now() - :#${variable.keepMs}::bigint * interval '1 millisecond'
), silent as (
  -- nothing came for long: people are told that changes arrive by schedule only
  update connections set is_active = false
  where is_active and coalesce(last_delivery_at, created_at)
    < now() - :#${variable.silenceMs}::bigint * interval '1 millisecond'
), deliveries_of as (
  update deliveries d set operation_id = null from old where d.operation_id = old.id
)
insert into audit_log (actor, action, target, detail)
select requested_by, 'operation ended', 'operation/' || id, jsonb_build_object(
  'connection', connection_id, 'kind', kind, 'trigger', trigger, 'status', status,
  'cancelledBy', cancelled_by,
  'results', results - 'errors', 'createdAt', created_at, 'completedAt', completed_at)
from old

-- A source that is gone also stops its schedule, until a sync completes.
with ended as (
  update operations
  set status = 'Failed', error = :#${variable.error}, cure = :#${variable.cure},
    completed_at = now(), updated_at = now(),
    lease_owner = null, lease_until = null, page_deadline_at = null
  where id = :#${variable.operation} and fence = :#${variable.fence} and status = 'InProgress'
  returning id, connection_id, scope
), forgotten as (
  delete from operation_skips s using ended where s.operation_id = ended.id
)
update connections c
set disabled_reason = :#${variable.error}, next_run_at = null, updated_at = now()
from ended
where c.id = ended.connection_id and ended.scope = 'connection' and :#${variable.sourceGone}::boolean

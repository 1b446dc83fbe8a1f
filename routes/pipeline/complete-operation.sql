with ended as (
  update operations
  set status = 'Completed', completed_at = now(), updated_at = now(),
    lease_owner = null, lease_until = null, page_deadline_at = null, next_page = null,
    progress = progress || jsonb_build_object('percent', 100, 'total', progress -> 'processed')
  where id = :#${variable.operation} and fence = :#${variable.fence}
  returning id, connection_id, pages_count, results, progress, started_at, completed_at
), forgotten as (
  delete from operation_skips s using ended where s.operation_id = ended.id
), connection as (
  update connections c set last_sync_at = now(), disabled_reason = null, updated_at = now()
  from ended where c.id = ended.connection_id
)
select pages_count, results::text as results, progress::text as progress,
  extract(epoch from completed_at - started_at)::float8 as seconds
from ended

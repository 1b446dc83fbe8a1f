-- Ends it at once when no worker holds it; else the worker sees cancelled_by with its fence.
with wanted as (
  select * from operations where id::text = :#${variable.operationId} for update
), ended as (
  update operations o
  set status = 'Failed', cancelled_by = :#${variable.cancelledBy},
    error = 'cancelled by ' || :#${variable.cancelledBy}, cure = 'Start it again when it is wanted.',
    completed_at = now(), updated_at = now(), fence = o.fence + 1,
    lease_owner = null, lease_until = null, not_before = null, waiting_reason = null
  from wanted w
  where o.id = w.id and w.status in ('Pending', 'InProgress')
    and (w.lease_until is null or w.lease_until < now())
  returning o.id, o.status
), forgotten as (
  delete from operation_skips s using ended where s.operation_id = ended.id
), asked as (
  update operations o set cancelled_by = :#${variable.cancelledBy}, updated_at = now()
  from wanted w
  where o.id = w.id and w.status = 'InProgress' and w.lease_until >= now()
  returning o.id, o.status
)
select id, status, 'cancelled' as outcome, 1 as rank from ended
union all select id, status, 'cancelling', 2 from asked
union all select id, status, 'ended', 3 from wanted
union all select null, null, 'unknown', 4
order by rank limit 1

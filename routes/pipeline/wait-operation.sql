-- A wait holds neither lease nor worker; tried is 0 where our own ledger kept the call back. One that
-- was cancelled in the meantime ends here: nobody would look at it before the wait is over.
with waiting as (
  update operations
  set not_before = now() + :#${variable.waitMs}::bigint * interval '1 millisecond',
    waiting_reason = :#${variable.error},
    retry_count = retry_count + :#${variable.tried}::int,
    lease_owner = null, lease_until = null, page_deadline_at = null, updated_at = now()
  where id = :#${variable.operation} and fence = :#${variable.fence} and status = 'InProgress'
    and cancelled_by is null
), ended as (
  update operations
  set status = 'Failed', error = 'cancelled by ' || cancelled_by,
    cure = 'Start it again when it is wanted.', completed_at = now(),
    lease_owner = null, lease_until = null, page_deadline_at = null, updated_at = now()
  where id = :#${variable.operation} and fence = :#${variable.fence} and status = 'InProgress'
    and cancelled_by is not null
  returning id
)
delete from operation_skips s using ended where s.operation_id = ended.id

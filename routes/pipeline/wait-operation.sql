-- A wait holds neither lease nor worker; tried is 0 where our own ledger kept the call back. One that
-- was cancelled in the meantime ends here: nobody would look at it before the wait is over.
with settled as (
  update operations
  set status = case when cancelled_by is null then status else 'Failed' end,
    error = case when cancelled_by is null then error else 'cancelled by ' || cancelled_by end,
    cure = case when cancelled_by is null then cure else 'Start it again when it is wanted.' end,
    completed_at = case when cancelled_by is null then null else now() end,
    not_before = case when cancelled_by is null
      then now() + :#${variable.waitMs}::bigint * interval '1 millisecond' end,
    waiting_reason = case when cancelled_by is null then :#${variable.error} end,
    retry_count = retry_count + :#${variable.tried}::int,
    lease_owner = null, lease_until = null, page_deadline_at = null, updated_at = now()
  where id = :#${variable.operation} and fence = :#${variable.fence} and status = 'InProgress'
  returning id, status
)
delete from operation_skips s using settled
where s.operation_id = settled.id and settled.status = 'Failed'

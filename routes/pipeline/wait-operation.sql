-- A wait holds neither lease nor worker; tried is 0 where our own ledger kept the call back.
update operations
set not_before = now() + :#${variable.waitMs}::bigint * interval '1 millisecond',
  waiting_reason = :#${variable.error},
  retry_count = retry_count + :#${variable.tried}::int,
  lease_owner = null, lease_until = null, page_deadline_at = null, updated_at = now()
where id = :#${variable.operation} and fence = :#${variable.fence} and status = 'InProgress'

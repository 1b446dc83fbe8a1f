-- One row of answer. One that has not begun yet will read the record as well as a new one would.
with wanted as (
  select id from connections
  where id::text = :#${variable.connectionId} and removed_at is null
), made as (
  insert into operations (connection_id, scope, trigger, requested_by, include_closed,
    record_stream, record_ref)
  select id, 'record', 'manual', :#${variable.requestedBy}, true, 'issues',
    :#${variable.recordRef}::text
  from wanted
  on conflict do nothing
  returning id
), waiting as (
  select o.id from operations o join wanted w on w.id = o.connection_id
  where o.scope = 'record' and o.status = 'Pending' and o.record_stream = 'issues'
    and o.record_ref = :#${variable.recordRef}::text
)
select id, 'started' as outcome, 1 as rank from made
union all select id, 'running', 2 from waiting
union all select null, 'unknown', 3
order by rank limit 1

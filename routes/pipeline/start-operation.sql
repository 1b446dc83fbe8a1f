-- One row of answer, the first that applies: started, repeated (same key), disabled, unknown,
-- running. The index operations_one_running decides between two that start at the same time.
with wanted as (
  select id, enabled and removed_at is null as usable from connections
  where id::text = :#${variable.connectionId}
), repeated as (
  select id, status from operations
  where requested_by = :#${variable.requestedBy}
    and idempotency_key = :#${variable.idempotencyKey}::text
), inserted as (
  insert into operations (connection_id, trigger, requested_by, sync_type, include_closed,
    from_start, idempotency_key, as_member, source_filter)
  select id, :#${variable.trigger}, :#${variable.requestedBy}, :#${variable.syncType},
    :#${variable.includeClosed}::boolean, coalesce(:#${variable.fromStart}::boolean, false),
    :#${variable.idempotencyKey}::text, coalesce(:#${variable.asMember}::boolean, false),
    :#${variable.sourceFilter}::text
  from wanted
  where usable and not exists (select 1 from repeated)
  on conflict do nothing
  returning id, status
), running as (
  select id, status from operations
  where connection_id = (select id from wanted) and scope = 'connection'
    and status in ('Pending', 'InProgress')
)
select id, status, 'started' as outcome, 1 as rank from inserted
union all select id, status, 'repeated', 2 from repeated
union all select null, null, 'disabled', 3 from wanted where not usable
union all select null, null, 'unknown', 4 where not exists (select 1 from wanted)
union all select id, status, 'running', 5 from running
union all select null, null, 'running', 6
order by rank limit 1

-- A verified delivery: noted once, and the record it names wanted once. Past webhooks.pending-max
-- records waiting, one sync of the connection is cheaper than each of them.
with delivery as (
  insert into webhook_deliveries (connection_id, delivery_id)
  values (:#${variable.connection}, :#${variable.delivery})
  on conflict do nothing
  returning delivery_id
), alive as (
  update connections set last_delivery_at = now(), is_active = true
  where id = :#${variable.connection}
), waiting as (
  select id from operations
  where connection_id = :#${variable.connection} and scope = 'record' and status = 'Pending'
    and record_stream = :#${variable.recordStream}::text and record_ref = :#${variable.recordRef}::text
), pending as (
  select count(*) as records from operations
  where connection_id = :#${variable.connection} and scope = 'record' and status = 'Pending'
), made as (
  insert into operations (connection_id, scope, trigger, requested_by, include_closed,
    record_stream, record_ref)
  select c.id, 'record', 'webhook', 'tracker-sync', c.include_closed,
    :#${variable.recordStream}::text, :#${variable.recordRef}::text
  from connections c, pending
  where c.id = :#${variable.connection} and :#${variable.recordRef}::text is not null
    and exists (select 1 from delivery) and pending.records < :#${variable.pendingMax}::bigint
  on conflict do nothing
  returning id
)
select (select id from made union all select id from waiting limit 1) as operation,
  case when not exists (select 1 from delivery) then 'repeated'
    when :#${variable.recordRef}::text is null then 'ignored'
    when exists (select 1 from made) then 'accepted'
    when exists (select 1 from waiting) then 'waiting'
    when pending.records >= :#${variable.pendingMax}::bigint then 'crowded'
    else 'waiting' end as outcome
from pending

-- asMember: the role in the project lets the caller, not the token's; running: the operation in
-- the way; repeated: what this caller's Idempotency-Key started before
select c.id, c.name, c.enabled, c.disabled_reason as "disabledReason",
  not cast(:#seesAll as boolean) and c.project_id <> '00000000-0000-4000-8000-000000000001'
    as "asMember",
  (select o.id from operations o
   where o.connection_id = c.id and o.scope = 'connection'
     and o.status in ('Pending', 'InProgress')) as running,
  k.id as repeated,
  k.connection_id = c.id and k.sync_type = :#syncType and k.include_closed = :#includeClosed
    and k.from_start = :#fromStart as "sameRequest",
  k.source_filter as "repeatedFilter"
from connections c
left join operations k
  on k.requested_by = :#caller and k.idempotency_key = cast(:#idempotencyKey as text)
where c.id = cast(:#id as uuid) and c.removed_at is null

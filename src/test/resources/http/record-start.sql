with made as (
  insert into operations (connection_id, scope, trigger, requested_by, record_stream, record_ref, status,
    started_at, completed_at)
  select id, 'record', 'manual', :#requestedBy, 'issues', cast(:#recordRef as text), 'Completed', now(), now()
  from connections where id = cast(:#connectionId as uuid)
  returning id
)
select id, 'started' as outcome from made

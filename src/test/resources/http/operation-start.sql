with c as (
  select id, name, enabled from connections where id = cast(:#connectionId as uuid) and removed_at is null
), running as (
  select o.id, o.status from operations o join c on c.id = o.connection_id
  where o.status in ('Pending', 'InProgress')
), made as (
  insert into operations (connection_id, trigger, sync_type, include_closed, requested_by, idempotency_key,
    status, progress, results, started_at, completed_at, error)
  select c.id, :#trigger, :#syncType, :#includeClosed, :#requestedBy, cast(:#${variable.idempotencyKey} as text),
    case when c.name like 'quick-%' then 'Completed' else 'Pending' end,
    case when c.name like 'quick-many%' then '{"current":101,"total":101,"processed":101,"stage":"creating"}'::jsonb
         else '{"current":2,"total":2,"processed":2,"stage":"creating"}'::jsonb end,
    '{"created":2,"updated":0,"skipped":0,"failed":0,"ignored":{},"errors":[]}',
    now(), case when c.name like 'quick-%' then now() end, null
  from c where enabled and not exists (select from running)
  returning id, status
)
select coalesce(made.id, running.id) as id, coalesce(made.status, running.status) as status,
  case when made.id is not null then 'started' when running.id is not null then 'running'
       when c.id is null then 'unknown' else 'disabled' end as outcome
from (select 1) one left join c on true left join made on true left join running on true

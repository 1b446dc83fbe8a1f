-- a name of its own, made of the address: acme-shop, acme-shop-2, …
with name as (
  select coalesce(cast(:#name as text), (
    select candidate from (
      select n, case n when 1 then base else base || '-' || n end as candidate
      from generate_series(1, 1000) n, (select cast(:#base as text) as base) b) as c
    where not exists (select 1 from connections t where t.name = c.candidate)
    order by n limit 1)) as free
), made as (
  insert into connections (id, name, tracker, url, settings, token_encrypted, schedule,
    schedule_zone, include_closed, next_run_at, declared_in, project_id, is_active, webhook_id,
    webhook_secret_encrypted)
  select cast(:#id as uuid), free, :#tracker, :#repositoryUrl,
    cast(coalesce(:#settings, '{}') as jsonb), cast(:#tokenSealed as bytea), :#schedule,
    :#scheduleZone, :#includeClosed, cast(:#nextRunAt as timestamptz), 'api',
    cast(:#projectId as uuid), :#isActive, :#webhookId, cast(:#webhookSecretSealed as bytea)
  from name
  returning id, name
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'connection.create', id::text,
    jsonb_build_object('name', name, 'project', cast(:#projectId as text)) from made
)
select id from made

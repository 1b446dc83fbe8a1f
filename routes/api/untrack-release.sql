-- running: the operation in the way, then nothing is changed
with known as (
  select c.id, c.name, c.declared_in from connections c
  where c.tracker = 'bugsby' and c.removed_at is null and c.settings ->> 'release' = :#release
), busy as (
  select o.id from operations o join known on known.id = o.connection_id
  where o.status in ('Pending', 'InProgress')
  limit 1
), removed as (
  update connections c set removed_at = now(), enabled = false, disabled_reason = 'untracked',
    schedule = null, next_run_at = null, updated_at = now()
  from known
  where c.id = known.id and known.declared_in = 'api' and not exists (select from busy)
  returning c.id
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'release.untrack', id::text,
    jsonb_build_object('release', cast(:#release as text)) from removed
)
select name, declared_in, (select id from busy) as running from known

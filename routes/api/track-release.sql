-- one that was untracked comes back with its id, to which its rows belong; the schedule is for a
-- release that was never read whole
with known as (
  select c.id, c.removed_at, c.name from connections c
  where c.tracker = 'bugsby' and c.settings ->> 'release' = :#release
  order by c.removed_at is not null, c.created_at desc
  limit 1
), back as (
  update connections c set removed_at = null, enabled = true, disabled_reason = null,
    schedule = cast(:#schedule as text), next_run_at = null, declared_in = 'api',
    include_closed = true, updated_at = now()
  from known
  where c.id = known.id and known.removed_at is not null
  returning c.id
), first as (
  update connections c set schedule = cast(:#schedule as text), next_run_at = null,
    updated_at = now()
  from known
  where c.id = known.id and known.removed_at is null and c.declared_in = 'api'
    and c.schedule is null and cast(:#schedule as text) is not null
    and not exists (select 1 from operations o
      where o.connection_id = c.id and o.scope = 'connection')
    and c.last_sync_at is null
  returning c.id
), name as (
  select candidate as free from (
    select n, case n when 1 then base else base || '-' || n end as candidate
    from generate_series(1, 1000) n, (select cast(:#base as text) as base) b) as c
  where not exists (select 1 from connections t where t.name = c.candidate)
  order by n limit 1
), made as (
  insert into connections (name, tracker, url, settings, schedule, include_closed, declared_in)
  select free, 'bugsby', :#url, jsonb_build_object('release', cast(:#release as text)),
    cast(:#schedule as text), true, 'api'
  from name
  where not exists (select 1 from known)
  on conflict do nothing
  returning id
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'release.track', id::text, jsonb_build_object('release', cast(:#release as text))
  from (select id from made union all select id from back) as tracked
)
select id from made union all select id from known

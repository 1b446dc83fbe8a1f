-- named: the fields the caller sent, as a JSON array; the others keep their values
with known as (
  select c.id, c.declared_in from connections c
  where c.tracker = 'bugsby' and c.removed_at is null and c.settings ->> 'release' = :#release
), changed as (
  update connections c set
    schedule = case when jsonb_exists(cast(:#named as jsonb), 'schedule')
      then cast(:#schedule as text) else c.schedule end,
    schedule_zone = coalesce(cast(:#schedule_zone as text), c.schedule_zone),
    -- the schedule's tick works the next run out
    next_run_at = case when jsonb_exists(cast(:#named as jsonb), 'schedule')
      or jsonb_exists(cast(:#named as jsonb), 'schedule_zone') then null else c.next_run_at end,
    settings = case when not jsonb_exists(cast(:#named as jsonb), 'lag_max') then c.settings
      when cast(:#lag_max as text) is null then c.settings - 'lag-max'
      else c.settings || jsonb_build_object('lag-max', cast(:#lag_max as text)) end,
    updated_at = now()
  from known where c.id = known.id and known.declared_in = 'api'
  returning c.id
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'release.update', id::text,
    jsonb_build_object('release', cast(:#release as text), 'fields', cast(:#named as jsonb),
      'schedule', cast(:#schedule as text))
  from changed
)
select known.declared_in from known

-- release: that one alone; null: all
select c.id, c.settings ->> 'release' as release, c.enabled, c.disabled_reason, c.schedule,
  c.schedule_zone, c.next_run_at, c.last_sync_at, c.settings ->> 'lag-max' as lag_max,
  extract(epoch from now() - coalesce(c.last_sync_at, c.created_at))::bigint as lag_seconds
from connections c
where c.tracker = 'bugsby' and c.removed_at is null and c.settings ->> 'release' is not null
  and (cast(:#release as text) is null or c.settings ->> 'release' = :#release)
order by c.settings ->> 'release'
limit 1000

-- Locked, so that of several nodes one starts them.
select id, name, schedule, schedule_zone, schedule_jitter_ms, include_closed, next_run_at,
  now() as database_now
from connections
where tracker = :#${variable.tracker} and enabled and removed_at is null
  and schedule is not null and disabled_reason is null
  and (next_run_at is null or next_run_at <= now())
order by next_run_at nulls first, name
limit 200
for update skip locked

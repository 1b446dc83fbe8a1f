-- What was set aside: the bug says so; one that was never stored has its id and its release only.
insert into bugs as t (bugsby_id, release, connection_id, sync_status, sync_error)
select distinct on (bugsby_id) bugsby_id, coalesce(c.settings ->> 'release', ''), c.id, 'failed',
  reason
from (
  select substr(bad ->> 'key', strpos(bad ->> 'key', ':') + 1) as bugsby_id,
    bad ->> 'reason' as reason
  from jsonb_array_elements(:#${variable.rejected}::jsonb) as bad) as refused
join connections c on c.id = :#${variable.connection}
-- a record without an id cannot be named
where bugsby_id not like 'unreadable:%' and char_length(bugsby_id) between 1 and 200
order by bugsby_id
on conflict (bugsby_id) do update
set sync_status = 'failed', sync_error = excluded.sync_error, last_attempt_at = now()

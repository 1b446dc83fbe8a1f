-- Bugs of the page that were left alone: seen, and as they should be.
with seen as materialized (
  select b.id
  from jsonb_array_elements(convert_from(:#${variable.records}, 'UTF8')::jsonb) as r
  join bugs b on b.bugsby_id = substr(r ->> 'key', strpos(r ->> 'key', ':') + 1)
  where b.last_synced_at is distinct from now()
  order by b.bugsby_id
  for update of b
)
update bugs t
set sync_status = 'synced', sync_error = null, last_attempt_at = now(), last_synced_at = now()
from seen
where t.id = seen.id and t.updated_at is not null

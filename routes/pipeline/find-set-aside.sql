select s.id, s.connection_id as connection, s.stream, s.record_key, s.raw, s.resolved_at,
  c.tracker, c.name as connection_name, c.url
from set_aside_records s join connections c on c.id = s.connection_id
where s.id::text = :#${variable.setAsideId}
for update of s

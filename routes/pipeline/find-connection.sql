select id as connection, name as connection_name, tracker, url, moved_url,
  settings::text as settings, token_encrypted, sinks
from connections
where id::text = :#${variable.connectionId} and removed_at is null

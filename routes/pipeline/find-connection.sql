select id as connection, name as connection_name, tracker, url, moved_url,
  settings ->> 'api-url' as api_url, token_encrypted, sinks
from connections
where id::text = :#${variable.connectionId} and removed_at is null

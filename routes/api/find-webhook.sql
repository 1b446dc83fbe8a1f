select c.id, c.tracker, c.name, c.webhook_secret_encrypted as secret
from connections c
where c.removed_at is null and c.enabled and c.webhook_secret_encrypted is not null
  and (c.id::text = lower(:#connection) or c.name = :#connection)

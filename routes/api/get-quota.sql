select token_key as token, resource, tracker, origin, limit_count as "limit",
  remaining_count as remaining, reset_at as "resetAt", blocked_until as "blockedUntil",
  updated_at as "updatedAt"
from quota_ledger
order by tracker, origin, token_key, resource

select
  c.id, c.project_id as "projectId", c.name, c.tracker, c.url, c.settings,
  c.token_encrypted is not null or c.name = any (string_to_array(:#namesWithToken, ',')) as "hasToken",
  to_jsonb(c.sinks) as sinks, c.enabled, c.disabled_reason as "disabledReason",
  c.schedule, c.schedule_zone as "scheduleZone", c.schedule_jitter_ms as "scheduleJitterMs",
  c.include_closed as "includeClosed", c.next_run_at as "nextRunAt", c.last_sync_at as "lastSyncAt",
  c.declared_in as "declaredIn", c.created_at as "createdAt", c.updated_at as "updatedAt"
from connections c
where c.id = cast(:#id as uuid) and c.removed_at is null

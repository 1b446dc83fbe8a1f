select
  c.id, c.project_id as "projectId", c.name, c.url as "repositoryUrl",
  case c.tracker when 'github' then 'GitHub' when 'gitlab' then 'GitLab'
    when 'bitbucket' then 'Bitbucket' else c.tracker end as "serviceType",
  c.token_encrypted is not null or c.name = any (string_to_array(:#namesWithToken, ','))
    as "hasAccessToken",
  c.webhook_secret_encrypted is not null as "hasWebhookSecret", c.webhook_id as "webhookId",
  c.is_active as "isActive", c.last_delivery_at as "lastDeliveryAt", c.settings, c.enabled,
  c.disabled_reason as "disabledReason", c.schedule, c.schedule_zone as "scheduleZone",
  c.include_closed as "includeClosed", c.next_run_at as "nextRunAt",
  c.last_sync_at as "lastSyncAt", c.declared_in as "declaredIn", c.created_at as "createdAt",
  c.updated_at as "updatedAt",
  c.name as "cursorKey"
from connections c
where c.project_id = cast(:#projectId as uuid) and c.removed_at is null
  and (cast(:#cursorKey as text) is null or c.name > :#cursorKey)
order by c.name
limit :#fetch

-- named: the fields the caller sent, as a JSON array; the others keep their values
with change as (
  select cast(:#named as jsonb) as named
), changed as (
  update connections c set
    settings = case when jsonb_exists(named, 'settings') then cast(:#settings as jsonb) else c.settings end,
    token_encrypted =
      case when jsonb_exists(named, 'accessToken') then cast(:#tokenSealed as bytea)
        -- a stored token never follows to another address: it has to be given again
        when jsonb_exists(named, 'settings') and cast(:#settings as jsonb) ->> 'api-url'
          is distinct from c.settings ->> 'api-url' then null
        else c.token_encrypted end,
    webhook_secret_encrypted = case when jsonb_exists(named, 'webhookSecret')
      then cast(:#webhookSecretSealed as bytea) else c.webhook_secret_encrypted end,
    webhook_id = case when jsonb_exists(named, 'webhookId') then cast(:#webhookId as text) else c.webhook_id end,
    is_active = coalesce(cast(:#isActive as boolean), c.is_active),
    enabled = coalesce(cast(:#enabled as boolean), c.enabled),
    disabled_reason =
      case when cast(:#enabled as boolean) then null else c.disabled_reason end,
    schedule = case when jsonb_exists(named, 'schedule') then cast(:#schedule as text) else c.schedule end,
    schedule_zone = coalesce(cast(:#scheduleZone as text), c.schedule_zone),
    include_closed = coalesce(cast(:#includeClosed as boolean), c.include_closed),
    next_run_at = -- the next tick works it out
      case when jsonb_exists(named, 'schedule') or jsonb_exists(named, 'scheduleZone') then null
        else c.next_run_at end,
    updated_at = now()
  from change
  where c.id = cast(:#repositoryId as uuid) and c.project_id = cast(:#projectId as uuid)
    and c.removed_at is null
  returning c.id
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'connection.update', changed.id::text, jsonb_build_object('fields', named)
  from changed, change
)
select id from changed

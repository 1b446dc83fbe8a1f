with made as (
  insert into connections (id, name, tracker, url, settings, token_encrypted, sinks, enabled,
    schedule, schedule_zone, schedule_jitter_ms, include_closed, next_run_at, declared_in)
  values (
    cast(:#id as uuid), :#name, :#tracker, :#url, cast(coalesce(:#settings, '{}') as jsonb),
    cast(:#tokenSealed as bytea),
    array(select jsonb_array_elements_text(cast(coalesce(:#sinks, '["postgres"]') as jsonb))),
    :#enabled, :#schedule, :#scheduleZone, :#scheduleJitterMs, :#includeClosed,
    cast(:#nextRunAt as timestamptz), 'api')
  on conflict (name) do update set
    settings = excluded.settings, token_encrypted = excluded.token_encrypted,
    sinks = excluded.sinks, enabled = excluded.enabled, disabled_reason = null,
    schedule = excluded.schedule, schedule_zone = excluded.schedule_zone,
    schedule_jitter_ms = excluded.schedule_jitter_ms, include_closed = excluded.include_closed,
    next_run_at = excluded.next_run_at, declared_in = 'api', removed_at = null,
    updated_at = now()
  where connections.removed_at is not null and connections.id = excluded.id
  returning id, name
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'connection.create', id::text, jsonb_build_object('name', name) from made
)
select id from made

-- the row stays, for what it stored; operationId: the one in the way, then nothing is changed
with busy as (
  select id from operations
  where connection_id = cast(:#id as uuid) and status in ('Pending', 'InProgress')
  limit 1
), removed as (
  update connections set
    removed_at = now(), updated_at = now(), token_encrypted = null,
    webhook_secret_encrypted = null, enabled = false,
    disabled_reason = 'removed', next_run_at = null
  where id = cast(:#id as uuid) and removed_at is null and not exists (select from busy)
  returning id, name
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'connection.delete', id::text, jsonb_build_object('name', name) from removed
)
select (select id from busy) as "operationId"

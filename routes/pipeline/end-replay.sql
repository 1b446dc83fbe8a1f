with aside as (
  update set_aside_records
  set attempts = attempts + 1, updated_at = now(),
    reason = coalesce(:#${variable.reason}::text, reason),
    resolved_at = case when :#${variable.outcome} = 'set-aside' then null
      else coalesce(resolved_at, now()) end,
    resolved_by = case when :#${variable.outcome} = 'set-aside' then null
      else :#${variable.requestedBy} end
  where id::text = :#${variable.setAsideId}
), forgotten as (
  delete from operation_skips where operation_id = :#${variable.operation}
)
update operations
set results = results || jsonb_build_object(
  :#${variable.counted}::text, 1)
where id = :#${variable.operation}

-- One open row a record; one that is set aside again by the same operation is not counted again.
with rejected as (
  select distinct on (key) * from jsonb_to_recordset(:#${body}::jsonb)
    as r(key text, stage text, reason text, raw text)
  order by key
), known as (
  select s.record_key, s.operation_id
  from set_aside_records s join rejected r on r.key = s.record_key
  where s.connection_id = :#${variable.connection} and s.stream = :#${variable.stream}
    and s.record_key = any(array(select key from rejected)) and s.resolved_at is null
), kept as (
  insert into set_aside_records as s
    (connection_id, stream, record_key, stage, reason, raw, operation_id)
  select :#${variable.connection}, :#${variable.stream}, key, stage, reason, raw,
    :#${variable.operation}
  from rejected
  on conflict (connection_id, stream, record_key) where resolved_at is null do update
  set stage = excluded.stage, reason = excluded.reason, raw = excluded.raw,
    operation_id = excluded.operation_id, attempts = s.attempts + 1, updated_at = now()
  returning s.record_key, s.reason
)
select count(*) as failed,
  coalesce(jsonb_agg(jsonb_build_object('issueId', kept.record_key, 'error', kept.reason)),
    '[]')::text as errors
from kept left join known using (record_key)
where known.operation_id is distinct from :#${variable.operation}

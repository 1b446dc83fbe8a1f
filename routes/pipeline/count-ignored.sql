-- What the map dropped on purpose, each once an operation; body: [{kind, key}].
with counted as (
  insert into operation_skips (operation_id, stream, record_key, kind)
  select :#${variable.operation}, :#${variable.stream}, i.key, i.kind
  from jsonb_to_recordset(:#${body}::jsonb) as i(kind text, key text)
  on conflict do nothing
  returning kind
)
select coalesce(jsonb_object_agg(kind, n), '{}')::text as ignored
from (select kind, count(*) as n from counted group by kind) as each

-- One row a record and sink other than PostgreSQL; due again only when the stored revision changed.
insert into deliveries as d (connection_id, sink, stream, record_key, wanted_revision, operation_id)
select i.connection_id, s.sink, i.stream, i.record_key,
  to_char(i.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    || '/' || i.revision_hash,
  :#${variable.operation}::uuid
from issues i
cross join (select unnest(sinks) as sink from connections where id = :#${variable.connection}) s
where i.connection_id = :#${variable.connection} and i.stream = :#${variable.stream}
  -- looked up by key, as in upsert-issues.sql
  and i.record_key = any(array(
    select key from jsonb_to_recordset(convert_from(:#${body}, 'UTF8')::jsonb) as r(key text)))
  and s.sink <> 'postgres'
on conflict (connection_id, sink, stream, record_key) do update
set wanted_revision = excluded.wanted_revision, attempts = 0,
  -- a record may come back to the revision its sink has
  state = case when d.delivered_revision = excluded.wanted_revision then 'delivered'
    else 'pending' end,
  next_attempt_at = now(), error = null, operation_id = excluded.operation_id, updated_at = now()
where d.wanted_revision is distinct from excluded.wanted_revision

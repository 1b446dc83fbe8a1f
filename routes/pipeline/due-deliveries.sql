-- What is pending, and what failed in an earlier operation: this one tries each record once.
select d.connection_id || '/' || d.sink || '/' || d.stream || '/' || d.record_key as delivery_key,
  d.connection_id, d.sink, d.stream, d.record_key, d.wanted_revision, d.target_id,
  to_jsonb(i.*)::text as issue
from deliveries d
join issues i on i.connection_id = d.connection_id and i.stream = d.stream
  and i.record_key = d.record_key
where d.connection_id = :#${variable.connection} and d.state <> 'delivered'
  and d.next_attempt_at <= now()
  and (d.state = 'pending' or d.operation_id is distinct from :#${variable.operation})
order by d.updated_at, d.record_key
limit 50

-- A record counts once over all sinks, failed before created before updated before skipped: one
-- whose delivery failed is taken out of where its row was counted.
with refused as (
  select distinct d.stream, d.record_key, d.error,
    case when i.operation_id is distinct from o.id then 'skipped'
      when i.stored_at >= o.started_at then 'created' else 'updated' end as counted
  from deliveries d
  join operations o on o.id = :#${variable.operation}
  join issues i on i.connection_id = d.connection_id and i.stream = d.stream
    and i.record_key = d.record_key
  where d.connection_id = :#${variable.connection} and d.operation_id = o.id and d.state = 'failed'
    and (i.operation_id = o.id or exists (select 1 from operation_skips s
      where s.operation_id = o.id and s.stream = d.stream and s.record_key = d.record_key))
), moved as (
  select count(*) as failed,
    count(*) filter (where counted = 'created') as created,
    count(*) filter (where counted = 'updated') as updated,
    count(*) filter (where counted = 'skipped') as skipped,
    coalesce(jsonb_agg(jsonb_build_object('issueId', record_key, 'error', error)), '[]') as errors
  from (select distinct on (stream, record_key) * from refused order by stream, record_key) as one
), sinks as (
  select coalesce(jsonb_object_agg(sink, jsonb_build_object('delivered', delivered,
    'failed', failed)), '{}') as each
  from (
    select sink, count(*) filter (where state = 'delivered') as delivered,
      count(*) filter (where state = 'failed') as failed
    from deliveries
    where connection_id = :#${variable.connection} and operation_id = :#${variable.operation}
    group by sink) as s
), ended as (
  update operations o
  set status = 'Completed', completed_at = now(), updated_at = now(),
    lease_owner = null, lease_until = null, page_deadline_at = null, next_page = null,
    progress = progress || jsonb_build_object('percent', 100, 'total', progress -> 'processed'),
    results = results || jsonb_build_object(
      'created', (results ->> 'created')::bigint - moved.created,
      'updated', (results ->> 'updated')::bigint - moved.updated,
      'skipped', (results ->> 'skipped')::bigint - moved.skipped,
      'failed', (results ->> 'failed')::bigint + moved.failed,
      'errors', (
        select coalesce(jsonb_agg(e), '[]') from (
          select e from jsonb_array_elements((o.results -> 'errors') || moved.errors) as e
          limit 100) as first_ones),
      'sinks', jsonb_build_object('postgres', jsonb_build_object(
        'created', results -> 'created', 'updated', results -> 'updated',
        'skipped', results -> 'skipped', 'failed', results -> 'failed')) || sinks.each)
  from moved, sinks
  where o.id = :#${variable.operation} and o.fence = :#${variable.fence}
  returning o.id, o.connection_id, o.scope, o.pages_count, o.results, o.progress, o.started_at,
    o.completed_at
), forgotten as (
  delete from operation_skips s using ended where s.operation_id = ended.id
), connection as (
  update connections c set last_sync_at = now(), disabled_reason = null, updated_at = now()
  from ended where c.id = ended.connection_id and ended.scope = 'connection'
)
select pages_count, results::text as results, progress::text as progress,
  (select coalesce(jsonb_object_agg(sink, open), '{}')::text from (
    select sink, count(*) as open from deliveries
    where connection_id = :#${variable.connection} and state <> 'delivered' group by sink) as b)
    as backlog,
  extract(epoch from completed_at - started_at)::float8 as seconds
from ended

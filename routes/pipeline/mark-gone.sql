-- What a sweep met is what it wrote, left alone or set aside; a record somebody asked for beside it
-- was there as well. The rest is gone, unless the sweep may have missed some: it met none at all,
-- fewer than the source counts, or one whose key nobody could read.
with sweep as (
  select id, started_at from operations where id = :#${variable.operation}
), met as materialized (
  select i.record_key
  from issues i cross join sweep
  where i.connection_id = :#${variable.connection} and i.stream = :#${variable.stream}
    and (i.operation_id = sweep.id or i.synced_at >= sweep.started_at)
  union
  select record_key from operation_skips
  where operation_id = :#${variable.operation} and stream = :#${variable.stream}
  union
  select a.record_key
  from set_aside_records a cross join sweep
  where a.connection_id = :#${variable.connection} and a.stream = :#${variable.stream}
    and (a.operation_id = sweep.id or a.updated_at >= sweep.started_at) and a.resolved_at is null
), judged as (
  select case when count(*) = 0 then 'the sweep met none at all'
      when count(*) < :#${variable.recordsTotal}::bigint then
        'the sweep met ' || count(*) || ' of ' || :#${variable.recordsTotal}::bigint
      when bool_or(starts_with(record_key, :#${variable.tracker} || ':unreadable:')) then
        'the sweep met one without a readable key' end as doubt
  from met
), missing as materialized (
  select i.id from issues i
  where i.connection_id = :#${variable.connection} and i.stream = :#${variable.stream}
    and i.gone_since is null
    and not exists (select 1 from met where met.record_key = i.record_key)
), counted as (
  select (select count(*) from missing) as missing, doubt from judged
), gone as (
  update issues i set gone_since = now()
  from missing, judged
  where i.id = missing.id and judged.doubt is null
), noted as (
  update operations o
  set results = o.results || case when doubt is null then jsonb_build_object('gone', missing)
    else jsonb_build_object('errors', (o.results -> 'errors') || jsonb_build_array(
      jsonb_build_object('error', missing || ' stored records may be gone, none is marked: ' || doubt)))
    end
  from counted
  where o.id = :#${variable.operation} and missing > 0
)
select case when doubt is null then missing else 0 end as gone, missing, doubt from counted

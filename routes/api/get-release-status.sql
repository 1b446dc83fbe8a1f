-- from our own tables: Bugsby is not asked
with place as materialized (
  select c.id, c.removed_at is null as tracked, c.enabled, c.disabled_reason, c.schedule,
    c.schedule_zone, c.next_run_at, c.last_sync_at, c.settings ->> 'lag-max' as lag_max,
    extract(epoch from now() - coalesce(c.last_sync_at, c.created_at))::bigint as lag_seconds
  from connections c
  where c.tracker = 'bugsby' and c.settings ->> 'release' = :#release
  order by c.removed_at is not null, c.created_at desc
  limit 1
), counted as (
  select state, synced_at, gone from (
    select bug_sync_status(b.sync_status, b.last_attempt_at, g.gone_since, b.source_status, s.since,
        s.filter) as state, b.last_synced_at as synced_at, g.gone_since is not null as gone
    from bugs b
    left join lateral open_sweep(b.connection_id) s on true
    left join issues g on g.id = b.issue_id and g.connection_id = b.connection_id
      and g.gone_since is not null
    where left(b.release, 200) = left(:#release, 200) and b.release = :#release) as bugs_of
), newest as (
  select jsonb_build_object('operation', o.id, 'status', o.status, 'filter', o.source_filter,
    'requested_by', o.requested_by, 'started_at', o.started_at, 'completed_at', o.completed_at,
    'waiting_reason', case when o.status in ('Pending', 'InProgress') then o.waiting_reason end,
    'error', o.error, 'cure', o.cure, 'errors', o.results -> 'errors',
    'total_fetched', (o.results ->> 'created')::bigint + (o.results ->> 'updated')::bigint
      + (o.results ->> 'skipped')::bigint + (o.results ->> 'failed')::bigint,
    'new_bugs', o.results -> 'created', 'updated_bugs', o.results -> 'updated',
    'unchanged_bugs', o.results -> 'skipped', 'failed_bugs', o.results -> 'failed') as last_sync
  from operations o join place on place.id = o.connection_id
  where o.scope = 'connection'
  order by o.created_at desc, o.id
  limit 1
)
select cast(:#release as text) as release, count(counted.state) as total_bugs,
  count(*) filter (where state = 'synced') as synced_bugs,
  count(*) filter (where state = 'pending') as pending_bugs,
  count(*) filter (where state = 'failed') as failed_bugs,
  count(*) filter (where gone) as gone_bugs,
  coalesce(max(synced_at), (select last_sync_at from place)) as last_synced_at,
  coalesce((select tracked from place), false) as tracked,
  (select schedule from place) as schedule, (select schedule_zone from place) as schedule_zone,
  (select next_run_at from place) as next_run_at, (select lag_max from place) as lag_max,
  (select lag_seconds from place) as lag_seconds,
  (select disabled_reason from place) as disabled_reason,
  (select last_sync from newest) as last_sync
from counted

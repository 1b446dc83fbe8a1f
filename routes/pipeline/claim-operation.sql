-- The oldest operation that nobody holds and that need not wait; each claim gets the next fence.
with next as (
  select id from operations
  where status in ('Pending', 'InProgress')
    and (lease_until is null or lease_until < now())
    and (not_before is null or not_before <= now())
  order by coalesce(not_before, created_at), id
  limit 1
  for update skip locked
)
update operations o
set status = 'InProgress',
    fence = o.fence + 1,
    lease_owner = :#${variable.node},
    lease_until = now() + :#${variable.leaseMs}::bigint * interval '1 millisecond',
    page_deadline_at = now() + :#${variable.pageDeadlineMs}::bigint * interval '1 millisecond',
    not_before = null,
    waiting_reason = null,
    started_at = coalesce(o.started_at, now()),
    updated_at = now()
from next, connections c
where o.id = next.id and c.id = o.connection_id
returning o.id as operation, o.fence, o.kind, o.record_stream, o.record_ref, o.sync_type,
  o.source_filter, o.include_closed, o.from_start, o.requested_by, o.cancelled_by, o.stream,
  o.mode, o.next_page, o.streams_done, o.retry_count as retries, o.pages_count as pages,
  c.id as connection, c.name as connection_name, c.tracker, c.url, c.moved_url,
  c.settings::text as settings, c.token_encrypted, c.sinks,
  c.removed_at is not null as removed

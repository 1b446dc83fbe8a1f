-- Not past the deadline of the page at hand: a worker that hangs loses its operation. A row that a
-- page transaction holds is left out: that transaction renews the lease itself.
update operations
set lease_until = now() + :#${variable.leaseMs}::bigint * interval '1 millisecond'
where id in (
  select id from operations
  where lease_owner = :#${variable.node}
    and id || '/' || fence = any(string_to_array(:#${variable.held}, ','))
    and status = 'InProgress'
    and lease_until > now()
    and page_deadline_at > now()
  for update skip locked
)

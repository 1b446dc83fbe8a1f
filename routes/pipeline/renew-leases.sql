-- Not past the deadline of the page at hand: a worker that hangs loses its operation.
update operations
set lease_until = now() + :#${variable.leaseMs}::bigint * interval '1 millisecond'
where lease_owner = :#${variable.node}
  and status = 'InProgress'
  and lease_until > now()
  and page_deadline_at > now()

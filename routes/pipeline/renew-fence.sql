update operations
set lease_until = now() + :#${variable.leaseMs}::bigint * interval '1 millisecond',
  page_deadline_at = now() + :#${variable.pageDeadlineMs}::bigint * interval '1 millisecond'
where id = :#${variable.operation}
  and fence = :#${variable.fence}
  and status = 'InProgress'
returning fence, cancelled_by

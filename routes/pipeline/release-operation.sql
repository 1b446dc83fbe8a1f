-- Without owner and lease anybody may claim it at once.
update operations
set lease_owner = null, lease_until = null, page_deadline_at = null, updated_at = now()
where id = :#${variable.operation} and fence = :#${variable.fence} and status = 'InProgress'

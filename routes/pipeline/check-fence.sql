-- No row: another worker has claimed the operation. The lock holds off a takeover until we commit.
select fence, cancelled_by, as_member and not exists (
    select 1 from connections c
    join project_members m on m.project_id = c.project_id and m.user_id = o.user_id
    where c.id = o.connection_id and m.role in ('admin', 'member')) as withdrawn,
  requested_by
from operations o
where id = :#${variable.operation}
  and fence = :#${variable.fence}
  and status = 'InProgress'
for update

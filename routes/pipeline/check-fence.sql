-- No row: another worker has claimed the operation. The lock holds off a takeover until we commit.
select fence, cancelled_by from operations
where id = :#${variable.operation}
  and fence = :#${variable.fence}
  and status = 'InProgress'
for update

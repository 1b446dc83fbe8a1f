select fence, cancelled_by from operations
where id = :#${variable.operation}
  and fence = :#${variable.fence}
  and status = 'InProgress'
for update

-- As in claim-operation, without taking them: one wake-up each.
select id from operations
where status in ('Pending', 'InProgress')
  and (lease_until is null or lease_until < now())
  and (not_before is null or not_before <= now())
limit 100

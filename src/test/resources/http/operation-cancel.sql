with o as (
  select id, status from operations where id = cast(:#operationId as uuid)
), ended as (
  update operations set status = 'Failed', error = 'cancelled by ' || :#cancelledBy, cancelled_by = :#cancelledBy,
    completed_at = now() where id = (select id from o where status = 'Pending') returning id
), ending as (
  update operations set cancelled_by = :#cancelledBy
  where id = (select id from o where status = 'InProgress') returning id
)
select o.id, o.status, case when ended.id is not null then 'cancelled' when ending.id is not null then 'cancelling'
  when o.id is null then 'unknown' else 'ended' end as outcome
from (select 1) one left join o on true left join ended on true left join ending on true

with s as (
  select id, resolved_at from set_aside_records where id = cast(:#setAsideId as uuid)
), done as (
  update set_aside_records set resolved_at = now(), resolved_by = :#requestedBy
  where id = (select id from s where resolved_at is null) returning id
)
select s.id, case when s.id is null then 'unknown' when done.id is not null then 'stored' else 'resolved' end as outcome,
  cast(null as text) as reason
from (select 1) one left join s on true left join done on true

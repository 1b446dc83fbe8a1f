-- A field the caller did not send keeps its value. Days that would stand the wrong way round change
-- nothing: wrong says so.
with change as (
  select c.id, coalesce(cast(:#name as text), c.name) as name,
    case when jsonb_exists(n.named, 'startsOn') then cast(:#startsOn as date) else c.starts_on end
      as starts_on,
    case when jsonb_exists(n.named, 'endsOn') then cast(:#endsOn as date) else c.ends_on end
      as ends_on
  from cycles c, (select cast(:#body as jsonb) as named) n
  where c.id = cast(:#cycleId as uuid) and c.project_id = cast(:#projectId as uuid)
), changed as (
  update cycles c
  set name = w.name, starts_on = w.starts_on, ends_on = w.ends_on, updated_at = now()
  from change w
  where c.id = w.id and (w.ends_on >= w.starts_on) is not false
  returning c.*
)
select w.id, w.name, w.starts_on as "startsOn", w.ends_on as "endsOn", c.created_at as "createdAt",
  c.updated_at as "updatedAt"
from change w left join changed c on c.id = w.id

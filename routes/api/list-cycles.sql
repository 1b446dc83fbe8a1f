select id, name, starts_on as "startsOn", ends_on as "endsOn", created_at as "createdAt",
  updated_at as "updatedAt"
from cycles
where project_id = cast(:#projectId as uuid)
order by starts_on nulls last, name

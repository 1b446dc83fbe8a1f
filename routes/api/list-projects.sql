select p.id, p.key, p.name, r.role, p.created_at as "createdAt", p.updated_at as "updatedAt",
  lower(p.key) as "cursorKey"
from projects p
cross join lateral (
  select project_role(p.id, :#callerRole, :#callerIssuer, :#caller, :#callerEmail) as role) r
where r.role is not null
  and (cast(:#key as text) is null or p.key = :#key)
  and (cast(:#cursorKey as text) is null or lower(p.key) > :#cursorKey)
order by lower(p.key)
limit :#fetch

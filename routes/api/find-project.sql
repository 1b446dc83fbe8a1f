select p.id, p.key, p.name,
  project_role(p.id, :#callerRole, :#callerIssuer, :#caller, :#callerEmail) as role,
  p.created_at as "createdAt", p.updated_at as "updatedAt"
from projects p
where p.id = cast(:#projectId as uuid)

select m.user_id as "userId", u.email, u.name, m.role, m.created_at as "createdAt",
  m.updated_at as "updatedAt"
from project_members m join users u on u.id = m.user_id
where m.project_id = cast(:#projectId as uuid)
order by lower(u.name), m.user_id

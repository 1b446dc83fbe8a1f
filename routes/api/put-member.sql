with made as (
  insert into users (email, name) values (:#email, coalesce(:#name, :#email))
  -- somebody known keeps his name; the row comes back all the same
  on conflict (lower(email)) do update set updated_at = users.updated_at
  returning id, email, name
), put as (
  insert into project_members as m (project_id, user_id, role)
  select cast(:#projectId as uuid), id, :#role from made
  on conflict (project_id, user_id) do update set role = excluded.role, updated_at = now()
  returning m.user_id, m.role, m.created_at, m.updated_at
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'member.put', cast(:#projectId as text),
    jsonb_build_object('user', user_id, 'role', role) from put
)
select put.user_id as "userId", made.email, made.name, put.role, put.created_at as "createdAt",
  put.updated_at as "updatedAt"
from put, made

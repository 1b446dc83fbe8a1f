-- issues that are stored follow at once, where the login is the first of theirs that has an owner
with made as (
  insert into users (email, name) values (:#email, coalesce(:#name, :#email))
  on conflict (lower(email)) do update
  set name = coalesce(cast(:#name as text), users.name), updated_at = now()
  returning id, email, name
), put as (
  insert into external_identities as e (tracker, login, user_id)
  select :#tracker, :#login, id from made
  on conflict (tracker, lower(login)) do update
  set user_id = excluded.user_id, updated_at = now()
  returning e.*
), assigned as (
  update issues i set assignee_id = put.user_id
  from put, connections c
  where c.tracker = put.tracker and i.connection_id = c.id
    and lower(i.assignees[1]) = lower(put.login) and i.assignee_id is distinct from put.user_id
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'identity.put', id::text,
    jsonb_build_object('tracker', tracker, 'login', login, 'user', user_id) from put
)
select put.id, put.tracker, put.login, put.user_id as "userId", made.email, made.name,
  put.created_at as "createdAt", put.updated_at as "updatedAt"
from put, made

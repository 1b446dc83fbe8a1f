-- who makes a project is its first admin
with made as (
  insert into projects (key, name) values (:#key, :#name) returning id, key
), first as (
  insert into project_members (project_id, user_id, role)
  select id, caller_user(:#callerIssuer, :#caller, :#callerEmail), 'admin' from made
  where caller_user(:#callerIssuer, :#caller, :#callerEmail) is not null
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'project.create', id::text, jsonb_build_object('key', key) from made
)
select id from made

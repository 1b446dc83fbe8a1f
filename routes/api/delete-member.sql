with gone as (
  delete from project_members
  where project_id = cast(:#projectId as uuid) and user_id = cast(:#userId as uuid)
  returning user_id
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'member.delete', cast(:#projectId as text), jsonb_build_object('user', user_id)
  from gone
)
select user_id from gone

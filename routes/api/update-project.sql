with changed as (
  update projects set name = :#name, updated_at = now() where id = cast(:#projectId as uuid)
  returning id
)
insert into audit_log (actor, action, target, detail)
select :#caller, 'project.update', id::text, jsonb_build_object('name', cast(:#name as text)) from changed

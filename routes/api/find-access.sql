-- of says what target is the id of; a manager sees every connection, but projects only as a member
with place as (
  select case cast(:#of as text)
    when 'project' then (select p.id from projects p where p.id = t.id)
    when 'connection' then
      (select c.project_id from connections c where c.id = t.id and c.removed_at is null)
    when 'operation' then
      (select c.project_id from operations o join connections c on c.id = o.connection_id
       where o.id = t.id)
    when 'issue' then
      (select i.project_id from issues i where i.id = t.id and i.connection_id is not null)
  end as project
  from (select cast(:#target as uuid) as id) t
)
select case when cast(:#of as text) <> 'project' and cast(:#seesAll as boolean) then 'admin'
  else project_role(project, :#callerRole, :#callerIssuer, :#caller, :#callerEmail) end as role
from place
where project is not null

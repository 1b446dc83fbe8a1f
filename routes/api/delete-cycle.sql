with gone as (
  delete from cycles
  where id = cast(:#cycleId as uuid) and project_id = cast(:#projectId as uuid)
  returning id, name
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'cycle.delete', cast(:#projectId as text),
    jsonb_build_object('cycle', id, 'name', name) from gone
)
select id from gone

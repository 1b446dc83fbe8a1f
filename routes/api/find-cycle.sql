select id, name from cycles
where id = cast(:#cycleId as uuid) and project_id = cast(:#projectId as uuid)

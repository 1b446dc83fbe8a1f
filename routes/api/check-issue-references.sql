-- whether what an issue is to point at belongs to its project
select
  cast(:#cycleId as uuid) is null or exists (select 1 from cycles t
    where t.id = cast(:#cycleId as uuid) and t.project_id = cast(:#projectId as uuid)) as cycle,
  cast(:#assigneeId as uuid) is null or exists (select 1 from project_members t
    where t.user_id = cast(:#assigneeId as uuid) and t.project_id = cast(:#projectId as uuid))
    as assignee,
  cast(:#repositoryId as uuid) is null or exists (select 1 from connections t
    where t.id = cast(:#repositoryId as uuid) and t.project_id = cast(:#projectId as uuid)
      and t.removed_at is null) as repository

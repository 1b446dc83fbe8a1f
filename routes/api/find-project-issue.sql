-- issueId is an id or a key
select
  i.id, i.key, i.project_id as "projectId", i.connection_id as "repositoryId", i.title,
  i.description, i.status, i.type, i.priority, i.reporter_id as "reporterId",
  i.assignee_id as "assigneeId", i.cycle_id as "cycleId", i.story_points as "storyPoints",
  i.custom_fields as "customFields", i.number, i.url, i.author, to_jsonb(i.labels) as labels,
  to_jsonb(i.assignees) as assignees, i.milestone, i.confidential,
  i.created_at as "createdAt", i.updated_at as "updatedAt", i.closed_at as "closedAt",
  i.gone_since as "goneSince"
from issues i
where i.project_id = cast(:#projectId as uuid) and (i.key = :#issueId or i.id =
  case when cast(:#issueId as text) ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    then cast(:#issueId as uuid) end)

select
  i.id, i.connection_id as "connectionId", c.name as connection, c.tracker,
  i.record_key as key, i.stream, i.number, i.title, i.description, i.status,
  i.source_status as "sourceStatus", i.type, i.priority, to_jsonb(i.labels) as labels,
  to_jsonb(i.assignees) as assignees, i.author, i.milestone, i.url, i.confidential,
  i.comments_count as "commentsCount", i.created_at as "createdAt", i.updated_at as "updatedAt",
  i.closed_at as "closedAt", i.custom_fields as "customFields", i.gone_since as "goneSince",
  i.stored_at as "storedAt", i.synced_at as "syncedAt",
  case when :#raw then i.raw end as raw
from issues i
join connections c on c.id = i.connection_id
where i.id = cast(:#id as uuid)

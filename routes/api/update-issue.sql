-- named: the fields the caller sent, as a JSON array; the others keep their values
with change as (
  select cast(:#named as jsonb) as named
), changed as (
  update issues i set
    title = coalesce(cast(:#title as text), i.title),
    description = case when jsonb_exists(named, 'description') then cast(:#description as text) else i.description end,
    status = coalesce(cast(:#status as text), i.status),
    source_status = coalesce(cast(:#status as text), i.source_status),
    closed_at = case cast(:#status as text) when 'closed' then coalesce(i.closed_at, now())
      when 'open' then null else i.closed_at end,
    type = coalesce(cast(:#type as text), i.type),
    priority = case when jsonb_exists(named, 'priority') then cast(:#priority as text) else i.priority end,
    assignee_id = case when jsonb_exists(named, 'assigneeId') then cast(:#assigneeId as uuid) else i.assignee_id end,
    cycle_id = case when jsonb_exists(named, 'cycleId') then cast(:#cycleId as uuid) else i.cycle_id end,
    story_points = case when jsonb_exists(named, 'storyPoints') then cast(:#storyPoints as int) else i.story_points end,
    custom_fields = (i.custom_fields || cast(:#customFields as jsonb))
      - array(select jsonb_array_elements_text(cast(:#removed as jsonb))),
    -- of an issue that comes from a tracker it is the tracker's
    updated_at = case when i.connection_id is null then now() else i.updated_at end
  from change
  where i.id = cast(:#id as uuid) and i.project_id = cast(:#projectId as uuid)
  returning i.id
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'issue.update', changed.id::text, jsonb_build_object('fields', named)
  from changed, change
)
select id from changed

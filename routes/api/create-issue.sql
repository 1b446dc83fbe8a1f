with place as (
  select p.id, p.key, p.number_sequence::regclass as numbers,
    (select jsonb_build_object('externalSync', jsonb_build_object('repositoryUrl', c.url))
     from connections c where c.id = cast(:#repositoryId as uuid)) as repository
  from projects p where p.id = cast(:#projectId as uuid)
), own as (
  select gen_random_uuid() as id
), made as (
  insert into issues (id, project_id, key, stream, record_key, title, description, status,
    source_status, type, priority, reporter_id, assignee_id, cycle_id, story_points, custom_fields,
    created_at, updated_at, closed_at, raw, revision_hash)
  select own.id, place.id, place.key || '-' || nextval(place.numbers), 'local',
    'local:' || own.id, :#title, :#description, :#status, :#status, :#type, :#priority,
    coalesce(caller_user(:#callerIssuer, :#caller, :#callerEmail),
      '00000000-0000-4000-8000-000000000001'),
    cast(:#assigneeId as uuid), cast(:#cycleId as uuid), cast(:#storyPoints as int),
    (cast(:#customFields as jsonb) - array(select jsonb_array_elements_text(cast(:#removed as jsonb))))
      || coalesce(place.repository, '{}'),
    now(), now(), case when :#status = 'closed' then now() end, '{}', 'local'
  from place, own
  returning id, key
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'issue.create', id::text, jsonb_build_object('key', key) from made
)
select id from made

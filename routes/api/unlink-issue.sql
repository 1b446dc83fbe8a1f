with gone as (
  update issues i
  set custom_fields = i.custom_fields - 'externalId' - 'externalSync', connection_id = null,
    stream = 'local', record_key = 'local:' || i.id, gone_since = null
  from (select id, custom_fields ->> 'externalId' as external_id from issues
    where id = cast(:#id as uuid) and project_id = cast(:#projectId as uuid) for update) as former
  where i.id = former.id and former.external_id is not null
  returning i.id, former.external_id
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'issue.unlink', id::text, jsonb_build_object('externalId', external_id) from gone
)
select id from gone

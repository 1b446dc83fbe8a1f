-- Issues of the project without an externalId that say which external issue they are: by
-- externalSync (repository and number), or by their url. One external issue has one local issue.
with found as (
  select i.id, i.key, i.custom_fields, c.url as repository, p.provider, p.number,
    c.tracker || ':' || c.url || ':' || p.number as external_id
  from issues i
  join connections c on c.project_id = i.project_id and c.removed_at is null
  cross join lateral (
    select case c.tracker when 'github' then 'GitHub' when 'gitlab' then 'GitLab'
        when 'bitbucket' then 'Bitbucket' else c.tracker end as provider,
      case
        when i.custom_fields -> 'externalSync' ->> 'repositoryUrl' = c.url
          and i.custom_fields -> 'externalSync' ->> 'issueNumber' ~ '^[0-9]{1,15}$'
          then i.custom_fields -> 'externalSync' ->> 'issueNumber'
        when starts_with(i.url, repository_address(c.url) || '/') then
          substring(substr(i.url, char_length(repository_address(c.url)) + 1)
            from '^/(?:-/)?issues/([0-9]{1,15})(?:[^0-9A-Za-z].*)?$') end as number) p
  where i.project_id = cast(:#projectId as uuid) and i.connection_id is null
    and i.custom_fields ->> 'externalId' is null and p.number is not null
), judged as (
  select f.*, case
    when exists (select 1 from issues t where t.project_id = cast(:#projectId as uuid)
      and t.custom_fields ->> 'externalId' = f.external_id) then 'taken'
    when count(*) over (partition by f.external_id) > 1
      or count(*) over (partition by f.id) > 1 then 'ambiguous'
    else 'set' end as outcome
  from found f
), written as (
  update issues i
  set custom_fields = i.custom_fields || jsonb_build_object('externalId', j.external_id,
    'externalSync', coalesce(i.custom_fields -> 'externalSync', '{}') || jsonb_build_object(
      'providerType', j.provider, 'repositoryUrl', j.repository, 'issueNumber', j.number::bigint))
  from judged j
  where i.id = j.id and j.outcome = 'set' and not cast(:#dryRun as boolean)
  returning i.id
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'issue.backfill', cast(:#projectId as text), jsonb_build_object('count', count(*))
  from written having count(*) > 0
)
select cast(:#dryRun as boolean) as "dryRun",
  (select count(*) from judged) as found,
  (select count(*) from judged where outcome = 'set') as "set",
  (select count(*) from judged where outcome = 'taken') as taken,
  (select count(*) from judged where outcome = 'ambiguous') as ambiguous,
  (select coalesce(jsonb_agg(jsonb_build_object('issueId', id, 'key', key,
    'externalId', external_id, 'outcome', outcome)), '[]')
   from (select * from judged order by key limit 200) as first_ones) as items

-- The external issue an address names, and whether the local one may become it: one external
-- issue has one local issue. The next sync then reads all again, as it may have changed long ago.
with given as (
  select lower(substring(u from '^[^/]*//[^/]*')) || substring(u from '^[^/]*//[^/]*(.*)$') as address
  from (select cast(:#externalUrl as text) as u) t
), issue as (
  select id, custom_fields ->> 'externalId' as external_id from issues
  where id = cast(:#id as uuid) and project_id = cast(:#projectId as uuid)
  for update
), place as (
  select c.id, c.name, c.tracker, c.url, case c.tracker when 'github' then 'GitHub'
    when 'gitlab' then 'GitLab' when 'bitbucket' then 'Bitbucket' else c.tracker end as provider,
    coalesce(
      substring(r.rest from '^/(?:-/)?(?:issues|work_items)/([0-9]{1,15})(?:[^0-9A-Za-z].*)?$'),
      'alert' || substring(r.rest from '^/security/dependabot/([0-9]{1,15})(?:[^0-9A-Za-z].*)?$')) as part
  from given, connections c cross join lateral (
    select substr(given.address, char_length(repository_address(c.url)) + 1) as rest) r
  where c.project_id = cast(:#projectId as uuid) and c.removed_at is null
    and starts_with(given.address, repository_address(c.url) || '/')
  order by char_length(c.url) desc
  limit 1
), named as (
  select *, tracker || ':' || url || ':' || part as external_id from place
), other as (
  select i.key from issues i, named n, issue
  where i.project_id = cast(:#projectId as uuid) and i.custom_fields ->> 'externalId' = n.external_id
    and i.id <> issue.id
), running as (
  select o.id from operations o join place on place.id = o.connection_id
  where o.scope = 'connection' and o.status in ('Pending', 'InProgress')
), verdict as (
  select case
    when not exists (select 1 from place) then 'elsewhere'
    when (select part from place) is null then 'unreadable'
    when (select external_id from issue) is not null
      and (select external_id from issue) <> (select external_id from named) then 'linked'
    when exists (select 1 from other) then 'taken'
    when exists (select 1 from running) then 'busy'
    else 'done' end as outcome
), linked as (
  update issues i
  set custom_fields = i.custom_fields || jsonb_build_object('externalId', n.external_id,
    'externalSync', coalesce(i.custom_fields -> 'externalSync', '{}') || jsonb_build_object(
      'providerType', n.provider, 'repositoryUrl', n.url,
      'issueNumber', nullif(regexp_replace(n.part, '^alert', ''), '')::bigint))
  from named n, verdict
  where i.id = (select id from issue) and verdict.outcome = 'done'
  returning i.id
), reread as (
  update cursors set high_water_at = null, etag = null, etag_url = null, updated_at = now()
  from named n
  where connection_id = n.id and exists (select 1 from linked)
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'issue.link', linked.id::text, jsonb_build_object('externalId', n.external_id)
  from linked, named n
)
select verdict.outcome, (select name from place) as connection, case verdict.outcome
  when 'linked' then (select external_id from issue)
  when 'taken' then (select min(key) from other)
  when 'busy' then (select id::text from running limit 1) end as other
from verdict

-- Records of a page that are not stored under their key yet, matched with issues of the project:
-- 1. by externalId; 2. by title and repository, when exactly one record of the page and one issue
-- made by people have that title, and the issue has no externalId. What matches becomes the
-- record's row, for upsert-issues.sql to update (gone_since lets it: any revision is newer).
-- What has the title and cannot be told apart is left alone, and noted in the operation's results.
with page as materialized (
  select distinct on (key) key, external_id, title, status
  from jsonb_to_recordset(convert_from(:#${variable.records}, 'UTF8')::jsonb)
    as r(key text, external_id text, title text, status text, updated_at timestamptz)
  order by key, updated_at desc
), place as materialized (
  select project_id as project, url from connections where id = :#${variable.connection}
), wanted as materialized (
  select p.key, p.title, p.status, place.project, place.url,
    :#${variable.tracker} || ':' || place.url || ':' || p.external_id as external_id
  from page p cross join place
  where not exists (select 1 from issues t
    where t.connection_id = :#${variable.connection} and t.stream = :#${variable.stream}
      and t.record_key = p.key)
), by_id as (
  select distinct on (i.id) i.id, w.key
  from wanted w
  join issues i on i.project_id = w.project and i.custom_fields ->> 'externalId' = w.external_id
  order by i.id, w.key
), titled as (
  select w.key, i.id, i.key as issue, w.title,
    (select count(*) from page p where p.title = w.title) as records,
    count(*) over (partition by w.key) as issues
  from wanted w
  join issues i on i.project_id = w.project and i.connection_id is null and i.title = w.title
    and i.custom_fields -> 'externalSync' ->> 'repositoryUrl' = w.url
    and i.custom_fields ->> 'externalId' is null
  where w.key not in (select key from by_id)
    -- a closed issue nobody asked for is not stored, so it is nobody's match
    and (w.status = 'open' or :#${variable.includeClosed}::boolean)
), adopted as (
  update issues i
  set connection_id = :#${variable.connection}, stream = :#${variable.stream},
    record_key = match.key, gone_since = coalesce(i.gone_since, now())
  from (
    select id, key from by_id
    union all
    select id, key from titled where records = 1 and issues = 1) as match
  where i.id = match.id
  returning i.id
), unclear as (
  select key, case when records > 1 then 'several records have the title of '
      || string_agg(issue, ', ' order by issue) || ': stored as a new issue'
    else 'its title fits ' || string_agg(issue, ', ' order by issue)
      || ': stored as a new issue' end as words
  from titled where records > 1 or issues > 1
  group by key, records
), noted as (
  update operations o
  set results = o.results || jsonb_build_object('errors', (
    select jsonb_agg(e) from (
      select e from jsonb_array_elements(coalesce(o.results -> 'errors', '[]')) as e
      union all
      select jsonb_build_object('issueId', key, 'error', words) from unclear
      limit 100) as first_ones))
  where o.id = :#${variable.operation} and exists (select 1 from unclear)
)
select count(*) as adopted from adopted

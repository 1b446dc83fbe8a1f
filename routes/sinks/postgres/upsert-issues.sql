-- A page of unified issues into issues; counts what became of each record, once an operation.
-- Older revisions are refused; the same revision is left alone; columns of people are not named.
-- A new row gets the next number of its project, from a sequence: parallel pages do not wait.
-- any(array(…)) looks rows up by key: without statistics yet, a join alone reads all rows of a
-- connection, page after page.
with page as (
  select distinct on (key) * from jsonb_to_recordset(convert_from(:#${variable.records}, 'UTF8')::jsonb) as r(
    key text, external_id text, number bigint, title text, description text, status text,
    source_status text, type text, priority text, labels text[], assignees text[], author text,
    milestone text, url text, confidential boolean, comments_count int, created_at timestamptz,
    updated_at timestamptz, closed_at timestamptz, custom_fields jsonb, raw jsonb,
    revision_hash text)
  order by key, updated_at desc
), place as materialized (
  select j.id as project, j.key, j.number_sequence::regclass as numbers,
    coalesce((select o.user_id from operations o where o.id = :#${variable.operation}),
      '00000000-0000-4000-8000-000000000001') as reporter
  from connections c join projects j on j.id = c.project_id
  where c.id = :#${variable.connection}
), people as materialized (
  select lower(login) as login, user_id from external_identities
  where tracker = :#${variable.tracker}
), known as (
  select t.record_key, t.key, t.operation_id, t.gone_since is null
    and (t.updated_at > page.updated_at
      or (t.updated_at = page.updated_at and t.revision_hash = page.revision_hash)) as up_to_date
  from page join issues t on t.record_key = page.key
  where t.connection_id = :#${variable.connection} and t.stream = :#${variable.stream}
    and t.record_key = any(array(select key from page))
), written as (
  insert into issues as t (connection_id, stream, record_key, number, title, description, status,
    source_status, type, priority, labels, assignees, author, milestone, url, confidential,
    comments_count, created_at, updated_at, closed_at, custom_fields, raw, revision_hash,
    operation_id, project_id, key, reporter_id, assignee_id)
  select :#${variable.connection}, :#${variable.stream}, p.key, p.number, p.title, p.description,
    p.status, p.source_status, p.type, p.priority, coalesce(p.labels, '{}'),
    coalesce(p.assignees, '{}'), p.author, p.milestone, p.url, coalesce(p.confidential, false),
    p.comments_count, p.created_at, p.updated_at, p.closed_at,
    coalesce(p.custom_fields, '{}') || jsonb_build_object(
      'externalId', :#${variable.tracker} || ':' || :#${variable.url} || ':' || p.external_id,
      'externalSync', coalesce(p.custom_fields -> 'externalSync', '{}') || jsonb_build_object(
        'repositoryUrl', :#${variable.url}::text, 'syncedAt', now())),
    p.raw, p.revision_hash, :#${variable.operation}, place.project,
    coalesce(k.key, place.key || '-' || nextval(place.numbers)), place.reporter,
    case when exists (select from people) then (
      select e.user_id from unnest(p.assignees) with ordinality as a(login, n)
      join people e on e.login = lower(a.login) order by a.n limit 1) end
  from page p cross join place left join known k on k.record_key = p.key
  -- a closed issue that was never stored stays out, unless closed ones are wanted
  where (p.status = 'open' or :#${variable.includeClosed}::boolean or k.record_key is not null)
    -- the last condition decides; this one spares what is up to date a lock and a copy
    and k.up_to_date is not true
  on conflict (connection_id, stream, record_key) do update
  set number = excluded.number, title = excluded.title, description = excluded.description,
    status = excluded.status, source_status = excluded.source_status, type = excluded.type,
    priority = excluded.priority, labels = excluded.labels, assignees = excluded.assignees,
    assignee_id = excluded.assignee_id, author = excluded.author,
    milestone = excluded.milestone, url = excluded.url,
    confidential = excluded.confidential, comments_count = excluded.comments_count,
    created_at = excluded.created_at, updated_at = excluded.updated_at,
    closed_at = excluded.closed_at,
    custom_fields = t.custom_fields || excluded.custom_fields || jsonb_build_object('externalSync',
      (excluded.custom_fields -> 'externalSync') || jsonb_build_object(
        'syncedAt', coalesce(t.custom_fields -> 'externalSync' -> 'syncedAt', to_jsonb(now())),
        'lastSyncedAt', now())),
    raw = excluded.raw, revision_hash = excluded.revision_hash,
    operation_id = excluded.operation_id, gone_since = null, synced_at = now()
  where t.updated_at < excluded.updated_at
    or (t.updated_at = excluded.updated_at and t.revision_hash <> excluded.revision_hash)
    or t.gone_since is not null
  returning t.record_key, (xmax = 0) as created
), skipped as (
  insert into operation_skips (operation_id, stream, record_key)
  select :#${variable.operation}, :#${variable.stream}, p.key
  from page p
  where not exists (select 1 from written w where w.record_key = p.key)
    and not exists (select 1 from known k
      where k.record_key = p.key and k.operation_id = :#${variable.operation})
  on conflict do nothing
  returning record_key
), no_longer_skipped as (
  delete from operation_skips s using written w
  where s.operation_id = :#${variable.operation} and s.stream = :#${variable.stream}
    and s.record_key = w.record_key and s.record_key = any(array(select key from page))
  returning s.record_key
), no_longer_aside as (
  update set_aside_records s set resolved_at = now(), resolved_by = :#${variable.requestedBy}
  from page p
  where s.connection_id = :#${variable.connection} and s.stream = :#${variable.stream}
    and s.record_key = p.key and s.record_key = any(array(select key from page))
    and s.resolved_at is null
  returning s.operation_id
)
select
  (select count(*) from written w where created) as created,
  (select count(*) from written w where not created and not exists (select 1 from known k
    where k.record_key = w.record_key and k.operation_id = :#${variable.operation})) as updated,
  (select count(*) from skipped) - (select count(*) from no_longer_skipped) as skipped,
  -(select count(*) from no_longer_aside where operation_id = :#${variable.operation}) as failed

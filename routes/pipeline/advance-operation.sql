-- The checkpoint, what people see, and the lease for the next page. Percent never falls and stays
-- under 100 until the operation is complete.
update operations o
set stream = :#${variable.stream},
  mode = :#${variable.mode},
  next_page = :#${variable.nextPage}::text,
  streams_done = case when :#${variable.nextPage}::text is null
    then array_append(streams_done, :#${variable.stream}) else streams_done end,
  pages_count = pages_count + 1,
  retry_count = 0,
  results = results || jsonb_build_object(
    'created', (results ->> 'created')::bigint + :#${variable.created}::bigint,
    'updated', (results ->> 'updated')::bigint + :#${variable.updated}::bigint,
    'skipped', (results ->> 'skipped')::bigint + :#${variable.skipped}::bigint,
    'failed', (results ->> 'failed')::bigint + :#${variable.failed}::bigint,
    'ignored', (
      select coalesce(jsonb_object_agg(kind, n), '{}') from (
        select kind, sum(value::bigint) as n
        from (select * from jsonb_each_text(o.results -> 'ignored')
          union all select * from jsonb_each_text(:#${variable.ignored}::jsonb)) as i(kind, value)
        group by kind) as k),
    'errors', (
      select coalesce(jsonb_agg(e), '[]') from (
        select e from jsonb_array_elements((o.results -> 'errors') || :#${variable.errors}::jsonb) as e
        limit 100) as first_ones))
    -- a kind of record that this source does not offer
    || case when :#${variable.unavailable}::text = '' then '{}' else
      jsonb_build_object('unavailable', coalesce(results -> 'unavailable', '{}')
        || jsonb_build_object(:#${variable.stream}::text, :#${variable.unavailable}::text)) end,
  progress = jsonb_build_object(
    'processed', (progress ->> 'processed')::bigint + page.counted,
    'current', (progress ->> 'processed')::bigint + page.counted,
    'total', greatest((progress ->> 'total')::bigint, :#${variable.pagesTotal}::bigint,
      (progress ->> 'processed')::bigint + page.counted),
    'stage', case when :#${variable.created}::bigint > 0 then 'creating' else 'updating' end,
    'percent', greatest((progress ->> 'percent')::int, least(99,
      100 * ((progress ->> 'processed')::bigint + page.counted)
        / greatest(1, (progress ->> 'total')::bigint, :#${variable.pagesTotal}::bigint,
            (progress ->> 'processed')::bigint + page.counted)))),
  lease_until = now() + :#${variable.leaseMs}::bigint * interval '1 millisecond',
  page_deadline_at = now() + :#${variable.pageDeadlineMs}::bigint * interval '1 millisecond',
  updated_at = now()
from (
  select :#${variable.created}::bigint + :#${variable.updated}::bigint
    + :#${variable.skipped}::bigint + :#${variable.failed}::bigint
    + (select coalesce(sum(value::bigint), 0)::bigint
      from jsonb_each_text(:#${variable.ignored}::jsonb)) as counted) as page
where o.id = :#${variable.operation} and o.fence = :#${variable.fence}

-- How far the stream has been read, with the rows it was read from. A first sweep (full) keeps the
-- page it goes on at, and the source clock of its beginning, which becomes the high-water mark when
-- its last page is in. Later runs move the mark to the newest change of each page, never back.
insert into cursors as c (connection_id, stream, filter, high_water_at, sweep_started_at, next_page,
  etag, etag_url)
values (:#${variable.connection}, :#${variable.stream}, :#${variable.filter},
  case when :#${variable.mode} = 'full'
    then case when :#${variable.nextPage}::text is null
      then :#${variable.sourceDateText}::timestamptz end
    else :#${variable.newestBounded}::timestamptz end,
  case when :#${variable.mode} = 'full' and :#${variable.nextPage}::text is not null
    then :#${variable.sourceDateText}::timestamptz end,
  case when :#${variable.mode} = 'full' then :#${variable.nextPage}::text end,
  :#${variable.etagFound}, :#${variable.etagFoundUrl})
on conflict (connection_id, stream, filter) do update
set high_water_at = case when :#${variable.mode} = 'full'
      then case when excluded.next_page is null
        then coalesce(c.sweep_started_at, excluded.high_water_at) else c.high_water_at end
      else greatest(c.high_water_at, excluded.high_water_at) end,
  sweep_started_at = case when :#${variable.mode} = 'full'
      then case when excluded.next_page is null then null
        else coalesce(c.sweep_started_at, excluded.sweep_started_at) end
      else c.sweep_started_at end,
  next_page = case when :#${variable.mode} = 'full' then excluded.next_page else c.next_page end,
  etag = coalesce(excluded.etag, c.etag),
  etag_url = coalesce(excluded.etag_url, c.etag_url),
  updated_at = now()

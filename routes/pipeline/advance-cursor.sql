-- How far the stream has been read, with the rows it was read from: to the newest change of the
-- page, never back. What changes after it was read carries a later time and is still to come. A
-- single record says nothing about the others.
insert into cursors as c (connection_id, stream, filter, high_water_at, etag, etag_url)
select :#${variable.connection}, :#${variable.stream}, :#${variable.filter},
  :#${variable.newestBounded}::timestamptz, :#${variable.etagFound}, :#${variable.etagFoundUrl}
where :#${variable.mode}::text <> 'record'
on conflict (connection_id, stream, filter) do update
set high_water_at = greatest(c.high_water_at, excluded.high_water_at),
  etag = coalesce(excluded.etag, c.etag),
  etag_url = coalesce(excluded.etag_url, c.etag_url),
  updated_at = now()

select high_water_at, etag, etag_url from cursors
where connection_id = :#${variable.connection}
  and stream = :#${variable.stream}
  and filter = :#${variable.filter}

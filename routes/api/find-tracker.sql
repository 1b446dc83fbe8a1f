select id, name, enabled from connections
where tracker = :#tracker and removed_at is null
order by name

-- url and tracker are part of what was stored: a name comes back only for the same source
select id from connections
where name = :#name and removed_at is not null and url = :#url and tracker = :#tracker

-- release: the caller says where it is; else where it was read last
select c.id from connections c
where c.tracker = 'bugsby' and c.removed_at is null
  and case when cast(:#release as text) is not null then c.settings ->> 'release' = :#release
    else c.id = (select b.connection_id from bugs b where b.bugsby_id = :#bugsby_id) end

-- a release somebody synced, tracked or not; nothing: nobody did
select cast(:#release as text) as release
where exists (select 1 from connections c
    where c.tracker = 'bugsby' and c.settings ->> 'release' = :#release)
  or exists (select 1 from bugs b
    where left(b.release, 200) = left(:#release, 200) and b.release = :#release)

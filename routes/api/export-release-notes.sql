select b.bugsby_id, b.title, b.bug_type, b.component, b.release_note
from bugs b
where left(b.release, 200) = left(:#release, 200) and b.release = :#release
  and b.release_note is not null
  and (b.status = 'mgr_approved' or b.status = cast(:#status as text))
order by lower(coalesce(b.component, '')), repeat('0', greatest(0, 20 - char_length(b.bugsby_id))) || b.bugsby_id

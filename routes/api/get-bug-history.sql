select at, actor, action, detail -> 'status' ->> 0 as status_before,
  detail -> 'status' ->> 1 as status_after, detail -> 'release_note' ->> 0 as note_before,
  detail -> 'release_note' ->> 1 as note_after
from audit_log
where target = cast(cast(:#id as uuid) as text) and action in ('bug.update', 'bug.draft')
order by id desc
limit 200

select e.id, e.tracker, e.login, e.user_id as "userId", u.email, u.name,
  e.created_at as "createdAt", e.updated_at as "updatedAt",
  cast(e.created_at at time zone 'UTC' as text) || '+00' as "cursorKey"
from external_identities e join users u on u.id = e.user_id
where (cast(:#tracker as text) is null or e.tracker = :#tracker)
  and (cast(:#cursorKey as text) is null
    or e.created_at < cast(:#cursorKey as timestamptz)
    or (e.created_at = cast(:#cursorKey as timestamptz) and e.id > cast(:#cursorId as uuid)))
order by e.created_at desc, e.id
limit :#fetch

select c.id, c.name, c.enabled,
  not cast(:#seesAll as boolean) and c.project_id <> '00000000-0000-4000-8000-000000000001'
    as "asMember",
  cast(:#seesAll as boolean) or r.role in ('admin', 'member') as "mayRun"
from connections c
cross join lateral (select project_role(c.project_id, :#callerRole, :#callerIssuer, :#caller,
  :#callerEmail) as role) r
where c.tracker = :#tracker and c.removed_at is null
  and (cast(:#seesAll as boolean) or r.role is not null)
order by c.name

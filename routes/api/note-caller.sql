-- The caller's row in users: made at the first call, found by a verified e-mail at the first login.
with known as (
  select caller_user(:#callerIssuer, :#caller, :#callerEmail) as id
), met as (
  update users u set issuer = :#callerIssuer, subject = :#caller, updated_at = now()
  from known
  where u.id = known.id and (u.issuer, u.subject) is distinct from
    (cast(:#callerIssuer as text), cast(:#caller as text))
)
insert into users (email, name, issuer, subject)
select e.free, coalesce(e.free, :#caller), :#callerIssuer, :#caller
from known cross join lateral (
  select cast(:#callerEmail as text) as free
  where not exists (select 1 from users where lower(email) = lower(:#callerEmail))
  union all select null
  limit 1) e
where known.id is null
on conflict do nothing

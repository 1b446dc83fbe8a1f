with gone as (
  delete from external_identities where id = cast(:#id as uuid)
  returning id, tracker, login, user_id
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'identity.delete', id::text,
    jsonb_build_object('tracker', tracker, 'login', login, 'user', user_id) from gone
)
select id from gone

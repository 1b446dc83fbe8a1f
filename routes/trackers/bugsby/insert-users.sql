-- A user for each e-mail nobody has yet. In the order of the e-mails: two pages that name the same new
-- people wait for each other, and neither locks the other out.
insert into users (email, name)
select email, email from (
  select distinct on (lower(email)) email from (
    select r -> 'custom_fields' -> 'bugsby' ->> 'assigneeEmail' as email
    from jsonb_array_elements(convert_from(:#${variable.records}, 'UTF8')::jsonb) as r) as named
  where email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and char_length(email) <= 320
  order by lower(email), email) as people
where not exists (select 1 from users u where lower(u.email) = lower(people.email))
order by lower(email)
on conflict do nothing

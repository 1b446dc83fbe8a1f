-- What the auditor installs beside the program's tables: who wrote what and when, in the writer's
-- own transaction, and a check of every cursor at the moment it is committed.
create table if not exists audit_trail (
  seq           bigint generated always as identity primary key,
  writer        text not null default current_setting('application_name'),
  what          text not null,
  connection_id uuid,
  operation_id  uuid,
  stream        text,
  record_key    text,
  old_at        timestamptz,
  new_at        timestamptz,
  fence         bigint,
  owner         text,
  status        text
);
-- the source as the auditor saw it; place: rank by creation, pull requests counted too
create table if not exists audit_truth (
  connection_id uuid not null,
  record_key    text not null,
  place         int not null,
  pull_request  boolean not null,
  closed        boolean not null,
  updated_at    timestamptz not null,
  primary key (connection_id, record_key)
);
create table if not exists audit_violations (
  seq       bigint generated always as identity primary key,
  invariant text not null,
  words     text not null
);

create or replace function audit_issue() returns trigger language plpgsql as $$
begin
  insert into audit_trail (what, connection_id, operation_id, stream, record_key, old_at, new_at)
  values (lower(tg_op), coalesce(new.connection_id, old.connection_id),
    coalesce(new.operation_id, old.operation_id), coalesce(new.stream, old.stream),
    coalesce(new.record_key, old.record_key), old.updated_at, new.updated_at);
  return null;
end $$;
create or replace trigger audit_issue after insert or update or delete on issues
  for each row execute function audit_issue();

create or replace function audit_operation() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' or new.fence <> old.fence then
    insert into audit_trail (what, connection_id, operation_id, fence, owner, status)
    values ('claim', new.connection_id, new.id, new.fence, new.lease_owner, new.status);
  elsif new.pages_count <> old.pages_count or new.results <> old.results then
    insert into audit_trail (what, connection_id, operation_id, fence, owner, status)
    values ('advance', new.connection_id, new.id, new.fence, new.lease_owner, new.status);
  end if;
  if tg_op = 'UPDATE' and old.status in ('Completed', 'Failed') and new.status <> old.status then
    insert into audit_violations (invariant, words)
    values ('I7', 'operation ' || new.id || ' went back from ' || old.status || ' to ' || new.status);
  end if;
  return null;
end $$;
create or replace trigger audit_operation after insert or update on operations
  for each row execute function audit_operation();

-- A cursor may say only what is stored: every older change is there.
create or replace function audit_cursor() returns trigger language plpgsql as $$
declare
  ahead text;
begin
  select string_agg(t.record_key, ' ' order by t.place) into ahead
  from audit_truth t
  where t.connection_id = new.connection_id and not t.pull_request
    and t.updated_at < new.high_water_at
    and (new.filter = 'all' or not t.closed)
    and not exists (select 1 from issues i
      where i.connection_id = t.connection_id and i.stream = new.stream
        and i.record_key = t.record_key
        and i.updated_at >= t.updated_at)
    and not exists (select 1 from set_aside_records s
      where s.connection_id = t.connection_id and s.stream = new.stream
        and s.record_key = t.record_key and s.resolved_at is null);
  if ahead is not null then
    insert into audit_violations (invariant, words)
    values ('I5', 'a cursor committed by ' || current_setting('application_name') || ' (high water '
      || coalesce(new.high_water_at::text, 'none') || ') is ahead of the rows: ' || left(ahead, 200));
  end if;
  return null;
end $$;
drop trigger if exists audit_cursor on cursors;
create constraint trigger audit_cursor after insert or update on cursors
  deferrable initially deferred for each row execute function audit_cursor();

-- Projects, their people, and what an issue owes to both.

create table users (
  id         uuid primary key default gen_random_uuid(),
  email      text check (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  name       text not null,
  issuer     text,                                      -- of the tokens this user calls with; null: never called
  subject    text,                                      -- sub of those tokens
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (email is not null or subject is not null)
);
create unique index users_email on users (lower(email));
create unique index users_subject on users (issuer, subject);
-- schedules and webhooks act as this one
insert into users (id, name, issuer, subject)
values ('00000000-0000-4000-8000-000000000001', 'tracker-sync', 'tracker-sync', 'tracker-sync');

create table projects (
  id              uuid primary key default gen_random_uuid(),
  key             text not null unique check (key ~ '^[A-Z][A-Z0-9]{1,9}$'),  -- never changes: part of issue keys
  name            text not null check (char_length(name) between 1 and 255),
  -- gives the numbers of issue keys, without a lock
  number_sequence text not null generated always as ('issue_numbers_' || lower(key)) stored,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now()
);

create function make_number_sequence() returns trigger language plpgsql as $$
begin
  execute format('create sequence %I', new.number_sequence);
  return null;
end
$$;
create trigger projects_number_sequence after insert on projects
  for each row execute function make_number_sequence();

-- connections nobody put into a project; there the role of the token counts
insert into projects (id, key, name)
values ('00000000-0000-4000-8000-000000000001', 'INBOX', 'Inbox');

create table project_members (
  project_id uuid not null references projects,
  user_id    uuid not null references users,
  role       text not null check (role in ('admin', 'member', 'viewer')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (project_id, user_id)
);
create index project_members_user on project_members (user_id);

create table cycles (
  id         uuid primary key default gen_random_uuid(),
  project_id uuid not null references projects,
  name       text not null check (char_length(name) between 1 and 255),
  starts_on  date,
  ends_on    date,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (project_id, name),
  check (ends_on >= starts_on)
);

-- Whom a login of a tracker belongs to.
create table external_identities (
  id         uuid primary key default gen_random_uuid(),
  tracker    text not null,
  login      text not null,
  user_id    uuid not null references users,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index external_identities_login on external_identities (tracker, lower(login));

-- An address of a repository in one form, to compare by: host in lower case, no .git, no slash behind.
create function repository_address(url text) returns text language sql immutable strict as $$
  select lower(substring(url from '^[^/]*//[^/]*'))
    || regexp_replace(substring(url from '^[^/]*//[^/]*(.*)$'), '(\.git)?/*$', '')
$$;

alter table connections
  add column project_id uuid not null default '00000000-0000-4000-8000-000000000001' references projects,
  add column is_active boolean not null default true,   -- its webhook delivers
  add column webhook_id text,
  add column webhook_secret_encrypted bytea,            -- AES-GCM bound to this row
  add column last_delivery_at timestamptz;
create index connections_project on connections (project_id);

do $$
declare
  twins text;
begin
  select string_agg(names, '; ') into twins from (
    select string_agg(name, ', ' order by name) as names from connections
    where removed_at is null group by repository_address(url) having count(*) > 1) as t;
  if twins is not null then
    raise exception 'several connections read the same address: %. Remove all but one of each (DELETE /api/connections/{id}, or their settings), by the version before.', twins;
  end if;
end
$$;
create unique index connections_address on connections (repository_address(url)) where removed_at is null;

alter table issues
  alter column connection_id drop not null,             -- null: made by people, stream 'local'
  add column project_id uuid not null default '00000000-0000-4000-8000-000000000001' references projects,
  add column key text not null default 'INBOX-' || nextval('issue_numbers_inbox'),
  add column reporter_id uuid not null default '00000000-0000-4000-8000-000000000001' references users,
  add column assignee_id uuid references users,
  add column cycle_id uuid references cycles on delete set null,
  add column story_points int check (story_points >= 0),
  add constraint issues_local_check check (connection_id is not null or stream = 'local');

-- what a removed connection left and another one read again: the newest row keeps the id
update issues i
set custom_fields = (i.custom_fields - 'externalId')
  || jsonb_build_object('formerExternalId', i.custom_fields -> 'externalId')
from (
  select id, row_number() over (partition by custom_fields ->> 'externalId'
    order by synced_at desc, id) as n
  from issues where custom_fields ->> 'externalId' is not null) as twins
where i.id = twins.id and twins.n > 1;

create unique index issues_key on issues (key);
create unique index issues_external_id on issues (project_id, (custom_fields ->> 'externalId'))
  where custom_fields ->> 'externalId' is not null;
create index issues_custom_fields on issues using gin (custom_fields jsonb_path_ops);
create index issues_local on issues (project_id, (custom_fields -> 'externalSync' ->> 'repositoryUrl'))
  where connection_id is null;
create index issues_assignee on issues (assignee_id) where assignee_id is not null;
create index issues_cycle on issues (cycle_id) where cycle_id is not null;

-- Who an operation acts for: whoever asked for it, else the system user.
alter table operations
  add column user_id uuid not null
    default '00000000-0000-4000-8000-000000000001' references users,
  -- whoever asked may sync as a member of the project: with that role the operation ends
  add column as_member boolean not null default false;

create function set_operation_user() returns trigger language plpgsql as $$
begin
  new.user_id := coalesce(
    (select u.id from users u
     where u.subject = new.requested_by or lower(u.email) = lower(new.requested_by)
     order by (u.subject = new.requested_by) desc nulls last, u.updated_at desc
     limit 1),
    '00000000-0000-4000-8000-000000000001');
  return new;
end
$$;
create trigger operations_user before insert on operations
  for each row execute function set_operation_user();

-- Pending, InProgress, then Completed or Failed: none goes back.
create function keep_operation_status() returns trigger language plpgsql as $$
begin
  raise exception 'operation %: % does not become %', old.id, old.status, new.status;
end
$$;
create trigger operations_status before update on operations for each row
  when (old.status is distinct from new.status
    and (old.status in ('Completed', 'Failed') or new.status = 'Pending'))
  execute function keep_operation_status();

-- The user a token stands for: by its issuer and subject, else by an e-mail its issuer has verified.
create function caller_user(of_issuer text, of_subject text, verified_email text) returns uuid
language sql stable as $$
  select u.id from users u
  where (u.issuer = of_issuer and u.subject = of_subject)
    or (lower(u.email) = lower(verified_email) and u.issuer is distinct from of_issuer)
  order by (u.issuer = of_issuer) desc nulls last
  limit 1
$$;

-- What a caller may do in a project: admin, member, viewer; null: nothing.
create function project_role(
  project uuid, token_role text, of_issuer text, of_subject text, verified_email text)
returns text language sql stable as $$
  select case
    when token_role = 'admin' then 'admin'
    when project = '00000000-0000-4000-8000-000000000001' then
      case token_role when 'manager' then 'member' when 'member' then 'member' when 'viewer' then 'viewer' end
    else (select m.role from project_members m
      where m.project_id = project
        and m.user_id = caller_user(of_issuer, of_subject, verified_email))
  end
$$;

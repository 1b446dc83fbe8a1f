-- Bugs of Bugsby, and what people add to them. Whose column is it: routes/trackers/bugsby/bugs-columns.txt.

create table bugs (
  id              uuid primary key default gen_random_uuid(),
  bugsby_id       text not null unique,                 -- never changes
  -- Bugsby's: every sync may overwrite these; unknown values as they came
  title           text,
  description     text,
  severity        text,                                 -- sev1, sev2, sev3
  priority        text,                                 -- P0, P1, P2
  bug_type        text,                                 -- BUG, TASK, FEATURE
  release         text not null,
  component       text,
  assigned_to     uuid references users,                -- by assignee_email; null: nobody, or no e-mail
  assignee_email  text,
  source_status   text,
  created_at      timestamptz,                          -- at Bugsby
  updated_at      timestamptz,                          -- at Bugsby; null: never stored
  -- people's: no sync names these
  status          text not null default 'pending'
    check (status in ('pending', 'ai_generated', 'dev_approved', 'mgr_approved')),
  release_note    text,
  release_note_by text check (release_note_by in ('people', 'llm', 'template')),
  version         bigint not null default 0,            -- of the columns of people; the ETag
  changed_at      timestamptz,
  changed_by      text,
  -- the engine's
  connection_id   uuid not null references connections, -- the release it was read from last
  issue_id        uuid references issues,               -- its unified issue, with the raw record; null: never stored
  sync_status     text not null check (sync_status in ('synced', 'pending', 'failed')),
  sync_error      text,                                 -- why the last attempt failed
  last_attempt_at timestamptz not null default now(),
  last_synced_at  timestamptz,
  stored_at       timestamptz not null default now(),
  check (release_note is not null or release_note_by is null)
) with (fillfactor = 85);                               -- room for last_synced_at, which every sweep moves

-- an index holds no text without a limit
create index bugs_release on bugs
  ((left(release, 200)), (coalesce(updated_at, timestamptz '1970-01-01 00:00:00+00')) desc, id);
create index bugs_updated on bugs ((coalesce(updated_at, timestamptz '1970-01-01 00:00:00+00')) desc, id);
create index bugs_assigned_to on bugs (assigned_to) where assigned_to is not null;
create index bugs_connection on bugs (connection_id);
create index bugs_issue on bugs (issue_id);

create index issues_gone on issues (connection_id) where gone_since is not null;
create index audit_log_target on audit_log (target, id);
create unique index connections_release on connections ((settings ->> 'release'))
  where tracker = 'bugsby' and removed_at is null;

-- what the source was asked to leave out: its own word for a status; null: nothing
alter table operations add column source_filter text;

-- The sweep of a release that is under way, or the last one where it failed; no row: the last one completed.
create function open_sweep(connection uuid) returns table (since timestamptz, filter text)
language sql stable as $$
  select started_at, source_filter from (
    select o.started_at, o.source_filter, o.status from operations o
    where o.connection_id = connection and o.scope = 'connection' and o.kind = 'sync'
      and o.started_at is not null
    order by o.created_at desc limit 1) as newest
  where status in ('InProgress', 'Failed')
$$;

-- synced or failed by the last attempt; pending: the open sweep has not come by yet.
create function bug_sync_status(
  stored text, last_attempt timestamptz, gone timestamptz, source_status text,
  sweep_since timestamptz, sweep_filter text)
returns text language sql immutable as $$
  select case when last_attempt < sweep_since and gone is null
      and (sweep_filter is null or source_status is null or source_status = sweep_filter)
    then 'pending' else stored end
$$;

-- The engine's tables. Times are UTC instants; *_count are numbers of things; text has no limit unless the source sets one.

create table connections (
  id               uuid primary key default gen_random_uuid(),
  name             text not null unique check (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  tracker          text not null,
  url              text not null,                       -- as first connected; part of every externalId, never changed
  moved_url        text,                                -- API address the source moved to (301, 308)
  settings         jsonb not null default '{}',         -- what only this tracker needs
  token_encrypted  bytea,                               -- AES-GCM bound to this row; null: from the settings, or anonymous
  sinks            text[] not null default '{postgres}' check (cardinality(sinks) > 0),
  enabled          boolean not null default true,
  disabled_reason  text,
  schedule         text,                                -- Quartz cron, or an interval such as 15m; null: only on demand
  schedule_zone    text not null default 'UTC',
  schedule_jitter_ms bigint not null default 0 check (schedule_jitter_ms >= 0),
  include_closed   boolean not null default false,      -- for scheduled runs
  next_run_at      timestamptz,
  last_sync_at     timestamptz,                         -- end of the last operation that Completed
  declared_in      text not null default 'api' check (declared_in in ('api', 'settings')),
  removed_at       timestamptz,                         -- removed through the API: rows stay, nothing runs
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now()
);
create index connections_due on connections (next_run_at) where enabled and removed_at is null;

-- How far a stream of a connection has been read. A filter is a set of records of its own: 'open' or 'all'.
create table cursors (
  connection_id    uuid not null references connections on delete cascade,
  stream           text not null,
  filter           text not null,
  high_water_at    timestamptz,                         -- newest updated_at whose rows are committed; null: first sweep not complete
  sweep_started_at timestamptz,                         -- the source's own Date when the running first sweep began
  next_page        text,                                -- where an unfinished sweep goes on
  etag             text,
  etag_url         text,                                -- the address that etag answers for
  updated_at       timestamptz not null default now(),
  primary key (connection_id, stream, filter)
);

create table operations (
  id               uuid primary key default gen_random_uuid(),
  connection_id    uuid not null references connections on delete cascade,
  scope            text not null default 'connection' check (scope in ('connection', 'record')),
  kind             text not null default 'sync' check (kind in ('sync', 'replay', 'plan', 'reconcile', 'remap')),
  trigger          text not null check (trigger in ('manual', 'schedule', 'webhook')),
  sync_type        text not null default 'Full' check (sync_type in ('Full', 'IssuesOnly', 'SecurityOnly')),
  include_closed   boolean not null default false,
  requested_by     text not null,
  idempotency_key  text,
  status           text not null default 'Pending' check (status in ('Pending', 'InProgress', 'Completed', 'Failed')),
  -- checkpoint: where recovery goes on
  stream           text,
  mode             text check (mode in ('full', 'incremental')),
  next_page        text,                                -- null: the stream's first page
  streams_done     text[] not null default '{}',
  pages_count      int not null default 0,
  retry_count      int not null default 0,              -- failed tries of the page at hand
  -- lease: who works on it, by this database's clock
  fence            bigint not null default 0,
  lease_owner      text,
  lease_until      timestamptz,
  page_deadline_at timestamptz,                         -- the lease is renewed no longer than this
  not_before       timestamptz,                         -- waiting: nobody may claim it earlier
  waiting_reason   text,
  cancelled_by     text,
  -- what people see
  progress         jsonb not null default '{"current": 0, "total": 0, "processed": 0, "stage": "fetching"}',
  results          jsonb not null default '{"created": 0, "updated": 0, "skipped": 0, "failed": 0, "ignored": {}, "errors": []}',
  error            text,
  cure             text,
  started_at       timestamptz,
  completed_at     timestamptz,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  check (status <> 'Failed' or error is not null),
  check ((status in ('Completed', 'Failed')) = (completed_at is not null))
);
create unique index operations_one_running on operations (connection_id)
  where scope = 'connection' and status in ('Pending', 'InProgress');
create unique index operations_idempotency on operations (requested_by, idempotency_key) where idempotency_key is not null;
create index operations_connection_status on operations (connection_id, status);
create index operations_status on operations (status);
create index operations_created on operations (created_at);

create table issues (
  id             uuid primary key default gen_random_uuid(),
  connection_id  uuid not null references connections,
  stream         text not null,
  record_key     text not null,                         -- <tracker>:<native id>; never changes
  -- tracker-owned: every sync may overwrite these
  number         bigint,
  title          text not null check (char_length(title) <= 255),
  description    text,
  status         text not null check (status in ('open', 'closed')),
  source_status  text not null,
  type           text not null check (type in ('Bug', 'Feature', 'Task', 'Epic')),
  priority       text check (priority in ('Low', 'Medium', 'High', 'Critical')),
  labels         text[] not null default '{}',
  assignees      text[] not null default '{}',
  author         text,
  milestone      text,
  url            text,
  confidential   boolean not null default false,
  comments_count int,
  created_at     timestamptz not null,                  -- at the source
  updated_at     timestamptz not null,                  -- at the source
  closed_at      timestamptz,
  custom_fields  jsonb not null default '{}',           -- externalId, externalSync are the tracker's; every other key is kept
  raw            jsonb not null,
  revision_hash  text not null,                         -- SHA-256 of the unified issue, hex
  -- the engine's
  operation_id   uuid,                                  -- the operation that wrote it last
  gone_since     timestamptz,                           -- absent from the last complete sweep
  stored_at      timestamptz not null default now(),
  synced_at      timestamptz not null default now()
);
create unique index issues_record on issues (connection_id, stream, record_key);
create index issues_updated on issues (updated_at desc, id);

-- Records an operation saw and left alone, so that each is counted once; removed when the operation ends.
create table operation_skips (
  operation_id uuid not null references operations on delete cascade,
  stream       text not null,
  record_key   text not null,
  primary key (operation_id, stream, record_key)
);

-- One row a record and sink other than PostgreSQL, whose rows are their own delivery.
create table deliveries (
  connection_id      uuid not null references connections on delete cascade,
  sink               text not null,
  stream             text not null,
  record_key         text not null,
  wanted_revision    text not null,                     -- <updated_at>/<revision_hash>
  delivered_revision text,
  target_id          text,
  state              text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
  attempts           int not null default 0,
  next_attempt_at    timestamptz not null default now(),
  error              text,
  operation_id       uuid,
  updated_at         timestamptz not null default now(),
  primary key (connection_id, sink, stream, record_key)
);
create index deliveries_pending on deliveries (connection_id, sink, next_attempt_at) where state <> 'delivered';

create table set_aside_records (
  id            uuid primary key default gen_random_uuid(),
  connection_id uuid not null references connections on delete cascade,
  stream        text not null,
  record_key    text not null,                          -- <tracker>:<native id>, or <tracker>:unreadable:<SHA-256 of the raw record>
  stage         text not null check (stage in ('map', 'check', 'write', 'deliver')),
  reason        text not null,
  raw           text not null,                          -- JSON as text: jsonb refuses some of what is set aside
  operation_id  uuid,
  attempts      int not null default 1,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  resolved_at   timestamptz,                            -- stored after all: a later sync, or a replay
  resolved_by   text
);
create unique index set_aside_open on set_aside_records (connection_id, stream, record_key) where resolved_at is null;

-- What is left of a token's budget, shared by all connections that use the token.
create table quota_ledger (
  token_key       text not null,                        -- SHA-256 of origin and token, first 16 hex digits: names a token, reveals none
  resource        text not null default 'core',
  tracker         text not null,
  origin          text not null,
  limit_count     bigint,
  remaining_count bigint,
  reset_at        timestamptz,
  blocked_until   timestamptz,                          -- a secondary limit: nobody with this token may call earlier
  updated_at      timestamptz not null default now(),
  primary key (token_key, resource)
);

create table audit_log (
  id     bigint generated always as identity primary key,
  at     timestamptz not null default now(),
  actor  text not null,
  action text not null,
  target text not null,
  detail jsonb not null default '{}'
);
create index audit_log_at on audit_log (at);

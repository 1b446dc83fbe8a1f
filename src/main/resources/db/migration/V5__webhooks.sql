-- Deliveries of webhooks already taken: one that comes again is dropped.
create table webhook_deliveries (
  connection_id uuid not null references connections on delete cascade,
  delivery_id   text not null,
  received_at   timestamptz not null default now(),
  primary key (connection_id, delivery_id)
);
create index webhook_deliveries_received on webhook_deliveries (received_at);

-- what an operation of scope record reads again: one record of a stream, by the number people know
alter table operations
  add column record_stream text,
  add column record_ref text,
  drop constraint operations_mode_check,
  add constraint operations_mode_check check (mode in ('full', 'incremental', 'record')),
  add constraint operations_record_check check (record_ref is null or scope = 'record');
create unique index operations_one_pending_record on operations (connection_id, record_stream, record_ref)
  where scope = 'record' and status = 'Pending';

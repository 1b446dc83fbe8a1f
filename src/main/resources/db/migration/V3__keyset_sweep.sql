-- A first sweep is read by change time like every later run: the mark moves with each page.
alter table cursors drop column sweep_started_at, drop column next_page;
update operations set next_page = null where status in ('Pending', 'InProgress');

-- null: seen and left alone; else dropped on purpose, by kind
alter table operation_skips add column kind text;

-- read all again, not only what changed
alter table operations add column from_start boolean not null default false;

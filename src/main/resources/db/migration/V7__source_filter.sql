-- Only records of this state are asked for, by the source's own word; null: all.
alter table operations add column if not exists source_filter text;

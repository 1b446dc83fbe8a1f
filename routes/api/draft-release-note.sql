-- version: the bug as the note was written for
with bug as materialized (
  select b.* from bugs b where b.id = cast(:#id as uuid) for update
), changed as (
  update bugs t set
    status = 'ai_generated', release_note = :#note, release_note_by = :#by,
    version = bug.version + 1, changed_at = now(), changed_by = :#caller
  from bug
  where t.id = bug.id and bug.version = cast(:#version as bigint)
    and bug.status in ('pending', 'ai_generated')
  returning t.id
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'bug.draft', bug.id::text, jsonb_build_object('bugsby_id', bug.bugsby_id,
    'by', cast(:#by as text), 'status', jsonb_build_array(bug.status, 'ai_generated'),
    'release_note', jsonb_build_array(bug.release_note, cast(:#note as text)))
  from changed, bug
)
select id from changed

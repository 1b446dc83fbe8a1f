-- The row is locked first, so bug is how it is now, not how it was when the statement began.
-- versions: those If-Match names, as a JSON array; null: it was not sent. seesAll: the caller is a
-- manager. A step back is for whoever may take the step forward.
with moves (before, after, needs) as (values
  ('pending', 'ai_generated', 'member'),
  ('pending', 'dev_approved', 'member'),
  ('ai_generated', 'dev_approved', 'member'),
  ('dev_approved', 'mgr_approved', 'manager'),
  ('ai_generated', 'pending', 'member'),
  ('dev_approved', 'pending', 'member'),
  ('dev_approved', 'ai_generated', 'member'),
  ('mgr_approved', 'dev_approved', 'manager')
), bug as materialized (
  select b.* from bugs b where b.id = cast(:#id as uuid) for update
), asked as (
  select coalesce(cast(:#status as text), bug.status) as status,
    case when jsonb_exists(cast(:#body as jsonb), 'release_note')
      then cast(:#release_note as text) else bug.release_note end as note
  from bug
), verdict as (
  select case
    when cast(:#versions as jsonb) is not null
      and not cast(:#versions as jsonb) @> to_jsonb(bug.version) then 'stale'
    when asked.status <> bug.status and m.needs is null then 'refused'
    when m.needs = 'manager' and not cast(:#seesAll as boolean) then 'role'
    when bug.status = 'mgr_approved' and asked.status = bug.status
      and asked.note is distinct from bug.release_note then 'approved'
    else 'done' end as outcome
  from bug cross join asked
  left join moves m on m.before = bug.status and m.after = asked.status
), changed as (
  update bugs t set
    status = asked.status, release_note = asked.note,
    release_note_by = case when asked.note is null then null
      when asked.note is distinct from bug.release_note then 'people' else bug.release_note_by end,
    version = bug.version + 1, changed_at = now(), changed_by = :#caller
  from bug, asked, verdict
  where t.id = bug.id and verdict.outcome = 'done'
    and (asked.status, asked.note) is distinct from (bug.status, bug.release_note)
  returning t.id
), noted as (
  insert into audit_log (actor, action, target, detail)
  select :#caller, 'bug.update', bug.id::text, jsonb_build_object('bugsby_id', bug.bugsby_id,
    'status', jsonb_build_array(bug.status, asked.status),
    'release_note', jsonb_build_array(bug.release_note, asked.note))
  from changed, bug, asked
)
select verdict.outcome, bug.status as before, asked.status as after
from bug, asked, verdict

-- Not on disk before it is answered: nothing is lost with it.
with quick as (
  select set_config('synchronous_commit', 'off', true)
)
update operations
set progress = progress || jsonb_build_object('stage', :#${variable.stage}::text), updated_at = now()
from quick
where id = :#${variable.operation} and fence = :#${variable.fence} and status = 'InProgress'

-- Whether the project holds issues a record of this connection may turn out to be: made by people
-- for this repository, or left by a removed connection to it.
select exists (
    select 1 from issues i join connections c on c.project_id = i.project_id
    where c.id = :#${variable.connection} and i.connection_id is null
      and i.custom_fields -> 'externalSync' ->> 'repositoryUrl' = c.url)
  or exists (
    select 1 from connections c join connections former on former.project_id = c.project_id
    where c.id = :#${variable.connection} and former.removed_at is not null
      and former.id <> c.id and former.url = c.url
      and exists (select 1 from issues i where i.connection_id = former.id))

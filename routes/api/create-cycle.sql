insert into cycles (project_id, name, starts_on, ends_on)
values (cast(:#projectId as uuid), :#name, cast(:#startsOn as date), cast(:#endsOn as date))
returning id, name, starts_on as "startsOn", ends_on as "endsOn", created_at as "createdAt",
  updated_at as "updatedAt"

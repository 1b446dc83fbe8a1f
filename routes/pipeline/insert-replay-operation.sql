insert into operations (id, connection_id, scope, kind, trigger, requested_by, status, started_at,
  completed_at)
values (:#${variable.operation}, :#${variable.connection}, 'record', 'replay', 'manual',
  :#${variable.requestedBy}, 'Completed', now(), now())

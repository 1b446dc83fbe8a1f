-- Not where a newer revision has been wanted meanwhile: that one is still due.
update deliveries
set state = 'delivered', delivered_revision = :#${variable.delivery[wanted_revision]},
  target_id = coalesce(:#${variable.targetId}::text, target_id), error = null,
  attempts = attempts + 1, operation_id = :#${variable.operation}, updated_at = now()
where connection_id = :#${variable.connection} and sink = :#${variable.delivery[sink]}
  and stream = :#${variable.delivery[stream]} and record_key = :#${variable.delivery[record_key]}
  and wanted_revision = :#${variable.delivery[wanted_revision]}

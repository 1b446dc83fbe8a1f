update deliveries
set state = 'failed', error = :#${variable.deliveryError}, attempts = attempts + 1,
  operation_id = :#${variable.operation}, updated_at = now()
where connection_id = :#${variable.connection} and sink = :#${variable.delivery[sink]}
  and stream = :#${variable.delivery[stream]} and record_key = :#${variable.delivery[record_key]}
  and wanted_revision = :#${variable.delivery[wanted_revision]}

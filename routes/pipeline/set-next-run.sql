update connections set next_run_at = :#${variable.nextRunAt}::timestamptz
where id = :#${variable.connectionId}::uuid

-- Where a permanent redirect led; url itself is part of every externalId and stays.
update connections set moved_url = :#${variable.movedBase}, updated_at = now()
where id = :#${variable.connection} and moved_url is distinct from :#${variable.movedBase}

select count(*),
  md5(string_agg(md5(concat_ws('|', c.url, record_key, number, title, description, i.status,
    source_status, type, priority, labels::text, assignees::text, author, milestone, i.url,
    confidential, comments_count, i.created_at, i.updated_at, closed_at,
    custom_fields #- '{externalSync,syncedAt}')), '' order by record_key)),
  md5(string_agg(md5(raw::text), '' order by record_key))
from issues i join connections c on c.id = i.connection_id

select name, true as ok, 200 as status, 'acme/shop answers' as words, cast(null as text) as cure,
  'repo' as scopes
from connections where id = cast(:#connectionId as uuid)

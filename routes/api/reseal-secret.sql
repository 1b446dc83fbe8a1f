-- One that was stored anew meanwhile is left alone.
update connections set
  token_encrypted = case when cast(:#part as text) = 'token' then cast(:#fresh as bytea)
    else token_encrypted end,
  webhook_secret_encrypted = case when cast(:#part as text) = 'token'
    then webhook_secret_encrypted else cast(:#fresh as bytea) end
where id = :#id
  and case when cast(:#part as text) = 'token' then token_encrypted
    else webhook_secret_encrypted end = cast(:#sealed as bytea)

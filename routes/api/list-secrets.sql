select id, name, 'token' as part, token_encrypted as sealed from connections
where token_encrypted is not null
union all
select id, name, 'webhook-secret', webhook_secret_encrypted from connections
where webhook_secret_encrypted is not null
order by name, part

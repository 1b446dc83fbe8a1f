insert into audit_log (actor, action, target, detail)
values (:#${variable.request[caller]}, 'keys.rotate', 'encryption.key',
  jsonb_build_object('reencrypted', :#${variable.answer[reencrypted]}::int,
    'keysDropped', :#${variable.answer[keysDropped]}::int))

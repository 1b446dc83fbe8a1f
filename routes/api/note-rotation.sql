insert into audit_log (actor, action, target, detail)
values (:#caller, 'keys.rotate', 'encryption.key',
  jsonb_build_object('reencrypted', cast(:#reencrypted as int),
    'keysDropped', cast(:#keysDropped as int)))

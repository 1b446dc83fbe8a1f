-- Raw records compress several times faster by lz4, where the server was built with it; the embedded one is not.
do $$
begin
  alter table issues alter column raw set compression lz4;
  alter table issues alter column description set compression lz4;
exception
  when feature_not_supported then
    raise notice 'this PostgreSQL has no lz4: issues stay with its default compression';
end
$$;

select
    r.key::character varying as id,
    (name_2.v->>'family')::character varying as family
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r
cross join lateral jsonb_array_elements(r.resource->'name') with ordinality as name_2 (v, i)
where case
    when r.resource->>'birthDate' = '2000-01-01' then false
    when not (starts_with(r.resource->>'birthDate', '2000-01-01') or starts_with('2000-01-01', r.resource->>'birthDate')) then r.resource->>'birthDate' < '2000-01-01' collate "C"
end
  and not case when r.resource->'name' is not null then coalesce(
    r.resource->'name'->0->>'family',
    (
        select name.v->>'family'
        from jsonb_array_elements(r.resource->'name') with ordinality as name (v, i)
        where coalesce(name.v->'family', name.v->'_family') is not null
        order by name.i
        limit 1
    )
) end =  E'it''s \\ ; -- \n " '
  and name_2.v->>'use' = 'official'

select
    r.key::character varying as id,
    (r.resource->>'gender')::character varying as gender,
    (r.resource->'active')::boolean as active,
    (r.resource->>'birthDate')::character varying as birth_date,
    case when r.resource->'name' is not null then coalesce(
        r.resource->'name'->0->>'family',
        (
            select name.v->>'family'
            from jsonb_array_elements(r.resource->'name') with ordinality as name (v, i)
            where coalesce(name.v->'family', name.v->'_family') is not null
            order by name.i
            limit 1
        )
    ) end::character varying as family,
    array_remove(array(
        select _1.v::character varying
        from jsonb_array_elements(r.resource->'name') with ordinality as name_2 (v, i)
        cross join lateral jsonb_array_elements_text(name_2.v->'given') with ordinality as _1 (v, i)
        order by name_2.i, _1.i
    ), null) as given,
    array_remove(array(
        select _2.v
        from jsonb_array_elements(r.resource->'name') with ordinality as _2 (v, i)
        order by _2.i
    ), null) as name,
    r.resource->'name'->0 as first_name,
    (r.resource->'meta'->>'lastUpdated')::timestamp with time zone as updated
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r

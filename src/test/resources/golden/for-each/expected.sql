select
    r.key::character varying as id,
    (name.i - 1)::integer as pos,
    (name.v->>'family')::character varying as family,
    array_remove(array(
        select _1.v::character varying
        from jsonb_array_elements_text(name.v->'given') with ordinality as _1 (v, i)
        order by _1.i
    ), null) as given,
    (given.i - 1)::integer as given_pos,
    given.v::character varying as given_name
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r
cross join lateral jsonb_array_elements(r.resource->'name') with ordinality as name (v, i)
cross join lateral jsonb_array_elements_text(name.v->'given') with ordinality as given (v, i)

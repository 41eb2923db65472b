select
    r.key::character varying as id,
    _1.kind,
    _1.value
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r
cross join lateral (
    select
        (telecom.v->>'system')::character varying as kind,
        (telecom.v->>'value')::character varying as value
    from jsonb_array_elements(r.resource->'telecom') with ordinality as telecom (v, i)
    union all
    select
        (address.v->>'use')::character varying as kind,
        (address.v->>'city')::character varying as value
    from (select) as _
    left join lateral jsonb_array_elements(r.resource->'address') with ordinality as address (v, i) on true
    union all
    select
        'none'::character varying as kind,
        null::text::character varying as value
) as _1

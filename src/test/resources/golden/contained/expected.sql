select
    (r.resource->>'id')::character varying as id,
    (focus.v->>'family')::character varying as family
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r
cross join lateral jsonb_array_elements(r.resource->'contained') with ordinality as contained (v, i)
cross join lateral jsonb_array_elements(case when contained.v->>'resourceType' = 'Practitioner' then contained.v end->'name') with ordinality as focus (v, i)

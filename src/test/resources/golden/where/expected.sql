select r.key::character varying as id
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r
where (r.resource->'active')::boolean
  and exists (
    select
    from jsonb_array_elements(r.resource->'name') with ordinality as name (v, i)
    where name.v->>'use' = 'official' and coalesce(jsonb_array_length(name.v->'given'), 0) > 1
)

select
    (r.resource->>'id')::character varying as "order",
    (r.resource->>'gender')::character varying as "Select",
    (r.resource->'active')::boolean as a_very_long_name_that_is_exactly_as_long_as_postgresql_allows_
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r

select
    (r.resource->>'id')::character varying as id,
    (r.resource->'valueQuantity'->>'value')::character varying as quantity,
    (r.resource->'valueQuantity'->>'unit')::character varying as unit,
    (r.resource->>'valueString')::character varying as text,
    coalesce(r.resource->'valueQuantity', r.resource->'valueCodeableConcept', coalesce(r.resource->'valueString', r.resource->'_valueString'), coalesce(r.resource->'valueBoolean', r.resource->'_valueBoolean'), coalesce(r.resource->'valueInteger', r.resource->'_valueInteger'), r.resource->'valueRange', r.resource->'valueRatio', r.resource->'valueSampledData', coalesce(r.resource->'valueTime', r.resource->'_valueTime'), coalesce(r.resource->'valueDateTime', r.resource->'_valueDateTime'), r.resource->'valuePeriod') is not null as there,
    (
        select case when _1.v then r.resource->'valueQuantity' is not null end
        from (select coalesce(r.resource->'valueQuantity', r.resource->'valueCodeableConcept', coalesce(r.resource->'valueString', r.resource->'_valueString'), coalesce(r.resource->'valueBoolean', r.resource->'_valueBoolean'), coalesce(r.resource->'valueInteger', r.resource->'_valueInteger'), r.resource->'valueRange', r.resource->'valueRatio', r.resource->'valueSampledData', coalesce(r.resource->'valueTime', r.resource->'_valueTime'), coalesce(r.resource->'valueDateTime', r.resource->'_valueDateTime'), r.resource->'valuePeriod') is not null as v offset 0) as _1
    ) as is_quantity,
    case
        when coalesce(r.resource->'valueQuantity'->>'code', r.resource->'valueQuantity'->>'unit', '1') is not distinct from coalesce('{"value": 1, "code": "mg"}'::jsonb->>'code', '{"value": 1, "code": "mg"}'::jsonb->>'unit', '1') then (r.resource->'valueQuantity'->'value')::numeric > ('{"value": 1, "code": "mg"}'::jsonb->'value')::numeric
    end as big,
    (r.resource->>'effectiveDateTime')::character varying as effective,
    (component.v->'code'->>'text')::character varying as code,
    (component.v->'valueInteger')::integer as number
from (
    select key, version, resource
    from resource
    where type = 'Observation'
) as r
cross join lateral jsonb_array_elements(r.resource->'component') with ordinality as component (v, i)

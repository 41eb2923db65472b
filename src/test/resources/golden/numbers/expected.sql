select
    ((r.resource->'valueQuantity'->'value')::numeric + 1)::text::character varying as c01,
    ((r.resource->'valueQuantity'->'value')::numeric - 1 * 2)::text::character varying as c02,
    (((r.resource->'valueQuantity'->'value')::numeric - 1) * 2)::text::character varying as c03,
    trim_scale((r.resource->'valueQuantity'->'value')::numeric / nullif(3, 0))::text::character varying as c04,
    div((r.resource->'valueQuantity'->'value')::numeric, nullif(1, 0))::integer as c05,
    mod((r.resource->'valueQuantity'->'value')::numeric, nullif(1, 0))::text::character varying as c06,
    (0 - (r.resource->'valueQuantity'->'value')::numeric)::text::character varying as c07,
    abs((r.resource->'valueQuantity'->'value')::numeric)::text::character varying as c08,
    round(((r.resource->'valueQuantity'->'value')::numeric), 1::integer)::text::character varying as c09,
    floor((r.resource->'valueQuantity'->'value')::numeric)::integer as c10,
    ceiling((r.resource->'valueQuantity'->'value')::numeric)::integer as c11,
    (((r.resource->'valueQuantity'->'value')::numeric) - ('5e-' || (scale(((r.resource->'valueQuantity'->'value')::numeric)) + 1))::numeric)::text::character varying as c12,
    round(ceiling((((r.resource->'valueQuantity'->'value')::numeric) + ('5e-' || (scale(((r.resource->'valueQuantity'->'value')::numeric)) + 1))::numeric) * 1e1) / 1e1, 1)::text::character varying as c13,
    (r.resource->'valueQuantity'->'value')::numeric::text::character varying as c14,
    case when ((r.resource->'valueQuantity'->'value')::numeric) = trunc(((r.resource->'valueQuantity'->'value')::numeric)) then trunc(((r.resource->'valueQuantity'->'value')::numeric)) end::integer as c15
from (
    select key, version, resource
    from resource
    where type = 'Observation'
) as r

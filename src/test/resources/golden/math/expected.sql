select
    (r.resource->>'id')::character varying as id,
    case when ((r.resource->'valueQuantity'->'value')::numeric) >= 0 then trim_scale(sqrt(((r.resource->'valueQuantity'->'value')::numeric)::numeric)) end::text::character varying as root,
    case when ((r.resource->'valueQuantity'->'value')::numeric) > 0 or (((r.resource->'valueQuantity'->'value')::numeric) = 0 and 2 >= 0) or (((r.resource->'valueQuantity'->'value')::numeric) < 0 and 2 = trunc(2)) then trim_scale(power(((r.resource->'valueQuantity'->'value')::numeric)::numeric, 2::numeric)) end::text::character varying as squared,
    round(trim_scale(exp(((r.resource->'valueQuantity'->'value')::numeric)::numeric)), 3::integer)::text::character varying as e_to,
    (
        select round(_1.v, 3::integer)
        from (select case when ((r.resource->'valueQuantity'->'value')::numeric) > 0 then trim_scale(ln(((r.resource->'valueQuantity'->'value')::numeric)::numeric)) end as v offset 0) as _1
    )::text::character varying as "natural",
    (
        select round(_2.v, 3::integer)
        from (select case when ((r.resource->'valueQuantity'->'value')::numeric) > 0 and 10 > 0 and 10 <> 1 then trim_scale(log(10::numeric, ((r.resource->'valueQuantity'->'value')::numeric)::numeric)) end as v offset 0) as _2
    )::text::character varying as tens,
    trunc((r.resource->'valueQuantity'->'value')::numeric)::integer as whole,
    round(((r.resource->'valueQuantity'->'value')::numeric), 0::integer)::text::character varying as rounded,
    ceiling((r.resource->'valueQuantity'->'value')::numeric)::integer as up,
    floor((r.resource->'valueQuantity'->'value')::numeric)::integer as down,
    abs((r.resource->'valueQuantity'->'value')::numeric)::text::character varying as size
from (
    select key, version, resource
    from resource
    where type = 'Observation'
) as r

select
    (r.resource->'active')::boolean and coalesce(r.resource->'gender', r.resource->'_gender') is not null as c01,
    (r.resource->'active')::boolean or coalesce(jsonb_array_length(r.resource->'photo') > 0, false) as c02,
    (r.resource->'active')::boolean <> coalesce(jsonb_array_length(r.resource->'photo') > 0, false) as c03,
    not (r.resource->'active')::boolean or r.resource->>'gender' = 'female' as c04,
    not (r.resource->'active')::boolean = true as c05,
    r.resource->>'gender' in ('male', 'female') as c06,
    case when 'Anna' is not null then exists (
        select
        from jsonb_array_elements(r.resource->'name') with ordinality as name (v, i)
        cross join lateral jsonb_array_elements_text(name.v->'given') with ordinality as given_2 (v, i)
        where given_2.v = 'Anna'
    ) end as c07,
    case
        when coalesce(r.resource->'gender', r.resource->'_gender') is not null and 'MALE' is not null then lower(btrim(regexp_replace(r.resource->>'gender', '[[:space:]]+', ' ', 'g'))) = lower(btrim(regexp_replace('MALE', '[[:space:]]+', ' ', 'g')))
        else not (coalesce(r.resource->'gender', r.resource->'_gender') is not null or 'MALE' is not null)
    end as c08,
    not r.resource->>'gender' = 'male' as c09,
    not exists (
        select
        from jsonb_array_elements(r.resource->'name') with ordinality as name_2 (v, i)
        where not (coalesce(name_2.v->'use', name_2.v->'_use') is not null) is true
    ) as c10,
    exists (
        select
        from jsonb_array_elements(r.resource->'name') with ordinality as name_3 (v, i)
        where coalesce(name_3.v->'use', name_3.v->'_use') is not null
    ) as c11,
    case when (r.resource->'active')::boolean then 'yes' else 'no' end::character varying as c12,
    case
        when coalesce(r.resource->'gender', r.resource->'_gender') is not null then coalesce(r.resource->'gender', r.resource->'_gender') is not null
    end as c13,
    (
        select array_agg(_1.v::text order by name_4.i, _1.i)
        from jsonb_array_elements(r.resource->'name') with ordinality as name_4 (v, i)
        cross join lateral jsonb_array_elements_text(name_4.v->'given') with ordinality as _1 (v, i)
    ) = (
        select array_agg(_2.v::text order by name_5.i, _2.i)
        from jsonb_array_elements(r.resource->'name') with ordinality as name_5 (v, i)
        cross join lateral jsonb_array_elements_text(name_5.v->'given') with ordinality as _2 (v, i)
    ) as c14
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r

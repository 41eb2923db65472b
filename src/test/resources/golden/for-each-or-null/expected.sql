select
    r.key::character varying as id,
    case when telecom.i is not null then (telecom.i - 1)::integer else 0::integer end as pos,
    (telecom.v->>'system')::character varying as system,
    case when telecom.i is not null then coalesce(telecom.v->'rank', telecom.v->'_rank') is not null end as has_rank,
    _1.use,
    _1.given_name
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r
left join lateral jsonb_array_elements(r.resource->'telecom') with ordinality as telecom (v, i) on true
cross join lateral (
    select
        (name.v->>'use')::character varying as use,
        focus_2.v::character varying as given_name
    from jsonb_array_elements(r.resource->'name') with ordinality as name (v, i)
    cross join lateral jsonb_array_elements_text(name.v->'given') with ordinality as focus_2 (v, i)
    where name.v->>'use' = 'old'
    union all
    select
        null::character varying as use,
        null::character varying as given_name
    where not exists (
        select
        from jsonb_array_elements(r.resource->'name') with ordinality as name (v, i)
        where name.v->>'use' = 'old'
    )
) as _1

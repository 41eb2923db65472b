select
    upper(r.resource->'name'->0->>'family')::character varying as c01,
    lower(r.resource->'name'->0->>'family')::character varying as c02,
    length(r.resource->'name'->0->>'family')::integer as c03,
    starts_with(r.resource->'name'->0->>'family', 'O') as c04,
    right((r.resource->'name'->0->>'family'), length('a')) = 'a' as c05,
    strpos(r.resource->'name'->0->>'family', 'H') > 0 as c06,
    (strpos(r.resource->'name'->0->>'family', 'H') - 1)::integer as c07,
    case when 2 >= 0 and 2 < length((r.resource->'name'->0->>'family')) then substr((r.resource->'name'->0->>'family'), 2::integer + 1) end::character varying as c08,
    case when 0 >= 0 and 0 < length((r.resource->'name'->0->>'family')) then substr((r.resource->'name'->0->>'family'), 0::integer + 1, least(greatest(2, 0), 2147483647)::integer) end::character varying as c09,
    case 'a' when '' then 'b' || coalesce(array_to_string(string_to_array((r.resource->'name'->0->>'family'), null), 'b') || 'b', '') else replace((r.resource->'name'->0->>'family'), 'a', 'b') end::character varying as c10,
    r.resource->'name'->0->>'family' ~ '^O' as c11,
    regexp_replace((r.resource->'name'->0->>'family'), '([A-Z])',  E'<\\1>', 'g')::character varying as c12,
    btrim((r.resource->'telecom'->1->>'value'), E' \t\n\r\f\x0b')::character varying as c13,
    (
        select string_agg(_1.v, ', ' order by name.i, _1.i)
        from jsonb_array_elements(r.resource->'name') with ordinality as name (v, i)
        cross join lateral jsonb_array_elements_text(name.v->'given') with ordinality as _1 (v, i)
    )::character varying as c14,
    (coalesce(r.resource->'name'->0->>'family', '') || '!')::character varying as c15,
    (r.resource->'name'->0->>'family' || '!')::character varying as c16,
    array_remove(array(
        select _2.v::character varying
        from unnest(string_to_array(r.resource->'telecom'->0->>'value', nullif('-', ''))) with ordinality as _2 (v, i)
        order by _2.i
    ), null) as pieces
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r

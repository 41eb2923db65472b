select
    (
        select case
            when _1.v = '2024-03-10' then false
            when not (starts_with(_1.v, '2024-03-10') or starts_with('2024-03-10', _1.v)) then _1.v > '2024-03-10' collate "C"
        end
        from (select case when length(coalesce(r.resource->>'effectiveDateTime', r.resource->>'effectiveInstant')) < 11 then coalesce(r.resource->>'effectiveDateTime', r.resource->>'effectiveInstant') else to_char((case when coalesce(r.resource->>'effectiveDateTime', r.resource->>'effectiveInstant') ~ '(Z|[+-][0-9]{2}:[0-9]{2})$' then coalesce(r.resource->>'effectiveDateTime', r.resource->>'effectiveInstant') else coalesce(r.resource->>'effectiveDateTime', r.resource->>'effectiveInstant') || 'Z' end)::timestamptz at time zone 'UTC', case when substr(coalesce(r.resource->>'effectiveDateTime', r.resource->>'effectiveInstant'), 17, 1) = ':' then 'YYYY-MM-DD"T"HH24:MI:SS.US' else 'YYYY-MM-DD"T"HH24:MI' end) end as v offset 0) as _1
    ) as c01,
    (
        select (
            select case when _2.v = _3.v then true when not (starts_with(_2.v, _3.v) or starts_with(_3.v, _2.v)) then false end
            from (select case when length(r.resource->>'issued') < 11 then r.resource->>'issued' else to_char((case when (r.resource->>'issued') ~ '(Z|[+-][0-9]{2}:[0-9]{2})$' then (r.resource->>'issued') else (r.resource->>'issued') || 'Z' end)::timestamptz at time zone 'UTC', case when substr((r.resource->>'issued'), 17, 1) = ':' then 'YYYY-MM-DD"T"HH24:MI:SS.US' else 'YYYY-MM-DD"T"HH24:MI' end) end as v offset 0) as _3
        )
        from (select case when length(r.resource->>'effectiveDateTime') < 11 then r.resource->>'effectiveDateTime' else to_char((case when (r.resource->>'effectiveDateTime') ~ '(Z|[+-][0-9]{2}:[0-9]{2})$' then (r.resource->>'effectiveDateTime') else (r.resource->>'effectiveDateTime') || 'Z' end)::timestamptz at time zone 'UTC', case when substr((r.resource->>'effectiveDateTime'), 17, 1) = ':' then 'YYYY-MM-DD"T"HH24:MI:SS.US' else 'YYYY-MM-DD"T"HH24:MI' end) end as v offset 0) as _2
    ) as c02,
    case when length((r.resource->>'effectiveDateTime')) < 11 then overlay('YYYY-01-01' placing (r.resource->>'effectiveDateTime') from 1) || 'T00:00:00.000+14:00' else left(regexp_replace((r.resource->>'effectiveDateTime'), '(Z|[+-][0-9]{2}:[0-9]{2})$', '') || substr('YYYY-MM-DDT00:00:00.000', length(regexp_replace((r.resource->>'effectiveDateTime'), '(Z|[+-][0-9]{2}:[0-9]{2})$', '')) + 1), 23) || coalesce(substring((r.resource->>'effectiveDateTime') from '(?:Z|[+-][0-9]{2}:[0-9]{2})$'), '+14:00') end::character varying as c03,
    case when length((r.resource->>'effectiveDateTime')) < 11 then case length((r.resource->>'effectiveDateTime')) when 7 then to_char((((r.resource->>'effectiveDateTime') || '-01')::date + interval '1 month - 1 day'), 'YYYY-MM-DD') else overlay('YYYY-12-31' placing (r.resource->>'effectiveDateTime') from 1) end || 'T23:59:59.999-12:00' else left(regexp_replace((r.resource->>'effectiveDateTime'), '(Z|[+-][0-9]{2}:[0-9]{2})$', '') || substr('YYYY-MM-DDT23:59:59.999', length(regexp_replace((r.resource->>'effectiveDateTime'), '(Z|[+-][0-9]{2}:[0-9]{2})$', '')) + 1), 23) || coalesce(substring((r.resource->>'effectiveDateTime') from '(?:Z|[+-][0-9]{2}:[0-9]{2})$'), '-12:00') end::character varying as c04,
    case when (r.resource->>'effectiveDateTime') ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$' then (r.resource->>'effectiveDateTime') when (r.resource->>'effectiveDateTime') ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(T([0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?$' then split_part((r.resource->>'effectiveDateTime'), 'T', 1) end::character varying as c05,
    (r.resource->>'issued')::character varying as c06,
    (
        select case length(_4.v) when 7 then to_char(((_4.v || '-01')::date + interval '1 month - 1 day'), 'YYYY-MM-DD') else overlay('YYYY-12-31' placing _4.v from 1) end
        from (select case when '2024-02' ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$' then '2024-02' when '2024-02' ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(T([0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?$' then split_part('2024-02', 'T', 1) end as v offset 0) as _4
    )::character varying as c07,
    case
        when '2024-01' = '2024-02' then false
        when not (starts_with('2024-01', '2024-02') or starts_with('2024-02', '2024-01')) then '2024-01' < '2024-02' collate "C"
    end as c08
from (
    select key, version, resource
    from resource
    where type = 'Observation'
) as r

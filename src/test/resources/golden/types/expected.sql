select
    (r.resource->>'id')::character varying as id,
    overlay('YYYY-01-01' placing (r.resource->>'birthDate') from 1)::date as born,
    case when length((r.resource->'meta'->>'lastUpdated')) >= 10 then ((case when (r.resource->'meta'->>'lastUpdated') ~ '(Z|[+-][0-9]{2}:[0-9]{2})$' then (r.resource->'meta'->>'lastUpdated') else (r.resource->'meta'->>'lastUpdated') || 'Z' end)::timestamptz at time zone 'UTC')::timestamp without time zone when (r.resource->'meta'->>'lastUpdated') is not null then ('rf: A date of limited precision has no single day, found in column "updated" of types' || left(r.key, 0))::integer::text::timestamp without time zone end as updated,
    array_remove(array(
        select (telecom.v->'rank')::numeric::integer
        from jsonb_array_elements(r.resource->'telecom') with ordinality as telecom (v, i)
        where coalesce(telecom.v->'rank', telecom.v->'_rank') is not null
        order by telecom.i
    ), null) as rank,
    case when r.resource->'telecom' is not null then coalesce(
        (r.resource->'telecom'->0->'rank')::numeric,
        (
            select (telecom_2.v->'rank')::numeric
            from jsonb_array_elements(r.resource->'telecom') with ordinality as telecom_2 (v, i)
            where coalesce(telecom_2.v->'rank', telecom_2.v->'_rank') is not null
            order by telecom_2.i
            limit 1
        )
    ) end::numeric(5,2) as rank1,
    coalesce(r.resource->>'multipleBirthBoolean', r.resource->>'multipleBirthInteger')::character varying as multiple
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r

select
    (r.resource->>'id')::character varying as id,
    not exists (
        select
        from jsonb_array_elements(r.resource->'communication') with ordinality as communication (v, i)
        where coalesce(communication.v->'preferred', communication.v->'_preferred') is not null
          and not (communication.v->'preferred')::boolean is true
    ) as all_preferred,
    exists (
        select
        from jsonb_array_elements(r.resource->'communication') with ordinality as communication_2 (v, i)
        where coalesce(communication_2.v->'preferred', communication_2.v->'_preferred') is not null
          and (communication_2.v->'preferred')::boolean
    ) as any_preferred,
    not exists (
        select
        from jsonb_array_elements(r.resource->'communication') with ordinality as communication_3 (v, i)
        where coalesce(communication_3.v->'preferred', communication_3.v->'_preferred') is not null
          and not (not (communication_3.v->'preferred')::boolean) is true
    ) as none_preferred,
    exists (
        select
        from jsonb_array_elements(r.resource->'communication') with ordinality as communication_4 (v, i)
        where coalesce(communication_4.v->'preferred', communication_4.v->'_preferred') is not null
          and not (communication_4.v->'preferred')::boolean
    ) as any_not,
    not coalesce(jsonb_array_length(r.resource->'name') > 0, false) as nameless,
    not (r.resource->'active')::boolean as not_active,
    not exists (
        select
        from jsonb_array_elements(r.resource->'name') with ordinality as name (v, i)
        cross join lateral jsonb_array_elements_text(name.v->'given') with ordinality as given (v, i)
        where not given.v in ('Anna', 'Bea')
    ) as subset,
    not exists (
        select
        from (
            select _4.v, row_number() over (order by _4.i)
            from (
                select
                    (array_agg(_3.v order by _3.i))[1],
                    min(_3.i)
                from (
                    select
                        _1.v,
                        row_number() over (order by _1.i)
                    from (
                        select _2.v::text, row_number() over (order by _2.place)
                        from (
                            select
                                'Anna',
                                array[]::bigint[] || array[0]::bigint[]
                            union all
                            select
                                'Bea',
                                array[]::bigint[] || array[1]::bigint[]
                        ) as _2 (v, place)
                    ) as _1 (v, i)
                ) as _3 (v, i)
                group by _3.v
            ) as _4 (v, i)
        ) as item (v, i)
        where not exists (
            select
            from jsonb_array_elements(r.resource->'name') with ordinality as name_2 (v, i)
            cross join lateral jsonb_array_elements_text(name_2.v->'given') with ordinality as given_2 (v, i)
            where given_2.v = item.v
        )
    ) as superset,
    not exists (
        select
        from jsonb_array_elements(r.resource->'telecom') with ordinality as telecom (v, i)
        where not telecom.v->>'use' = 'home' is true
    ) as only_homes,
    case when r.resource is not null then r.resource is not null end as is_patient
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r

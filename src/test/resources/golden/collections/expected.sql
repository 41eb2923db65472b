select
    array_remove(array(
        select _1.v::character varying
        from (
            select _3.v, row_number() over (order by _3.i)
            from (
                select
                    (array_agg(_2.v order by _2.i))[1],
                    min(_2.i)
                from (
                    select
                        telecom.v->>'system',
                        row_number() over (order by telecom.i)
                    from jsonb_array_elements(r.resource->'telecom') with ordinality as telecom (v, i)
                    where coalesce(telecom.v->'system', telecom.v->'_system') is not null
                ) as _2 (v, i)
                group by _2.v
            ) as _3 (v, i)
        ) as _1 (v, i)
        order by _1.i
    ), null) as c01,
    array_remove(array(
        select _4.v::character varying
        from (
            select _8.v, row_number() over (order by _8.i)
            from (
                select
                    (array_agg(_7.v order by _7.i))[1],
                    min(_7.i)
                from (
                    select
                        _5.v,
                        row_number() over (order by _5.i)
                    from (
                        select _6.v::text, row_number() over (order by _6.place)
                        from (
                            select
                                telecom_2.v->>'system',
                                array[]::bigint[] || array[0, telecom_2.i]::bigint[]
                            from jsonb_array_elements(r.resource->'telecom') with ordinality as telecom_2 (v, i)
                            where coalesce(telecom_2.v->'system', telecom_2.v->'_system') is not null
                            union all
                            select
                                r.resource->>'gender',
                                array[]::bigint[] || array[1]::bigint[]
                            where coalesce(r.resource->'gender', r.resource->'_gender') is not null
                        ) as _6 (v, place)
                    ) as _5 (v, i)
                ) as _7 (v, i)
                group by _7.v
            ) as _8 (v, i)
        ) as _4 (v, i)
        order by _4.i
    ), null) as c02,
    array_remove(array(
        select _9.v::character varying
        from (
            select _10.v::text, row_number() over (order by _10.place)
            from (
                select
                    name.v->>'use',
                    array[]::bigint[] || array[0, name.i]::bigint[]
                from jsonb_array_elements(r.resource->'name') with ordinality as name (v, i)
                where coalesce(name.v->'use', name.v->'_use') is not null
                union all
                select
                    r.resource->>'gender',
                    array[]::bigint[] || array[1]::bigint[]
                where coalesce(r.resource->'gender', r.resource->'_gender') is not null
            ) as _10 (v, place)
        ) as _9 (v, i)
        order by _9.i
    ), null) as c03,
    array_remove(array(
        select _13.v::character varying
        from (
            select
                _12.v,
                row_number() over (order by _12.i)
            from (
                select
                    _11.v,
                    row_number() over (order by name_2.i, _11.i)
                from jsonb_array_elements(r.resource->'name') with ordinality as name_2 (v, i)
                cross join lateral jsonb_array_elements_text(name_2.v->'given') with ordinality as _11 (v, i)
            ) as _12 (v, i)
            where _12.i - 1 >= 1
        ) as _13 (v, i)
        where _13.i - 1 >= 0
          and _13.i - 1 < greatest(0, 0) + 2
        order by _13.i
    ), null) as c04,
    array_remove(array(
        select _15.v::character varying
        from (
            select
                _14.v,
                row_number() over (order by name_3.i, _14.i)
            from jsonb_array_elements(r.resource->'name') with ordinality as name_3 (v, i)
            cross join lateral jsonb_array_elements_text(name_3.v->'given') with ordinality as _14 (v, i)
        ) as _15 (v, i)
        where _15.i - 1 >= 1
        order by _15.i
    ), null) as c05,
    array_remove(array(
        select _16.v::character varying
        from (
            select _18.v, row_number() over (order by _18.i)
            from (
                select
                    (array_agg(_17.v order by _17.i))[1],
                    min(_17.i)
                from (
                    select
                        given.v,
                        row_number() over (order by name_4.i, given.i)
                    from jsonb_array_elements(r.resource->'name') with ordinality as name_4 (v, i)
                    cross join lateral jsonb_array_elements_text(name_4.v->'given') with ordinality as given (v, i)
                    where given.v in ('Bea', 'x')
                ) as _17 (v, i)
                group by _17.v
            ) as _18 (v, i)
        ) as _16 (v, i)
        order by _16.i
    ), null) as c06,
    array_remove(array(
        select given_2.v::character varying
        from jsonb_array_elements(r.resource->'name') with ordinality as name_5 (v, i)
        cross join lateral jsonb_array_elements_text(name_5.v->'given') with ordinality as given_2 (v, i)
        where not given_2.v in ('Bea', 'x')
        order by name_5.i, given_2.i
    ), null) as c07,
    array_remove(array(
        select (_19.v->>'use')::character varying
        from jsonb_array_elements(r.resource->'name') with ordinality as _19 (v, i)
        where _19.i - 1 > 0
          and coalesce(_19.v->'use', _19.v->'_use') is not null
        order by _19.i
    ), null) as c08,
    array_remove(array(
        select (name_7.v->'given'->>0)::character varying
        from jsonb_array_elements(r.resource->'name') with ordinality as name_7 (v, i)
        where name_7.v->'given'->0 is not null
        order by name_7.i
    ), null) as c09,
    array_remove(array[(
        select _20.v
        from jsonb_array_elements(r.resource->'name') with ordinality as name_8 (v, i)
        cross join lateral jsonb_array_elements_text(name_8.v->'given') with ordinality as _20 (v, i)
        order by name_8.i desc, _20.i desc
        limit 1
    )::character varying], null) as c10,
    array_remove(array[(
        select _21.v
        from jsonb_array_elements(r.resource->'name') with ordinality as name_9 (v, i)
        cross join lateral jsonb_array_elements_text(name_9.v->'given') with ordinality as _21 (v, i)
        order by name_9.i, _21.i
        limit 1 offset 1
    )::character varying], null) as c11,
    array_remove(array(
        select _22.v::character varying
        from (
            select _23.v::text, row_number() over (order by _23.place)
            from (
                select
                    item.v,
                    array[]::bigint[] || array[0, name_10.i, item.i]::bigint[]
                from jsonb_array_elements(r.resource->'name') with ordinality as name_10 (v, i)
                cross join lateral jsonb_array_elements_text(name_10.v->'given') with ordinality as item (v, i)
                where (r.resource->'active')::boolean
                union all
                select
                    name_11.v->>'family',
                    array[]::bigint[] || array[1, name_11.i]::bigint[]
                from jsonb_array_elements(r.resource->'name') with ordinality as name_11 (v, i)
                where coalesce(name_11.v->'family', name_11.v->'_family') is not null
                  and not (r.resource->'active')::boolean is true
            ) as _23 (v, place)
        ) as _22 (v, i)
        order by _22.i
    ), null) as c12,
    (
        select count(*)
        from jsonb_array_elements(r.resource->'name') with ordinality as name_12 (v, i)
        cross join lateral jsonb_array_elements_text(name_12.v->'given') with ordinality as _24 (v, i)
    )::integer as n,
    (
        select count(*)
        from jsonb_array_elements(r.resource->'telecom') with ordinality as telecom_3 (v, i)
        where coalesce(telecom_3.v->'system', telecom_3.v->'_system') is not null
    ) = (
        select count(*)
        from (
            select _27.v, row_number() over (order by _27.i)
            from (
                select
                    (array_agg(_26.v order by _26.i))[1],
                    min(_26.i)
                from (
                    select
                        telecom_3.v->>'system',
                        row_number() over (order by telecom_3.i)
                    from jsonb_array_elements(r.resource->'telecom') with ordinality as telecom_3 (v, i)
                    where coalesce(telecom_3.v->'system', telecom_3.v->'_system') is not null
                ) as _26 (v, i)
                group by _26.v
            ) as _27 (v, i)
        ) as _25 (v, i)
    ) as "unique",
    ((
        select case when count(*) > 1 then to_jsonb(('rf: Multiple values found but not expected for single()' || left(r.key, 0))::integer) else (array_agg(name_13.v))[1] end
        from jsonb_array_elements(r.resource->'name') with ordinality as name_13 (v, i)
        where name_13.v->>'use' = 'old'
    )->>'family')::character varying as single
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r

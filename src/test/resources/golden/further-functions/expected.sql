select
    (r.resource->>'id')::character varying as id,
    exists (
        select
        from jsonb_array_elements(r.resource->'extension') with ordinality as extension (v, i)
        where extension.v->>'url' = 'http://example.org/race'
    ) as has_race,
    (r.resource->>'gender')::character varying as gender_text,
    r.resource->>'gender' is not null as has_gender,
    case when strpos((r.resource->'name'->0->>'family'), 'a') = 0 then -1 else length((r.resource->'name'->0->>'family')) - length('a') - strpos(reverse((r.resource->'name'->0->>'family')), reverse('a')) + 1 end::integer as last_a,
    r.resource->'name'->0->>'family' ~ '^(?:[A-Z][a-z]+)$' as whole_name,
    array_remove(array(
        select _1.v::character varying
        from unnest(string_to_array(r.resource->'name'->0->>'family', nullif('', ''))) with ordinality as _1 (v, i)
        order by _1.i
    ), null) as letters,
    array_remove(array(
        select _2.v::character varying
        from (
            select _7.v, row_number() over (order by _7.i)
            from (
                select
                    (array_agg(_6.v order by _6.i))[1],
                    min(_6.i)
                from (
                    select
                        _3.v,
                        row_number() over (order by _3.i)
                    from (
                        select _5.v::text, row_number() over (order by _5.place)
                        from (
                            select
                                _4.v,
                                array[]::bigint[] || array[0, name.i, _4.i]::bigint[]
                            from jsonb_array_elements(r.resource->'name') with ordinality as name (v, i)
                            cross join lateral jsonb_array_elements_text(name.v->'given') with ordinality as _4 (v, i)
                            union all
                            select
                                'Bea',
                                array[]::bigint[] || array[1]::bigint[]
                        ) as _5 (v, place)
                    ) as _3 (v, i)
                ) as _6 (v, i)
                group by _6.v
            ) as _7 (v, i)
        ) as _2 (v, i)
        order by _2.i
    ), null) as givens,
    array_remove(array(
        select _8.v::character varying
        from unnest(string_to_array(r.resource->'name'->0->>'family', nullif('a', ''))) with ordinality as _8 (v, i)
        order by _8.i
    ), null) as parts,
    (r.resource->'multipleBirthInteger')::integer as years,
    array_remove(array(
        select (coding.v->>'code')::character varying
        from (
            select _14.v, row_number() over (order by _14.i)
            from (
                select
                    (array_agg(_13.v order by _13.i))[1],
                    min(_13.i)
                from (
                    select
                        _10.v,
                        row_number() over (order by _10.i)
                    from (
                        with recursive _9 (v, place) as (
                            select
                                _11.v,
                                array[]::bigint[] || array[0, contact.i, _11.i]::bigint[]
                            from jsonb_array_elements(r.resource->'contact') with ordinality as contact (v, i)
                            cross join lateral jsonb_array_elements(contact.v->'relationship') with ordinality as _11 (v, i)
                        )
                        select v, row_number() over (order by place) from _9
                    ) as _10 (v, i)
                ) as _13 (v, i)
                group by _13.v
            ) as _14 (v, i)
        ) as item_2 (v, i)
        cross join lateral jsonb_array_elements(item_2.v->'coding') with ordinality as coding (v, i)
        where coalesce(coding.v->'code', coding.v->'_code') is not null
        order by item_2.i, coding.i
    ), null) as deeper,
    (
        select case when count(*) > 1 then ('rf: Multiple values found but not expected for single()' || left(r.key, 0))::integer::text::text else (array_agg(name_2.v->>'use'))[1] end
        from jsonb_array_elements(r.resource->'name') with ordinality as name_2 (v, i)
        where coalesce(name_2.v->'use', name_2.v->'_use') is not null
    )::character varying as single_use,
    array_remove(array(
        select item_3.v::character varying
        from (
            select
                _15.v,
                row_number() over (order by name_3.i, _15.i)
            from jsonb_array_elements(r.resource->'name') with ordinality as name_3 (v, i)
            cross join lateral jsonb_array_elements_text(name_3.v->'given') with ordinality as _15 (v, i)
        ) as item_3 (v, i)
        where mod(item_3.i - 1, nullif(2, 0)) = 0
        order by item_3.i
    ), null) as evens,
    (
        select _16.v
        from (
            select _20.v, row_number() over (order by _20.i)
            from (
                select
                    (array_agg(_19.v order by _19.i))[1],
                    min(_19.i)
                from (
                    select
                        _17.v,
                        row_number() over (order by _17.i)
                    from (
                        select _18.v::text, row_number() over (order by _18.place)
                        from (
                            select
                                r.resource->>'birthDate',
                                array[]::bigint[] || array[0]::bigint[]
                            where coalesce(r.resource->'birthDate', r.resource->'_birthDate') is not null
                            union all
                            select
                                case when (r.resource->>'deceasedDateTime') ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$' then (r.resource->>'deceasedDateTime') when (r.resource->>'deceasedDateTime') ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(T([0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?$' then split_part((r.resource->>'deceasedDateTime'), 'T', 1) end,
                                array[]::bigint[] || array[1]::bigint[]
                            where case when (r.resource->>'deceasedDateTime') ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$' then (r.resource->>'deceasedDateTime') when (r.resource->>'deceasedDateTime') ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(T([0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?$' then split_part((r.resource->>'deceasedDateTime'), 'T', 1) end is not null
                        ) as _18 (v, place)
                    ) as _17 (v, i)
                ) as _19 (v, i)
                group by _19.v
            ) as _20 (v, i)
        ) as _16 (v, i)
        order by _16.i
        limit 1
    )::character varying as born_when
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r

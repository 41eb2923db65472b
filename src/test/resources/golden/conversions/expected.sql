select
    (r.resource->>'id')::character varying as id,
    (
        select case when lower(_1.v) in ('true', 't', 'yes', 'y', '1', '1.0') then true when lower(_1.v) in ('false', 'f', 'no', 'n', '0', '0.0') then false end
        from (select case when r.resource->'identifier' is not null then coalesce(
            r.resource->'identifier'->0->>'value',
            (
                select identifier.v->>'value'
                from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier (v, i)
                where coalesce(identifier.v->'value', identifier.v->'_value') is not null
                order by identifier.i
                limit 1
            )
        ) end as v offset 0) as _1
    ) as to_boolean,
    (
        select case when _2.v ~ '^[+-]?[0-9]{1,10}$' and abs(_2.v::text::numeric) < 2147483648 then _2.v::text::numeric end
        from (select case when r.resource->'identifier' is not null then coalesce(
            r.resource->'identifier'->0->>'value',
            (
                select identifier_2.v->>'value'
                from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_2 (v, i)
                where coalesce(identifier_2.v->'value', identifier_2.v->'_value') is not null
                order by identifier_2.i
                limit 1
            )
        ) end as v offset 0) as _2
    )::integer as to_integer,
    (
        select case when _3.v ~ '^[+-]?[0-9]+([.][0-9]+)?$' then _3.v::text::numeric end
        from (select case when r.resource->'identifier' is not null then coalesce(
            r.resource->'identifier'->0->>'value',
            (
                select identifier_3.v->>'value'
                from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_3 (v, i)
                where coalesce(identifier_3.v->'value', identifier_3.v->'_value') is not null
                order by identifier_3.i
                limit 1
            )
        ) end as v offset 0) as _3
    )::text::character varying as to_decimal,
    (
        select case when _4.v ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$' then _4.v when _4.v ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(T([0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?$' then split_part(_4.v, 'T', 1) end
        from (select case when r.resource->'identifier' is not null then coalesce(
            r.resource->'identifier'->0->>'value',
            (
                select identifier_4.v->>'value'
                from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_4 (v, i)
                where coalesce(identifier_4.v->'value', identifier_4.v->'_value') is not null
                order by identifier_4.i
                limit 1
            )
        ) end as v offset 0) as _4
    )::character varying as to_date,
    (
        select case when _5.v ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(T([0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?$' then _5.v end
        from (select case when r.resource->'identifier' is not null then coalesce(
            r.resource->'identifier'->0->>'value',
            (
                select identifier_5.v->>'value'
                from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_5 (v, i)
                where coalesce(identifier_5.v->'value', identifier_5.v->'_value') is not null
                order by identifier_5.i
                limit 1
            )
        ) end as v offset 0) as _5
    )::character varying as to_datetime,
    (
        select case when _6.v ~ '^T?[0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?$' then ltrim(_6.v, 'T') end
        from (select case when r.resource->'identifier' is not null then coalesce(
            r.resource->'identifier'->0->>'value',
            (
                select identifier_6.v->>'value'
                from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_6 (v, i)
                where coalesce(identifier_6.v->'value', identifier_6.v->'_value') is not null
                order by identifier_6.i
                limit 1
            )
        ) end as v offset 0) as _6
    )::character varying as to_time,
    (
        select (
            select case when _8.v is not null then jsonb_build_object('value', (_8.v)[1]::numeric, 'code', coalesce(case rtrim((_8.v)[3], 's') when 'year' then 'year' when 'month' then 'month' when 'week' then 'wk' when 'day' then 'd' when 'hour' then 'h' when 'minute' then 'min' when 'second' then 's' when 'millisecond' then 'ms' else btrim((_8.v)[3], '''') end, '1')) end
            from (select (
                select regexp_match(_7.v, E'^([+-]?[0-9]+([.][0-9]+)?)\\s*(''[^'']+''|(?:year|month|week|day|hour|minute|second|millisecond)s?)?$')
            ) as v offset 0) as _8
        )
        from (select case when r.resource->'identifier' is not null then coalesce(
            r.resource->'identifier'->0->>'value',
            (
                select identifier_7.v->>'value'
                from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_7 (v, i)
                where coalesce(identifier_7.v->'value', identifier_7.v->'_value') is not null
                order by identifier_7.i
                limit 1
            )
        ) end as v offset 0) as _7
    ) as to_quantity,
    (
        select _9.v
        from (select case when r.resource->'identifier' is not null then coalesce(
            r.resource->'identifier'->0->>'value',
            (
                select identifier_8.v->>'value'
                from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_8 (v, i)
                where coalesce(identifier_8.v->'value', identifier_8.v->'_value') is not null
                order by identifier_8.i
                limit 1
            )
        ) end as v offset 0) as _9
    )::character varying as to_string,
    case when case when r.resource->'identifier' is not null then coalesce(
        r.resource->'identifier'->0->>'value',
        (
            select identifier_9.v->>'value'
            from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_9 (v, i)
            where coalesce(identifier_9.v->'value', identifier_9.v->'_value') is not null
            order by identifier_9.i
            limit 1
        )
    ) end is not null then (
        select case when lower(_10.v) in ('true', 't', 'yes', 'y', '1', '1.0') then true when lower(_10.v) in ('false', 'f', 'no', 'n', '0', '0.0') then false end
        from (select case when r.resource->'identifier' is not null then coalesce(
            r.resource->'identifier'->0->>'value',
            (
                select identifier_9.v->>'value'
                from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_9 (v, i)
                where coalesce(identifier_9.v->'value', identifier_9.v->'_value') is not null
                order by identifier_9.i
                limit 1
            )
        ) end as v offset 0) as _10
    ) is not null end as is_boolean,
    case when case when r.resource->'identifier' is not null then coalesce(
        r.resource->'identifier'->0->>'value',
        (
            select identifier_10.v->>'value'
            from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_10 (v, i)
            where coalesce(identifier_10.v->'value', identifier_10.v->'_value') is not null
            order by identifier_10.i
            limit 1
        )
    ) end is not null then (
        select case when _11.v ~ '^[+-]?[0-9]{1,10}$' and abs(_11.v::text::numeric) < 2147483648 then _11.v::text::numeric end
        from (select case when r.resource->'identifier' is not null then coalesce(
            r.resource->'identifier'->0->>'value',
            (
                select identifier_10.v->>'value'
                from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_10 (v, i)
                where coalesce(identifier_10.v->'value', identifier_10.v->'_value') is not null
                order by identifier_10.i
                limit 1
            )
        ) end as v offset 0) as _11
    ) is not null end as is_integer,
    case when case when r.resource->'identifier' is not null then coalesce(
        r.resource->'identifier'->0->>'value',
        (
            select identifier_11.v->>'value'
            from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_11 (v, i)
            where coalesce(identifier_11.v->'value', identifier_11.v->'_value') is not null
            order by identifier_11.i
            limit 1
        )
    ) end is not null then (
        select case when _12.v ~ '^[+-]?[0-9]+([.][0-9]+)?$' then _12.v::text::numeric end
        from (select case when r.resource->'identifier' is not null then coalesce(
            r.resource->'identifier'->0->>'value',
            (
                select identifier_11.v->>'value'
                from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_11 (v, i)
                where coalesce(identifier_11.v->'value', identifier_11.v->'_value') is not null
                order by identifier_11.i
                limit 1
            )
        ) end as v offset 0) as _12
    ) is not null end as is_decimal,
    case when case when r.resource->'identifier' is not null then coalesce(
        r.resource->'identifier'->0->>'value',
        (
            select identifier_12.v->>'value'
            from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_12 (v, i)
            where coalesce(identifier_12.v->'value', identifier_12.v->'_value') is not null
            order by identifier_12.i
            limit 1
        )
    ) end is not null then (
        select case when _13.v ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$' then _13.v when _13.v ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(T([0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?$' then split_part(_13.v, 'T', 1) end
        from (select case when r.resource->'identifier' is not null then coalesce(
            r.resource->'identifier'->0->>'value',
            (
                select identifier_12.v->>'value'
                from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_12 (v, i)
                where coalesce(identifier_12.v->'value', identifier_12.v->'_value') is not null
                order by identifier_12.i
                limit 1
            )
        ) end as v offset 0) as _13
    ) is not null end as is_date,
    case when case when r.resource->'identifier' is not null then coalesce(
        r.resource->'identifier'->0->>'value',
        (
            select identifier_13.v->>'value'
            from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_13 (v, i)
            where coalesce(identifier_13.v->'value', identifier_13.v->'_value') is not null
            order by identifier_13.i
            limit 1
        )
    ) end is not null then (
        select case when _14.v ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(T([0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?$' then _14.v end
        from (select case when r.resource->'identifier' is not null then coalesce(
            r.resource->'identifier'->0->>'value',
            (
                select identifier_13.v->>'value'
                from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_13 (v, i)
                where coalesce(identifier_13.v->'value', identifier_13.v->'_value') is not null
                order by identifier_13.i
                limit 1
            )
        ) end as v offset 0) as _14
    ) is not null end as is_datetime,
    case when case when r.resource->'identifier' is not null then coalesce(
        r.resource->'identifier'->0->>'value',
        (
            select identifier_14.v->>'value'
            from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_14 (v, i)
            where coalesce(identifier_14.v->'value', identifier_14.v->'_value') is not null
            order by identifier_14.i
            limit 1
        )
    ) end is not null then (
        select case when _15.v ~ '^T?[0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?$' then ltrim(_15.v, 'T') end
        from (select case when r.resource->'identifier' is not null then coalesce(
            r.resource->'identifier'->0->>'value',
            (
                select identifier_14.v->>'value'
                from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_14 (v, i)
                where coalesce(identifier_14.v->'value', identifier_14.v->'_value') is not null
                order by identifier_14.i
                limit 1
            )
        ) end as v offset 0) as _15
    ) is not null end as is_time,
    case when case when r.resource->'identifier' is not null then coalesce(
        r.resource->'identifier'->0->>'value',
        (
            select identifier_15.v->>'value'
            from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_15 (v, i)
            where coalesce(identifier_15.v->'value', identifier_15.v->'_value') is not null
            order by identifier_15.i
            limit 1
        )
    ) end is not null then (
        select (
            select case when _17.v is not null then jsonb_build_object('value', (_17.v)[1]::numeric, 'code', coalesce(case rtrim((_17.v)[3], 's') when 'year' then 'year' when 'month' then 'month' when 'week' then 'wk' when 'day' then 'd' when 'hour' then 'h' when 'minute' then 'min' when 'second' then 's' when 'millisecond' then 'ms' else btrim((_17.v)[3], '''') end, '1')) end
            from (select (
                select regexp_match(_16.v, E'^([+-]?[0-9]+([.][0-9]+)?)\\s*(''[^'']+''|(?:year|month|week|day|hour|minute|second|millisecond)s?)?$')
            ) as v offset 0) as _17
        )
        from (select case when r.resource->'identifier' is not null then coalesce(
            r.resource->'identifier'->0->>'value',
            (
                select identifier_15.v->>'value'
                from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_15 (v, i)
                where coalesce(identifier_15.v->'value', identifier_15.v->'_value') is not null
                order by identifier_15.i
                limit 1
            )
        ) end as v offset 0) as _16
    ) is not null end as is_quantity,
    case when case when r.resource->'identifier' is not null then coalesce(
        r.resource->'identifier'->0->>'value',
        (
            select identifier_16.v->>'value'
            from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_16 (v, i)
            where coalesce(identifier_16.v->'value', identifier_16.v->'_value') is not null
            order by identifier_16.i
            limit 1
        )
    ) end is not null then (
        select _18.v
        from (select case when r.resource->'identifier' is not null then coalesce(
            r.resource->'identifier'->0->>'value',
            (
                select identifier_16.v->>'value'
                from jsonb_array_elements(r.resource->'identifier') with ordinality as identifier_16 (v, i)
                where coalesce(identifier_16.v->'value', identifier_16.v->'_value') is not null
                order by identifier_16.i
                limit 1
            )
        ) end as v offset 0) as _18
    ) is not null end as is_string,
    case ((r.resource->'active')::boolean) when true then 1 when false then 0 end::integer as true_number,
    case ((r.resource->'multipleBirthInteger')::numeric) when 1 then true when 0 then false end as number_true,
    (r.resource->>'birthDate')::character varying as birth_moment
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r

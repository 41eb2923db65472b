select
    r.key::character varying as id,
    (node_2.i - 1)::integer as pos,
    (node_2.v->>'linkId')::character varying as link,
    case when node_2.v->'answer' is not null then coalesce(
        node_2.v->'answer'->0->>'valueString',
        (
            select answer_2.v->>'valueString'
            from jsonb_array_elements(node_2.v->'answer') with ordinality as answer_2 (v, i)
            where coalesce(answer_2.v->'valueString', answer_2.v->'_valueString') is not null
            order by answer_2.i
            limit 1
        )
    ) end::character varying as answer
from (
    select key, version, resource
    from resource
    where type = 'QuestionnaireResponse'
) as r
cross join lateral (
    with recursive _1 (v, place) as (
        select
            _2.v,
            array[]::bigint[] || array[0, _2.i]::bigint[]
        from jsonb_array_elements(r.resource->'item') with ordinality as _2 (v, i)
        union all
        select
            _5.v,
            _5.place
        from _1
        cross join lateral (
            select
                _3.v,
                _1.place || array[0, _3.i]::bigint[]
            from jsonb_array_elements(_1.v->'item') with ordinality as _3 (v, i)
            union all
            select
                _4.v,
                _1.place || array[1, answer.i, _4.i]::bigint[]
            from jsonb_array_elements(_1.v->'answer') with ordinality as answer (v, i)
            cross join lateral jsonb_array_elements(answer.v->'item') with ordinality as _4 (v, i)
        ) as _5 (v, place)
    )
    select v, row_number() over (order by place) from _1
) as node_2 (v, i)

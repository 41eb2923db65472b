select
    r.key::character varying as id,
    case when r.resource->'name' is not null then coalesce(
        r.resource->'name'->0->'given'->>0,
        (
            select _1.v
            from jsonb_array_elements(r.resource->'name') with ordinality as name (v, i)
            cross join lateral jsonb_array_elements_text(name.v->'given') with ordinality as _1 (v, i)
            order by name.i, _1.i
            limit 1
        )
    ) end::character varying as given,
    case when r.resource->'communication' is not null then coalesce(
        r.resource->'communication'->0->'language'->'coding'->0->>'code',
        (
            select coding.v->>'code'
            from jsonb_array_elements(r.resource->'communication') with ordinality as communication (v, i)
            cross join lateral jsonb_array_elements(communication.v->'language'->'coding') with ordinality as coding (v, i)
            where coalesce(coding.v->'code', coding.v->'_code') is not null
            order by communication.i, coding.i
            limit 1
        )
    ) end::character varying as language,
    case when r.resource->'telecom' is not null then coalesce(
        jsonb_path_query_first(r.resource, '$.telecom[*] ? (@.system == "phone")')->>'value',
        (
            select telecom.v->>'value'
            from jsonb_array_elements(r.resource->'telecom') with ordinality as telecom (v, i)
            where telecom.v->>'system' = 'phone'
              and coalesce(telecom.v->'value', telecom.v->'_value') is not null
            order by telecom.i
            limit 1
        )
    ) end::character varying as phone,
    (
        select telecom_3.v->>'value'
        from jsonb_array_elements(r.resource->'telecom') with ordinality as telecom_3 (v, i)
        where telecom_3.v->>'system' = 'email' and telecom_3.v->>'use' = 'home'
          and coalesce(telecom_3.v->'value', telecom_3.v->'_value') is not null
        order by telecom_3.i
        limit 1
    )::character varying as mail,
    case when r.resource->'extension' is not null then coalesce(
        (
            select coalesce(_2.v->>'valueString', _2.v->>'valueCode', _2.v->>'valueId', _2.v->>'valueMarkdown')
            from (select jsonb_path_query_first(r.resource, '$.extension[*] ? (@.url == "race").extension[*] ? (@.url == "text")') as v offset 0) as _2
        ),
        (
            select coalesce(extension_3.v->>'valueString', extension_3.v->>'valueCode', extension_3.v->>'valueId', extension_3.v->>'valueMarkdown')
            from jsonb_array_elements(r.resource->'extension') with ordinality as extension (v, i)
            cross join lateral jsonb_array_elements(extension.v->'extension') with ordinality as extension_3 (v, i)
            where extension.v->>'url' = 'race'
              and extension_3.v->>'url' = 'text'
              and coalesce(coalesce(extension_3.v->'valueString', extension_3.v->'_valueString'), coalesce(extension_3.v->'valueCode', extension_3.v->'_valueCode'), coalesce(extension_3.v->'valueId', extension_3.v->'_valueId'), coalesce(extension_3.v->'valueMarkdown', extension_3.v->'_valueMarkdown')) is not null
            order by extension.i, extension_3.i
            limit 1
        )
    ) end::character varying as race,
    case when r.resource->'telecom' is not null then coalesce(
        (r.resource->'telecom'->0->'rank')::numeric,
        (
            select (telecom_4.v->'rank')::numeric
            from jsonb_array_elements(r.resource->'telecom') with ordinality as telecom_4 (v, i)
            where coalesce(telecom_4.v->'rank', telecom_4.v->'_rank') is not null
            order by telecom_4.i
            limit 1
        )
    ) end::integer as rank,
    case when r.resource->'address' is not null then coalesce(
        r.resource->'address'->0->'period',
        (
            select address.v->'period'
            from jsonb_array_elements(r.resource->'address') with ordinality as address (v, i)
            where address.v->'period' is not null
            order by address.i
            limit 1
        )
    ) end as period,
    case when r.resource->'communication' is not null then coalesce(
        (r.resource->'communication'->0->'preferred')::boolean,
        (
            select (communication_2.v->'preferred')::boolean
            from jsonb_array_elements(r.resource->'communication') with ordinality as communication_2 (v, i)
            where coalesce(communication_2.v->'preferred', communication_2.v->'_preferred') is not null
            order by communication_2.i
            limit 1
        )
    ) end as preferred
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r

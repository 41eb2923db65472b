select
    (r.resource->>'id')::character varying as id,
    (
        select case when count(*) > 1 then ('rf: Multiple values found but not expected for column "points" of extensions' || left(r.key, 0))::integer::numeric else (array_agg(coalesce((extension.v->'valueInteger')::numeric, (extension.v->'valuePositiveInt')::numeric, (extension.v->'valueUnsignedInt')::numeric)))[1] end
        from jsonb_array_elements(r.resource->'extension') with ordinality as extension (v, i)
        where extension.v->>'url' = 'http://example.org/points'
          and coalesce(coalesce(extension.v->'valueInteger', extension.v->'_valueInteger'), coalesce(extension.v->'valuePositiveInt', extension.v->'_valuePositiveInt'), coalesce(extension.v->'valueUnsignedInt', extension.v->'_valueUnsignedInt')) is not null
    )::integer as points,
    (
        select case when count(*) > 1 then ('rf: Multiple values found but not expected for column "race" of extensions' || left(r.key, 0))::integer::text::text else (array_agg(coalesce(extension_4.v->>'valueString', extension_4.v->>'valueCode', extension_4.v->>'valueId', extension_4.v->>'valueMarkdown')))[1] end
        from jsonb_array_elements(r.resource->'extension') with ordinality as extension_3 (v, i)
        cross join lateral jsonb_array_elements(extension_3.v->'extension') with ordinality as extension_4 (v, i)
        where extension_3.v->>'url' = 'http://example.org/race'
          and extension_4.v->>'url' = 'text'
          and coalesce(coalesce(extension_4.v->'valueString', extension_4.v->'_valueString'), coalesce(extension_4.v->'valueCode', extension_4.v->'_valueCode'), coalesce(extension_4.v->'valueId', extension_4.v->'_valueId'), coalesce(extension_4.v->'valueMarkdown', extension_4.v->'_valueMarkdown')) is not null
    )::character varying as race,
    (
        select case when count(*) > 1 then ('rf: Multiple values found but not expected for column "time" of extensions' || left(r.key, 0))::integer::text::text else (array_agg(extension_5.v->>'valueDateTime'))[1] end
        from jsonb_array_elements(r.resource->'_birthDate'->'extension') with ordinality as extension_5 (v, i)
        where extension_5.v->>'url' = 'http://example.org/time'
          and coalesce(extension_5.v->'valueDateTime', extension_5.v->'_valueDateTime') is not null
    )::character varying as "time",
    array_remove(array(
        select (extension_6.v->'valueBoolean')::boolean
        from jsonb_array_elements(r.resource->'name') with ordinality as name (v, i)
        cross join lateral jsonb_array_elements_text(name.v->'given') with ordinality as given (v, i)
        cross join lateral jsonb_array_elements(name.v->'_given'->(given.i - 1)::integer->'extension') with ordinality as extension_6 (v, i)
        where extension_6.v->>'url' = 'http://example.org/call'
          and coalesce(extension_6.v->'valueBoolean', extension_6.v->'_valueBoolean') is not null
        order by name.i, given.i, extension_6.i
    ), null) as call
from (
    select key, version, resource
    from resource
    where type = 'Patient'
) as r

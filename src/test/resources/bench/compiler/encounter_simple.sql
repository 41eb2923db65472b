select key as id,
       d->'subject'->>'reference' as patient_ref,
       split_part(d->'subject'->>'reference', '/', 2) as patient_id,
       d->'class'->>'code' as class,
       coding->>'code' as code,
       coding->>'system' as system,
       coding->>'display' as display,
       d->'type'->0->>'text' as text,
       d->>'status' as status,
       d->'period'->>'start' as start,
       left(d->'period'->>'start', 10)::date as start_low,
       left(d->'period'->>'start', 10)::date as start_high,
       d->'period'->>'end' as "end",
       left(d->'period'->>'end', 10)::date as end_low,
       left(d->'period'->>'end', 10)::date as end_high,
       d->'reasonCode'->0->'coding'->0->>'code' as reason_code,
       d->'serviceProvider'->>'reference' as service_provider_ref
  from (select key, doc::jsonb as d from encounter offset 0) as resource
  left join lateral (select coding
                       from jsonb_array_elements(d->'type') as type,
                            jsonb_array_elements(type->'coding') as coding) as codings on true

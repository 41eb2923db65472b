select key as id,
       d->>'gender' as gender,
       d->>'birthDate' as birth_date,
       (d->>'birthDate')::date as birth_date_low,
       (d->>'birthDate')::date as birth_date_high,
       d->'name'->0->>'family' as family,
       (select string_agg(given, ' ') from jsonb_array_elements_text(d->'name'->0->'given') as given) as given,
       (d->'active')::boolean as active,
       nullif(d ? 'deceasedDateTime', false) as deceased
  from (select key, doc::jsonb as d from patient offset 0) as resource

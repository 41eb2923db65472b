select key as id,
       d->'subject'->>'reference' as patient_ref,
       split_part(d->'subject'->>'reference', '/', 2) as patient_id,
       coding->>'code' as code,
       coding->>'system' as system,
       coding->>'display' as display,
       d->'medicationCodeableConcept'->>'text' as text,
       d->'medicationReference'->>'reference' as medication_ref,
       d->>'status' as status,
       d->>'intent' as intent,
       d->'category'->0->'coding'->0->>'code' as category,
       d->>'authoredOn' as authored_on,
       left(d->>'authoredOn', 10)::date as authored_on_low,
       left(d->>'authoredOn', 10)::date as authored_on_high,
       d->'dosageInstruction'->0->>'text' as dosage,
       d->'encounter'->>'reference' as encounter_ref,
       split_part(d->'encounter'->>'reference', '/', 2) as encounter_id
  from (select key, doc::jsonb as d from medicationrequest offset 0) as resource
  left join lateral jsonb_array_elements(d->'medicationCodeableConcept'->'coding') as coding on true

/*---
description: How many patients there are of each gender, with the conditions that were recorded of them
schema: sqlonfhir
depends-on: [patient_simple, condition_simple]
refresh-interval: 6h
columns:
  gender: Administrative gender, or unknown where it is not recorded
  patients: "count(*) of the patients"
  conditions: "count(*) of their conditions"
---*/
with recorded as (
       select patient_id, count(*) as conditions
         from condition_simple
        group by patient_id)
select coalesce(p.gender, 'unknown') as gender,
       count(*) as patients,
       sum(coalesce(r.conditions, 0)) as conditions
  from patient_simple p
  left join recorded r on r.patient_id = p.id
 group by 1

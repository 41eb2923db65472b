/*---
description: How many patients there are of each gender
unique-key: [gender]
indexes: [patients]
depends-on: [patient_simple]
refresh-interval: 6h
columns:
  patients: "count(*) of the patients"
---*/
select coalesce(gender, 'unknown') as gender, count(*) as patients
  from patient_simple
 group by 1

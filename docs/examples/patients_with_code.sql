/*---
description: Patients with a condition of this code, and how often it was recorded
depends-on: [condition_simple, patient_simple]
parameters:
  code: string
  born_before: date?
---*/
select p.id, p.gender, p.birth_date, count(*) as conditions
  from condition_simple c
  join patient_simple p on p.id = c.patient_id
 where c.code = :code
   and (:born_before is null or p.birth_date_high < :born_before)
 group by p.id, p.gender, p.birth_date
 order by p.id

/*---
schema: efir_budget
description: >-
  Key figures of each live budget version: enrolment, classes, teaching hours, teachers and finance, one row a version.
  What is deleted counts nowhere. A ratio whose divisor is 0 is null.
unique-key: [budget_version_id]
indexes:
  - [fiscal_year, status]
depends-on:
  - efir_budget.budget_version
  - efir_budget.enrollment_plan
  - efir_budget.class_structure
  - efir_budget.dhg_subject_hours
  - efir_budget.dhg_teacher_requirement
  - efir_budget.teacher_allocation
  - efir_budget.revenue_plan
  - efir_budget.personnel_cost_plan
  - efir_budget.operating_cost_plan
  - efir_budget.capex_plan
refresh-interval: 1h
thresholds:
  max-duration: 5s
  max-size: 50
columns:
  budget_version_id: The version
  version_name: Its name
  fiscal_year: The fiscal year that it plans
  status: draft, submitted, approved or archived
  total_students: "sum(enrollment_plan.student_count)"
  maternelle_students: "sum(student_count) of the cycle maternelle"
  elementaire_students: "sum(student_count) of the cycle elementaire"
  college_students: "sum(student_count) of the cycle college"
  lycee_students: "sum(student_count) of the cycle lycee"
  secondary_students: "college_students + lycee_students"
  french_students: "sum(student_count) of the nationality french"
  french_share_pct: "round(100 * french_students / total_students, 2)"
  total_classes: "sum(class_structure.class_count)"
  secondary_classes: "sum(class_count) of the cycles college and lycee"
  total_capacity: "sum(class_count * class_capacity)"
  average_class_size: "round(total_students / total_classes, 2)"
  capacity_utilization_pct: "round(100 * total_students / total_capacity, 2)"
  dhg_hours: "sum(dhg_subject_hours.weekly_hours)"
  secondary_dhg_hours: "sum(weekly_hours) of the cycles college and lycee"
  he_ratio: "H/E, hours per student: round(dhg_hours / total_students, 4)"
  secondary_he_ratio: "H/E of the secondary cycles: round(secondary_dhg_hours / secondary_students, 4)"
  hours_per_class: "round(secondary_dhg_hours / secondary_classes, 2)"
  required_fte: "sum(dhg_teacher_requirement.required_fte)"
  overtime_hours: "sum(dhg_teacher_requirement.overtime_hours)"
  allocated_fte: "sum(teacher_allocation.fte)"
  aefe_detached_fte: "sum(fte) of the category aefe_detached"
  aefe_funded_fte: "sum(fte) of the category aefe_funded"
  local_fte: "sum(fte) of the category local"
  fte_gap: "allocated_fte - required_fte"
  allocation_coverage_pct: "round(100 * allocated_fte / required_fte, 2)"
  students_per_teacher: "round(total_students / allocated_fte, 2)"
  total_revenue: "sum(revenue_plan.amount)"
  tuition_revenue: "sum(revenue_plan.amount) of the category tuition"
  personnel_cost: "sum(personnel_cost_plan.amount)"
  teaching_cost: "sum(personnel_cost_plan.amount) of the category teaching"
  operating_cost: "sum(operating_cost_plan.amount)"
  total_cost: "personnel_cost + operating_cost"
  capital_expenditure: "sum(capex_plan.amount)"
  annual_depreciation: "round(sum(capex_plan.amount / useful_life_years), 2)"
  budget_margin: "total_revenue - total_cost"
  budget_margin_pct: "round(100 * budget_margin / total_revenue, 2)"
  margin_after_capex: "budget_margin - capital_expenditure"
  revenue_per_student: "round(total_revenue / total_students, 2)"
  tuition_per_student: "round(tuition_revenue / total_students, 2)"
  cost_per_student: "round(total_cost / total_students, 2)"
  personnel_cost_per_student: "round(personnel_cost / total_students, 2)"
  operating_cost_per_student: "round(operating_cost / total_students, 2)"
  capex_per_student: "round(capital_expenditure / total_students, 2)"
  personnel_cost_share_pct: "round(100 * personnel_cost / total_cost, 2)"
  tuition_share_pct: "round(100 * tuition_revenue / total_revenue, 2)"
  cost_per_class: "round(total_cost / total_classes, 2)"
---*/
-- Each table is summed up by itself before they are joined: joined first, their rows would multiply.
with enrollment as (
       select budget_version_id,
              sum(student_count) as total_students,
              sum(student_count) filter (where cycle = 'maternelle') as maternelle_students,
              sum(student_count) filter (where cycle = 'elementaire') as elementaire_students,
              sum(student_count) filter (where cycle = 'college') as college_students,
              sum(student_count) filter (where cycle = 'lycee') as lycee_students,
              sum(student_count) filter (where nationality = 'french') as french_students
         from efir_budget.enrollment_plan
        where deleted_at is null
        group by budget_version_id),
     classes as (
       select budget_version_id,
              sum(class_count) as total_classes,
              sum(class_count) filter (where cycle in ('college', 'lycee')) as secondary_classes,
              sum(class_count::bigint * class_capacity) as total_capacity
         from efir_budget.class_structure
        where deleted_at is null
        group by budget_version_id),
     hours as (
       select budget_version_id,
              sum(weekly_hours) as dhg_hours,
              sum(weekly_hours) filter (where cycle in ('college', 'lycee')) as secondary_dhg_hours
         from efir_budget.dhg_subject_hours
        where deleted_at is null
        group by budget_version_id),
     requirement as (
       select budget_version_id, sum(required_fte) as required_fte, sum(overtime_hours) as overtime_hours
         from efir_budget.dhg_teacher_requirement
        where deleted_at is null
        group by budget_version_id),
     allocation as (
       select budget_version_id,
              sum(fte) as allocated_fte,
              sum(fte) filter (where category = 'aefe_detached') as aefe_detached_fte,
              sum(fte) filter (where category = 'aefe_funded') as aefe_funded_fte,
              sum(fte) filter (where category = 'local') as local_fte
         from efir_budget.teacher_allocation
        where deleted_at is null
        group by budget_version_id),
     revenue as (
       select budget_version_id,
              sum(amount) as total_revenue,
              sum(amount) filter (where category = 'tuition') as tuition_revenue
         from efir_budget.revenue_plan
        where deleted_at is null
        group by budget_version_id),
     personnel as (
       select budget_version_id,
              sum(amount) as personnel_cost,
              sum(amount) filter (where category = 'teaching') as teaching_cost
         from efir_budget.personnel_cost_plan
        where deleted_at is null
        group by budget_version_id),
     operating as (
       select budget_version_id, sum(amount) as operating_cost
         from efir_budget.operating_cost_plan
        where deleted_at is null
        group by budget_version_id),
     capex as (
       select budget_version_id,
              sum(amount) as capital_expenditure,
              sum(amount / useful_life_years) as annual_depreciation
         from efir_budget.capex_plan
        where deleted_at is null
        group by budget_version_id),
     summed as (
       select v.id as budget_version_id,
              v.name as version_name,
              v.fiscal_year,
              v.status,
              coalesce(total_students, 0) as total_students,
              coalesce(maternelle_students, 0) as maternelle_students,
              coalesce(elementaire_students, 0) as elementaire_students,
              coalesce(college_students, 0) as college_students,
              coalesce(lycee_students, 0) as lycee_students,
              coalesce(college_students, 0) + coalesce(lycee_students, 0) as secondary_students,
              coalesce(french_students, 0) as french_students,
              coalesce(total_classes, 0) as total_classes,
              coalesce(secondary_classes, 0) as secondary_classes,
              coalesce(total_capacity, 0) as total_capacity,
              coalesce(dhg_hours, 0) as dhg_hours,
              coalesce(secondary_dhg_hours, 0) as secondary_dhg_hours,
              coalesce(required_fte, 0) as required_fte,
              coalesce(overtime_hours, 0) as overtime_hours,
              coalesce(allocated_fte, 0) as allocated_fte,
              coalesce(aefe_detached_fte, 0) as aefe_detached_fte,
              coalesce(aefe_funded_fte, 0) as aefe_funded_fte,
              coalesce(local_fte, 0) as local_fte,
              coalesce(total_revenue, 0) as total_revenue,
              coalesce(tuition_revenue, 0) as tuition_revenue,
              coalesce(personnel_cost, 0) as personnel_cost,
              coalesce(teaching_cost, 0) as teaching_cost,
              coalesce(operating_cost, 0) as operating_cost,
              coalesce(personnel_cost, 0) + coalesce(operating_cost, 0) as total_cost,
              coalesce(capital_expenditure, 0) as capital_expenditure,
              round(coalesce(annual_depreciation, 0), 2) as annual_depreciation
         from efir_budget.budget_version v
         left join enrollment e on e.budget_version_id = v.id
         left join classes c on c.budget_version_id = v.id
         left join hours h on h.budget_version_id = v.id
         left join requirement q on q.budget_version_id = v.id
         left join allocation a on a.budget_version_id = v.id
         left join revenue r on r.budget_version_id = v.id
         left join personnel p on p.budget_version_id = v.id
         left join operating o on o.budget_version_id = v.id
         left join capex x on x.budget_version_id = v.id
        where v.deleted_at is null)
select budget_version_id,
       version_name,
       fiscal_year,
       status,
       total_students,
       maternelle_students,
       elementaire_students,
       college_students,
       lycee_students,
       secondary_students,
       french_students,
       round(100.0 * french_students / nullif(total_students, 0), 2) as french_share_pct,
       total_classes,
       secondary_classes,
       total_capacity,
       round(total_students::numeric / nullif(total_classes, 0), 2) as average_class_size,
       round(100.0 * total_students / nullif(total_capacity, 0), 2) as capacity_utilization_pct,
       dhg_hours,
       secondary_dhg_hours,
       round(dhg_hours / nullif(total_students, 0), 4) as he_ratio,
       round(secondary_dhg_hours / nullif(secondary_students, 0), 4) as secondary_he_ratio,
       round(secondary_dhg_hours / nullif(secondary_classes, 0), 2) as hours_per_class,
       required_fte,
       overtime_hours,
       allocated_fte,
       aefe_detached_fte,
       aefe_funded_fte,
       local_fte,
       allocated_fte - required_fte as fte_gap,
       round(100 * allocated_fte / nullif(required_fte, 0), 2) as allocation_coverage_pct,
       round(total_students / nullif(allocated_fte, 0), 2) as students_per_teacher,
       total_revenue,
       tuition_revenue,
       personnel_cost,
       teaching_cost,
       operating_cost,
       total_cost,
       capital_expenditure,
       annual_depreciation,
       total_revenue - total_cost as budget_margin,
       round(100 * (total_revenue - total_cost) / nullif(total_revenue, 0), 2) as budget_margin_pct,
       total_revenue - total_cost - capital_expenditure as margin_after_capex,
       round(total_revenue / nullif(total_students, 0), 2) as revenue_per_student,
       round(tuition_revenue / nullif(total_students, 0), 2) as tuition_per_student,
       round(total_cost / nullif(total_students, 0), 2) as cost_per_student,
       round(personnel_cost / nullif(total_students, 0), 2) as personnel_cost_per_student,
       round(operating_cost / nullif(total_students, 0), 2) as operating_cost_per_student,
       round(capital_expenditure / nullif(total_students, 0), 2) as capex_per_student,
       round(100 * personnel_cost / nullif(total_cost, 0), 2) as personnel_cost_share_pct,
       round(100 * tuition_revenue / nullif(total_revenue, 0), 2) as tuition_share_pct,
       round(total_cost / nullif(total_classes, 0), 2) as cost_per_class
  from summed

/*---
schema: efir_budget
description: Hours, teachers needed and teachers allocated by live budget version and subject.
unique-key: [budget_version_id, subject_code]
indexes:
  - [fiscal_year, status]
depends-on:
  - efir_budget.budget_version
  - efir_budget.dhg_subject_hours
  - efir_budget.dhg_teacher_requirement
  - efir_budget.teacher_allocation
refresh-interval: 1h
columns:
  budget_version_id: The version
  fiscal_year: The fiscal year that it plans
  status: draft, submitted, approved or archived
  subject_code: The subject
  weekly_hours: "sum(dhg_subject_hours.weekly_hours)"
  required_fte: "sum(dhg_teacher_requirement.required_fte)"
  overtime_hours: "sum(dhg_teacher_requirement.overtime_hours)"
  allocated_fte: "sum(teacher_allocation.fte)"
  fte_gap: "allocated_fte - required_fte"
  coverage_pct: "round(100 * allocated_fte / required_fte, 2)"
  hours_per_fte: "round(weekly_hours / allocated_fte, 2)"
---*/
with part as (
       select budget_version_id, subject_code, weekly_hours, 0 as required_fte, 0 as overtime_hours, 0 as fte
         from efir_budget.dhg_subject_hours
        where deleted_at is null
        union all
       select budget_version_id, subject_code, 0, required_fte, overtime_hours, 0
         from efir_budget.dhg_teacher_requirement
        where deleted_at is null
        union all
       select budget_version_id, subject_code, 0, 0, 0, fte
         from efir_budget.teacher_allocation
        where deleted_at is null),
     summed as (
       select budget_version_id, subject_code, sum(weekly_hours) as weekly_hours, sum(required_fte) as required_fte,
              sum(overtime_hours) as overtime_hours, sum(fte) as allocated_fte
         from part
        group by budget_version_id, subject_code)
select v.id as budget_version_id,
       v.fiscal_year,
       v.status,
       s.subject_code,
       s.weekly_hours,
       s.required_fte,
       s.overtime_hours,
       s.allocated_fte,
       s.allocated_fte - s.required_fte as fte_gap,
       round(100 * s.allocated_fte / nullif(s.required_fte, 0), 2) as coverage_pct,
       round(s.weekly_hours / nullif(s.allocated_fte, 0), 2) as hours_per_fte
  from summed s
  join efir_budget.budget_version v on v.id = s.budget_version_id and v.deleted_at is null

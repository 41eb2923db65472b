/*---
schema: efir_budget
description: >-
  Students by fiscal year and level, in the year's reference version: its newest approved live version, else its newest
  live one.
unique-key: [fiscal_year, level_code]
indexes:
  - [cycle, fiscal_year]
depends-on:
  - efir_budget.budget_version
  - efir_budget.enrollment_plan
refresh-interval: 1h
columns:
  fiscal_year: The fiscal year
  level_code: The level
  cycle: maternelle, elementaire, college or lycee
  budget_version_id: The year's reference version
  students: "sum(student_count) of the level"
  students_year_before: "students of the level in the fiscal year before, if that has a reference version with it"
  change: "students - students_year_before"
  growth_pct: "round(100 * change / students_year_before, 2)"
---*/
with reference as (
       select distinct on (fiscal_year) fiscal_year, id
         from efir_budget.budget_version
        where deleted_at is null
        order by fiscal_year, (status = 'approved') desc, id desc),
     level as (
       select r.fiscal_year, e.level_code, min(e.cycle) as cycle, r.id as budget_version_id,
              sum(e.student_count) as students
         from reference r
         join efir_budget.enrollment_plan e on e.budget_version_id = r.id and e.deleted_at is null
        group by r.fiscal_year, e.level_code, r.id)
select l.fiscal_year,
       l.level_code,
       l.cycle,
       l.budget_version_id,
       l.students,
       b.students as students_year_before,
       l.students - b.students as change,
       round(100.0 * (l.students - b.students) / nullif(b.students, 0), 2) as growth_pct
  from level l
  left join level b on b.fiscal_year = l.fiscal_year - 1 and b.level_code = l.level_code

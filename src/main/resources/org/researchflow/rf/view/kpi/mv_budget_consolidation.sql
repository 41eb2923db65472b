/*---
schema: efir_budget
description: >-
  Amounts of each live budget version by consolidation category and account of the plan comptable général. What is
  deleted counts nowhere.
unique-key: [budget_version_id, consolidation_category, account_code]
indexes:
  - [budget_version_id, account_code]
  - consolidation_category
  - [fiscal_year, status]
depends-on:
  - efir_budget.budget_version
  - efir_budget.revenue_plan
  - efir_budget.personnel_cost_plan
  - efir_budget.operating_cost_plan
  - efir_budget.capex_plan
refresh-interval: 1h
columns:
  budget_version_id: The version
  version_name: Its name
  fiscal_year: The fiscal year that it plans
  status: draft, submitted, approved or archived
  section: revenue, personnel, operating or capital
  consolidation_category: "section || '_' || category of the planned line"
  account_code: The account of the plan comptable général
  line_count: "count(*) of the planned lines"
  amount: "sum(amount) of the planned lines"
  signed_amount: "amount of revenue, and -amount of what is spent"
  section_amount: "sum(amount) over the version's section"
  section_share_pct: "round(100 * amount / section_amount, 2)"
---*/
with line as (
       select budget_version_id, 'revenue' as section, category, account_code, amount
         from efir_budget.revenue_plan
        where deleted_at is null
        union all
       select budget_version_id, 'personnel', category, account_code, amount
         from efir_budget.personnel_cost_plan
        where deleted_at is null
        union all
       select budget_version_id, 'operating', category, account_code, amount
         from efir_budget.operating_cost_plan
        where deleted_at is null
        union all
       select budget_version_id, 'capital', category, account_code, amount
         from efir_budget.capex_plan
        where deleted_at is null),
     summed as (
       select budget_version_id, section, section || '_' || category as consolidation_category, account_code,
              count(*) as line_count, sum(amount) as amount
         from line
        group by budget_version_id, section, category, account_code)
select v.id as budget_version_id,
       v.name as version_name,
       v.fiscal_year,
       v.status,
       s.section,
       s.consolidation_category,
       s.account_code,
       s.line_count,
       s.amount,
       case when s.section = 'revenue' then s.amount else -s.amount end as signed_amount,
       sum(s.amount) over section as section_amount,
       round(100 * s.amount / nullif(sum(s.amount) over section, 0), 2) as section_share_pct
  from summed s
  join efir_budget.budget_version v on v.id = s.budget_version_id and v.deleted_at is null
window section as (partition by v.id, s.section)

/*---
schema: efir_budget
description: Financial ratios of each live budget version, out of mv_kpi_dashboard.
unique-key: [budget_version_id]
indexes:
  - [fiscal_year, status]
depends-on: [mv_kpi_dashboard]
refresh-interval: 1h
columns:
  budget_version_id: The version
  fiscal_year: The fiscal year that it plans
  status: draft, submitted, approved or archived
  cost_coverage: "round(total_revenue / total_cost, 4)"
  personnel_to_revenue_pct: "round(100 * personnel_cost / total_revenue, 2)"
  operating_to_revenue_pct: "round(100 * operating_cost / total_revenue, 2)"
  capex_to_revenue_pct: "round(100 * capital_expenditure / total_revenue, 2)"
  depreciation_to_revenue_pct: "round(100 * annual_depreciation / total_revenue, 2)"
  cost_per_dhg_hour: "round(teaching_cost / dhg_hours, 2)"
  cost_per_allocated_fte: "round(teaching_cost / allocated_fte, 2)"
  break_even_students: "students whose revenue covers the costs: ceil(total_cost * total_students / total_revenue)"
---*/
select budget_version_id,
       fiscal_year,
       status,
       round(total_revenue / nullif(total_cost, 0), 4) as cost_coverage,
       round(100 * personnel_cost / nullif(total_revenue, 0), 2) as personnel_to_revenue_pct,
       round(100 * operating_cost / nullif(total_revenue, 0), 2) as operating_to_revenue_pct,
       round(100 * capital_expenditure / nullif(total_revenue, 0), 2) as capex_to_revenue_pct,
       round(100 * annual_depreciation / nullif(total_revenue, 0), 2) as depreciation_to_revenue_pct,
       round(teaching_cost / nullif(dhg_hours, 0), 2) as cost_per_dhg_hour,
       round(teaching_cost / nullif(allocated_fte, 0), 2) as cost_per_allocated_fte,
       ceil(total_cost * nullif(total_students, 0) / nullif(total_revenue, 0)) as break_even_students
  from mv_kpi_dashboard

-- An invented school network, by arithmetic alone: the same rows wherever it runs. One version in nine is deleted, one
-- in eleven has no enrolment yet, and one row in thirteen of what versions plan is deleted.
insert into efir_budget.budget_version (id, name, fiscal_year, status, created_at, deleted_at)
select v,
       'Budget ' || 2020 + v % 7 || ' v' || 1 + v / 7,
       2020 + v % 7,
       (array['draft', 'submitted', 'approved', 'archived'])[1 + v * 5 % 4],
       timestamptz '2025-01-01 08:00:00+00' + v * interval '3 days',
       case when v % 9 = 0 then timestamptz '2026-03-01 08:00:00+00' end
  from generate_series(1, current_setting('rf.budget_versions')::integer) v;
select setval(pg_get_serial_sequence('efir_budget.budget_version', 'id'),
              greatest((select max(id) from efir_budget.budget_version), 1));

insert into efir_budget.enrollment_plan (budget_version_id, level_code, cycle, nationality, student_count, deleted_at)
select b.id, l.code, l.cycle, n.nationality,
       (14 + (b.id * 7 + l.n * 11 + n.k * 17) % 23) * n.weight,
       case when (b.id * 3 + l.n * 5 + n.k) % 13 = 0 then timestamptz '2026-03-02 08:00:00+00' end
  from efir_budget.budget_version b
 cross join (values (1, 'PS', 'maternelle'), (2, 'MS', 'maternelle'), (3, 'GS', 'maternelle'),
                    (4, 'CP', 'elementaire'), (5, 'CE1', 'elementaire'), (6, 'CE2', 'elementaire'),
                    (7, 'CM1', 'elementaire'), (8, 'CM2', 'elementaire'),
                    (9, '6EME', 'college'), (10, '5EME', 'college'), (11, '4EME', 'college'), (12, '3EME', 'college'),
                    (13, '2NDE', 'lycee'), (14, '1ERE', 'lycee'), (15, 'TLE', 'lycee')) l (n, code, cycle)
 cross join (values (1, 'french', 2), (2, 'host', 2), (3, 'other', 1)) n (k, nationality, weight)
 where b.id % 11 <> 0;

insert into efir_budget.class_structure (budget_version_id, level_code, cycle, class_count, class_capacity, deleted_at)
select b.id, l.code, l.cycle, 3 + (b.id + l.n) % 4, 24 + l.n % 3 * 2,
       case when (b.id * 2 + l.n) % 13 = 0 then timestamptz '2026-03-02 08:00:00+00' end
  from efir_budget.budget_version b
 cross join (values (1, 'PS', 'maternelle'), (2, 'MS', 'maternelle'), (3, 'GS', 'maternelle'),
                    (4, 'CP', 'elementaire'), (5, 'CE1', 'elementaire'), (6, 'CE2', 'elementaire'),
                    (7, 'CM1', 'elementaire'), (8, 'CM2', 'elementaire'),
                    (9, '6EME', 'college'), (10, '5EME', 'college'), (11, '4EME', 'college'), (12, '3EME', 'college'),
                    (13, '2NDE', 'lycee'), (14, '1ERE', 'lycee'), (15, 'TLE', 'lycee')) l (n, code, cycle);

insert into efir_budget.dhg_subject_hours (
       budget_version_id, level_code, cycle, subject_code, weekly_hours, deleted_at)
select b.id, l.code, l.cycle, s.code, (3 + (b.id + l.n) % 4) * s.hours,
       case when (b.id + l.n * 3 + s.n * 7) % 13 = 0 then timestamptz '2026-03-02 08:00:00+00' end
  from efir_budget.budget_version b
 cross join (values (9, '6EME', 'college'), (10, '5EME', 'college'), (11, '4EME', 'college'), (12, '3EME', 'college'),
                    (13, '2NDE', 'lycee'), (14, '1ERE', 'lycee'), (15, 'TLE', 'lycee')) l (n, code, cycle)
 cross join (values (1, 'FRANCAIS', 4.5), (2, 'MATHS', 4.0), (3, 'HIST_GEO', 3.0), (4, 'ANGLAIS', 3.0),
                    (5, 'ARABE', 2.5), (6, 'SVT', 1.5), (7, 'PHYSIQUE', 2.0), (8, 'EPS', 3.0),
                    (9, 'TECHNO', 1.0), (10, 'ARTS', 1.0)) s (n, code, hours);

insert into efir_budget.dhg_teacher_requirement (
       budget_version_id, subject_code, required_fte, overtime_hours, deleted_at)
select b.id, s.code, round((100.0 + (b.id * 13 + s.n * 7) % 60) * s.weight / 18, 2), (b.id + s.n * 3) % 7,
       case when (b.id + s.n) % 13 = 0 then timestamptz '2026-03-02 08:00:00+00' end
  from efir_budget.budget_version b
 cross join (values (1, 'FRANCAIS', 1.5), (2, 'MATHS', 1.3), (3, 'HIST_GEO', 1.0), (4, 'ANGLAIS', 1.0),
                    (5, 'ARABE', 0.8), (6, 'SVT', 0.5), (7, 'PHYSIQUE', 0.7), (8, 'EPS', 1.0),
                    (9, 'TECHNO', 0.3), (10, 'ARTS', 0.3)) s (n, code, weight);

insert into efir_budget.teacher_allocation (budget_version_id, subject_code, category, fte, deleted_at)
select b.id, s.code, c.category, round((1 + (b.id * 5 + s.n * 3 + c.n) % 9) * 0.5, 2),
       case when (b.id * 4 + s.n + c.n * 5) % 13 = 0 then timestamptz '2026-03-02 08:00:00+00' end
  from efir_budget.budget_version b
 cross join (values (1, 'FRANCAIS'), (2, 'MATHS'), (3, 'HIST_GEO'), (4, 'ANGLAIS'), (5, 'ARABE'),
                    (6, 'SVT'), (7, 'PHYSIQUE'), (8, 'EPS'), (10, 'ARTS')) s (n, code)
 cross join (values (1, 'aefe_detached'), (2, 'aefe_funded'), (3, 'local')) c (n, category);

insert into efir_budget.revenue_plan (budget_version_id, account_code, category, amount, deleted_at)
select b.id, a.code, a.category, round((a.thousands + (b.id * 31 + a.n * 17 + t.n * 7) % 97) * 1000.0 + b.id * 0.37, 2),
       case when (b.id + a.n + t.n * 2) % 13 = 0 then timestamptz '2026-03-02 08:00:00+00' end
  from efir_budget.budget_version b
 cross join (values (1, '70110', 'tuition', 9500), (2, '70120', 'tuition', 5200), (3, '70130', 'tuition', 3100),
                    (4, '70200', 'fees', 700), (5, '70210', 'fees', 450), (6, '70800', 'other', 260),
                    (7, '75000', 'other', 120)) a (n, code, category, thousands)
 cross join generate_series(1, 3) t (n);

insert into efir_budget.personnel_cost_plan (budget_version_id, account_code, category, amount, deleted_at)
select b.id, a.code, a.category, round((a.thousands + (b.id * 29 + a.n * 13 + t.n * 5) % 89) * 1000.0 + b.id * 0.19, 2),
       case when (b.id * 2 + a.n + t.n) % 13 = 0 then timestamptz '2026-03-02 08:00:00+00' end
  from efir_budget.budget_version b
 cross join (values (1, '64110', 'teaching', 6200), (2, '64115', 'teaching', 3400), (3, '64130', 'administration', 1500),
                    (4, '64140', 'support', 800), (5, '64500', 'teaching', 1100),
                    (6, '64500', 'administration', 300)) a (n, code, category, thousands)
 cross join generate_series(1, 3) t (n);

insert into efir_budget.operating_cost_plan (budget_version_id, account_code, category, amount, deleted_at)
select b.id, a.code, a.category, round((a.thousands + (b.id * 23 + a.n * 11 + t.n * 3) % 83) * 1000.0 + b.id * 0.11, 2),
       case when (b.id + a.n * 2 + t.n) % 13 = 0 then timestamptz '2026-03-02 08:00:00+00' end
  from efir_budget.budget_version b
 cross join (values (1, '60610', 'utilities', 420), (2, '60630', 'supplies', 310), (3, '61320', 'other', 980),
                    (4, '61500', 'maintenance', 270), (5, '61600', 'other', 190), (6, '62600', 'other', 85),
                    (7, '60680', 'supplies', 140)) a (n, code, category, thousands)
 cross join generate_series(1, 3) t (n);

insert into efir_budget.capex_plan (budget_version_id, account_code, category, amount, useful_life_years, deleted_at)
select b.id, a.code, a.category, round((a.thousands + (b.id * 19 + a.n * 7 + t.n) % 71) * 1000.0, 2), a.years,
       case when (b.id + a.n + t.n) % 13 = 0 then timestamptz '2026-03-02 08:00:00+00' end
  from efir_budget.budget_version b
 cross join (values (1, '20500', 'it', 90, 3), (2, '21540', 'equipment', 210, 7), (3, '21830', 'it', 330, 4),
                    (4, '21840', 'furniture', 120, 10), (5, '21310', 'building', 900, 25)) a (n, code, category, thousands, years)
 cross join generate_series(1, 2) t (n);

package org.researchflow.rf.acceptance;

import static java.math.BigDecimal.ZERO;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.researchflow.rf.TestDatabase;

/** The views of the pack {@code kpi}, computed in Java out of the tables' live rows, one by one. */
record BudgetOracle(List<Row> versions, Map<String, List<Row>> children) {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private static final List<String> CHILDREN = List.of(
            "enrollment_plan",
            "class_structure",
            "dhg_subject_hours",
            "dhg_teacher_requirement",
            "teacher_allocation",
            "revenue_plan",
            "personnel_cost_plan",
            "operating_cost_plan",
            "capex_plan");

    private static final Map<String, String> SECTIONS = Map.of(
            "revenue_plan", "revenue",
            "personnel_cost_plan", "personnel",
            "operating_cost_plan", "operating",
            "capex_plan", "capital");

    /** A row; numbers are without superfluous zeros, nulls are empty texts. */
    record Row(Map<String, Object> columns) {
        Object get(String column) {
            return columns.getOrDefault(column, "");
        }

        boolean is(String column, Object... values) {
            return List.of(values).contains(get(column));
        }

        BigDecimal number(String column) {
            return (BigDecimal) get(column);
        }
    }

    static BudgetOracle read(TestDatabase database) throws SQLException {
        Map<String, List<Row>> children = new TreeMap<>();
        for (String table : CHILDREN) {
            children.put(table, live(database, table));
        }
        return new BudgetOracle(live(database, "budget_version"), children);
    }

    private static List<Row> live(TestDatabase database, String table) throws SQLException {
        List<Row> live = new ArrayList<>();
        for (Map<String, Object> row : rows(database, "select * from efir_budget." + table)) {
            if (row.get("deleted_at").equals("")) {
                live.add(new Row(row));
            }
        }
        return live;
    }

    /** The rows of a query. */
    static List<Map<String, Object>> rows(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<Map<String, Object>> rows = new ArrayList<>();
            while (found.next()) {
                Map<String, Object> row = new TreeMap<>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    String value = found.getString(i);
                    boolean number = found.getMetaData().getColumnTypeName(i).matches("int.*|bigserial|numeric");
                    row.put(
                            found.getMetaData().getColumnLabel(i),
                            value == null ? "" : number ? plain(new BigDecimal(value)) : value);
                }
                rows.add(row);
            }
            return rows;
        }
    }

    private static BigDecimal plain(BigDecimal number) {
        return number.signum() == 0 ? ZERO : number.stripTrailingZeros();
    }

    Map<String, Collection<Map<String, Object>>> views() {
        Map<String, Collection<Map<String, Object>>> views = new LinkedHashMap<>();
        List<Map<String, Object>> dashboard = new ArrayList<>();
        List<Map<String, Object>> ratios = new ArrayList<>();
        for (Row version : versions) {
            Row figures = new Row(dashboard(version));
            dashboard.add(figures.columns());
            ratios.add(ratios(figures));
        }
        views.put("mv_kpi_dashboard", dashboard);
        views.put("mv_financial_ratios", ratios);
        views.put("mv_budget_consolidation", consolidation());
        views.put("mv_workforce_utilization", workforce());
        views.put("mv_enrollment_trends", trends());
        return views;
    }

    private List<Row> of(Row version, String table, Predicate<Row> condition) {
        return children.getOrDefault(table, List.of()).stream()
                .filter(row -> row.get("budget_version_id").equals(version.get("id")) && condition.test(row))
                .toList();
    }

    private BigDecimal sum(Row version, String table, String column, Predicate<Row> condition) {
        return of(version, table, condition).stream()
                .map(row -> row.number(column))
                .reduce(ZERO, BigDecimal::add);
    }

    private BigDecimal sum(Row version, String table, String column) {
        return sum(version, table, column, _ -> true);
    }

    private static Object ratio(BigDecimal dividend, BigDecimal divisor, int digits) {
        return divisor.signum() == 0 ? "" : plain(dividend.divide(divisor, digits, RoundingMode.HALF_UP));
    }

    private static Object percent(BigDecimal part, BigDecimal whole) {
        return ratio(part.multiply(HUNDRED), whole, 2);
    }

    private static Map<String, Object> head(Row version) {
        Map<String, Object> row = new TreeMap<>();
        row.put("budget_version_id", version.get("id"));
        row.put("fiscal_year", version.get("fiscal_year"));
        row.put("status", version.get("status"));
        return row;
    }

    private static Predicate<Row> cycle(Object... cycles) {
        return row -> row.is("cycle", cycles);
    }

    private Map<String, Object> dashboard(Row v) {
        BigDecimal students = sum(v, "enrollment_plan", "student_count");
        BigDecimal secondary = sum(v, "enrollment_plan", "student_count", cycle("college", "lycee"));
        BigDecimal french = sum(v, "enrollment_plan", "student_count", row -> row.is("nationality", "french"));
        BigDecimal classes = sum(v, "class_structure", "class_count");
        BigDecimal secondaryClasses = sum(v, "class_structure", "class_count", cycle("college", "lycee"));
        BigDecimal capacity = of(v, "class_structure", _ -> true).stream()
                .map(row -> row.number("class_count").multiply(row.number("class_capacity")))
                .reduce(ZERO, BigDecimal::add);
        BigDecimal hours = sum(v, "dhg_subject_hours", "weekly_hours");
        BigDecimal secondaryHours = sum(v, "dhg_subject_hours", "weekly_hours", cycle("college", "lycee"));
        BigDecimal required = sum(v, "dhg_teacher_requirement", "required_fte");
        BigDecimal allocated = sum(v, "teacher_allocation", "fte");
        BigDecimal revenue = sum(v, "revenue_plan", "amount");
        BigDecimal tuition = sum(v, "revenue_plan", "amount", row -> row.is("category", "tuition"));
        BigDecimal personnel = sum(v, "personnel_cost_plan", "amount");
        BigDecimal operating = sum(v, "operating_cost_plan", "amount");
        BigDecimal capex = sum(v, "capex_plan", "amount");
        BigDecimal cost = personnel.add(operating);
        BigDecimal margin = revenue.subtract(cost);
        BigDecimal depreciation = of(v, "capex_plan", _ -> true).stream()
                .map(row -> row.number("amount").divide(row.number("useful_life_years"), MathContext.DECIMAL128))
                .reduce(ZERO, BigDecimal::add)
                .setScale(2, RoundingMode.HALF_UP);
        Map<String, Object> row = head(v);
        row.put("version_name", v.get("name"));
        Map<String, BigDecimal> numbers = new TreeMap<>();
        numbers.put("total_students", students);
        for (String cycle : List.of("maternelle", "elementaire", "college", "lycee")) {
            numbers.put(cycle + "_students", sum(v, "enrollment_plan", "student_count", cycle(cycle)));
        }
        numbers.put("secondary_students", secondary);
        numbers.put("french_students", french);
        numbers.put("total_classes", classes);
        numbers.put("secondary_classes", secondaryClasses);
        numbers.put("total_capacity", capacity);
        numbers.put("dhg_hours", hours);
        numbers.put("secondary_dhg_hours", secondaryHours);
        numbers.put("required_fte", required);
        numbers.put("overtime_hours", sum(v, "dhg_teacher_requirement", "overtime_hours"));
        numbers.put("allocated_fte", allocated);
        for (String category : List.of("aefe_detached", "aefe_funded", "local")) {
            numbers.put(category + "_fte", sum(v, "teacher_allocation", "fte", one -> one.is("category", category)));
        }
        numbers.put("fte_gap", allocated.subtract(required));
        numbers.put("total_revenue", revenue);
        numbers.put("tuition_revenue", tuition);
        numbers.put("personnel_cost", personnel);
        numbers.put("teaching_cost", sum(v, "personnel_cost_plan", "amount", one -> one.is("category", "teaching")));
        numbers.put("operating_cost", operating);
        numbers.put("total_cost", cost);
        numbers.put("capital_expenditure", capex);
        numbers.put("annual_depreciation", depreciation);
        numbers.put("budget_margin", margin);
        numbers.put("margin_after_capex", margin.subtract(capex));
        numbers.forEach((name, number) -> row.put(name, plain(number)));
        row.put("french_share_pct", percent(french, students));
        row.put("average_class_size", ratio(students, classes, 2));
        row.put("capacity_utilization_pct", percent(students, capacity));
        row.put("he_ratio", ratio(hours, students, 4));
        row.put("secondary_he_ratio", ratio(secondaryHours, secondary, 4));
        row.put("hours_per_class", ratio(secondaryHours, secondaryClasses, 2));
        row.put("allocation_coverage_pct", percent(allocated, required));
        row.put("students_per_teacher", ratio(students, allocated, 2));
        row.put("budget_margin_pct", percent(margin, revenue));
        row.put("revenue_per_student", ratio(revenue, students, 2));
        row.put("tuition_per_student", ratio(tuition, students, 2));
        row.put("cost_per_student", ratio(cost, students, 2));
        row.put("personnel_cost_per_student", ratio(personnel, students, 2));
        row.put("operating_cost_per_student", ratio(operating, students, 2));
        row.put("capex_per_student", ratio(capex, students, 2));
        row.put("personnel_cost_share_pct", percent(personnel, cost));
        row.put("tuition_share_pct", percent(tuition, revenue));
        row.put("cost_per_class", ratio(cost, classes, 2));
        return row;
    }

    private static Map<String, Object> ratios(Row figures) {
        BigDecimal revenue = figures.number("total_revenue");
        BigDecimal cost = figures.number("total_cost");
        BigDecimal students = figures.number("total_students");
        Map<String, Object> row = new TreeMap<>();
        List.of("budget_version_id", "fiscal_year", "status").forEach(name -> row.put(name, figures.get(name)));
        row.put("cost_coverage", ratio(revenue, cost, 4));
        row.put("personnel_to_revenue_pct", percent(figures.number("personnel_cost"), revenue));
        row.put("operating_to_revenue_pct", percent(figures.number("operating_cost"), revenue));
        row.put("capex_to_revenue_pct", percent(figures.number("capital_expenditure"), revenue));
        row.put("depreciation_to_revenue_pct", percent(figures.number("annual_depreciation"), revenue));
        row.put("cost_per_dhg_hour", ratio(figures.number("teaching_cost"), figures.number("dhg_hours"), 2));
        row.put("cost_per_allocated_fte", ratio(figures.number("teaching_cost"), figures.number("allocated_fte"), 2));
        row.put(
                "break_even_students",
                revenue.signum() == 0 || students.signum() == 0
                        ? ""
                        : plain(cost.multiply(students).divide(revenue, 0, RoundingMode.CEILING)));
        return row;
    }

    private List<Map<String, Object>> consolidation() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Row version : versions) {
            SECTIONS.forEach((table, section) -> {
                BigDecimal whole = sum(version, table, "amount");
                TreeSet<List<String>> groups = new TreeSet<>(Comparator.<List<String>, String>comparing(List::getFirst)
                        .thenComparing(List::getLast));
                of(version, table, _ -> true)
                        .forEach(line -> groups.add(List.of(
                                String.valueOf(line.get("category")), String.valueOf(line.get("account_code")))));
                for (List<String> group : groups) {
                    Predicate<Row> inGroup =
                            line -> line.is("category", group.getFirst()) && line.is("account_code", group.getLast());
                    BigDecimal amount = sum(version, table, "amount", inGroup);
                    Map<String, Object> row = head(version);
                    row.put("version_name", version.get("name"));
                    row.put("section", section);
                    row.put("consolidation_category", section + "_" + group.getFirst());
                    row.put("account_code", group.getLast());
                    row.put(
                            "line_count",
                            plain(BigDecimal.valueOf(of(version, table, inGroup).size())));
                    row.put("amount", plain(amount));
                    row.put("signed_amount", plain(section.equals("revenue") ? amount : amount.negate()));
                    row.put("section_amount", plain(whole));
                    row.put("section_share_pct", percent(amount, whole));
                    rows.add(row);
                }
            });
        }
        return rows;
    }

    private List<Map<String, Object>> workforce() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Row version : versions) {
            TreeSet<String> subjects = new TreeSet<>();
            for (String table : List.of("dhg_subject_hours", "dhg_teacher_requirement", "teacher_allocation")) {
                of(version, table, _ -> true).forEach(row -> subjects.add(String.valueOf(row.get("subject_code"))));
            }
            for (String subject : subjects) {
                Predicate<Row> ofSubject = row -> row.is("subject_code", subject);
                BigDecimal hours = sum(version, "dhg_subject_hours", "weekly_hours", ofSubject);
                BigDecimal required = sum(version, "dhg_teacher_requirement", "required_fte", ofSubject);
                BigDecimal allocated = sum(version, "teacher_allocation", "fte", ofSubject);
                Map<String, Object> row = head(version);
                row.put("subject_code", subject);
                row.put("weekly_hours", plain(hours));
                row.put("required_fte", plain(required));
                row.put("overtime_hours", plain(sum(version, "dhg_teacher_requirement", "overtime_hours", ofSubject)));
                row.put("allocated_fte", plain(allocated));
                row.put("fte_gap", plain(allocated.subtract(required)));
                row.put("coverage_pct", percent(allocated, required));
                row.put("hours_per_fte", ratio(hours, allocated, 2));
                rows.add(row);
            }
        }
        return rows;
    }

    private List<Map<String, Object>> trends() {
        Map<Object, Row> references = new TreeMap<>();
        for (Row version : versions) {
            references.merge(version.get("fiscal_year"), version, (one, other) -> {
                boolean better = one.is("status", "approved") == other.is("status", "approved")
                        ? other.number("id").compareTo(one.number("id")) > 0
                        : other.is("status", "approved");
                return better ? other : one;
            });
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        references.forEach((year, version) -> {
            TreeMap<String, String> levels = new TreeMap<>();
            of(version, "enrollment_plan", _ -> true)
                    .forEach(
                            row -> levels.put(String.valueOf(row.get("level_code")), String.valueOf(row.get("cycle"))));
            levels.forEach((level, cycle) -> {
                Predicate<Row> ofLevel = row -> row.is("level_code", level);
                BigDecimal students = sum(version, "enrollment_plan", "student_count", ofLevel);
                Optional<BigDecimal> before = Optional.ofNullable(
                                references.get(plain(((BigDecimal) year).subtract(BigDecimal.ONE))))
                        .filter(last -> !of(last, "enrollment_plan", ofLevel).isEmpty())
                        .map(last -> sum(last, "enrollment_plan", "student_count", ofLevel));
                Map<String, Object> row = new TreeMap<>();
                row.put("fiscal_year", year);
                row.put("level_code", level);
                row.put("cycle", cycle);
                row.put("budget_version_id", version.get("id"));
                row.put("students", plain(students));
                row.put(
                        "students_year_before",
                        before.<Object>map(BudgetOracle::plain).orElse(""));
                row.put(
                        "change",
                        before.<Object>map(last -> plain(students.subtract(last)))
                                .orElse(""));
                row.put(
                        "growth_pct",
                        before.map(last -> percent(students.subtract(last), last))
                                .orElse(""));
                rows.add(row);
            });
        });
        return rows;
    }
}

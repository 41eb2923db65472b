package org.researchflow.rf.acceptance;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A few budget versions with none to several rows in each table, some of them deleted. */
final class RandomBudget {

    private static final String DELETED = "2026-03-01T00:00:00Z";

    private static final List<String> LEVELS = List.of("GS", "CP", "6EME", "TLE");
    private static final List<String> CYCLES = List.of("maternelle", "elementaire", "college", "lycee");
    private static final List<String> SUBJECTS = List.of("MATHS", "EPS", "ARTS");

    private final Random random;

    RandomBudget(long seed) {
        this.random = new Random(seed);
    }

    void replace(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("truncate efir_budget.budget_version restart identity cascade");
        }
        int versions = random.nextInt(7);
        for (int version = 1; version <= versions; version++) {
            insert(
                    connection,
                    "budget_version (id, name, fiscal_year, status, deleted_at)",
                    (long) version,
                    "v" + version,
                    2024 + random.nextInt(3),
                    one(List.of("draft", "approved", "archived")),
                    deleted());
            children(connection, version);
        }
    }

    private void children(Connection connection, long version) throws SQLException {
        for (int i = several(); i > 0; i--) {
            int level = random.nextInt(LEVELS.size());
            insert(
                    connection,
                    "enrollment_plan (budget_version_id, level_code, cycle, nationality, student_count, deleted_at)",
                    version,
                    LEVELS.get(level),
                    CYCLES.get(level),
                    one(List.of("french", "host", "other")),
                    random.nextInt(60),
                    deleted());
        }
        for (int i = several(); i > 0; i--) {
            int level = random.nextInt(LEVELS.size());
            insert(
                    connection,
                    "class_structure (budget_version_id, level_code, cycle, class_count, class_capacity, deleted_at)",
                    version,
                    LEVELS.get(level),
                    CYCLES.get(level),
                    random.nextInt(4),
                    20 + random.nextInt(10),
                    deleted());
        }
        for (int i = several(); i > 0; i--) {
            int level = random.nextInt(LEVELS.size());
            insert(
                    connection,
                    "dhg_subject_hours (budget_version_id, level_code, cycle, subject_code, weekly_hours, deleted_at)",
                    version,
                    LEVELS.get(level),
                    CYCLES.get(level),
                    one(SUBJECTS),
                    decimal(4000),
                    deleted());
        }
        for (int i = several(); i > 0; i--) {
            insert(
                    connection,
                    "dhg_teacher_requirement (budget_version_id, subject_code, required_fte, overtime_hours, deleted_at)",
                    version,
                    one(SUBJECTS),
                    decimal(900),
                    decimal(500),
                    deleted());
        }
        for (int i = several(); i > 0; i--) {
            insert(
                    connection,
                    "teacher_allocation (budget_version_id, subject_code, category, fte, deleted_at)",
                    version,
                    one(SUBJECTS),
                    one(List.of("aefe_detached", "aefe_funded", "local")),
                    decimal(900),
                    deleted());
        }
        money(connection, version, "revenue_plan", List.of("tuition", "fees", "other"), List.of("70110", "70800"));
        money(connection, version, "personnel_cost_plan", List.of("teaching", "support"), List.of("64110", "64500"));
        money(connection, version, "operating_cost_plan", List.of("supplies", "other"), List.of("60610", "61320"));
        for (int i = several(); i > 0; i--) {
            insert(
                    connection,
                    "capex_plan (budget_version_id, account_code, category, amount, useful_life_years, deleted_at)",
                    version,
                    one(List.of("20500", "21540")),
                    one(List.of("it", "building")),
                    decimal(50_000_000),
                    1 + random.nextInt(12),
                    deleted());
        }
    }

    private void money(
            Connection connection, long version, String table, List<String> categories, List<String> accounts)
            throws SQLException {
        for (int i = several(); i > 0; i--) {
            insert(
                    connection,
                    table + " (budget_version_id, account_code, category, amount, deleted_at)",
                    version,
                    one(accounts),
                    one(categories),
                    decimal(90_000_000),
                    deleted());
        }
    }

    private int several() {
        return random.nextInt(6);
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private BigDecimal decimal(int hundredths) {
        return BigDecimal.valueOf(random.nextInt(hundredths), 2);
    }

    private @Nullable String deleted() {
        return random.nextInt(4) == 0 ? DELETED : null;
    }

    private static void insert(Connection connection, String into, @Nullable Object... values) throws SQLException {
        String marks = "?, ".repeat(values.length - 1) + "?::timestamptz";
        try (PreparedStatement statement =
                connection.prepareStatement("insert into efir_budget." + into + " values (" + marks + ")")) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}

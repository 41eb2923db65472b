package org.researchflow.rf.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.Transactions;

/** The tables that the pack {@code kpi} reads, with the budgets of an invented school network; always the same ones. */
public final class BudgetSample {

    /** How many versions there are. */
    public static final int VERSIONS = 25;

    public static final String CONTENTS = VERSIONS + " budget versions of an invented school network";

    private static final Set<String> TABLES = Set.of(
            "budget_version",
            "enrollment_plan",
            "class_structure",
            "dhg_subject_hours",
            "dhg_teacher_requirement",
            "teacher_allocation",
            "revenue_plan",
            "personnel_cost_plan",
            "operating_cost_plan",
            "capex_plan");

    private BudgetSample() {}

    /**
     * Makes the tables and fills them, all or nothing; false if they are there.
     *
     * @throws Failure if the schema holds tables that are not these
     */
    public static boolean load(Connection connection) throws SQLException {
        List<String> there = tables(connection);
        List<String> others =
                there.stream().filter(table -> !TABLES.contains(table)).toList();
        if (!others.isEmpty() || (!there.isEmpty() && there.size() < TABLES.size())) {
            throw Failure.usage("the schema efir_budget holds other tables")
                    .note("why", "there are " + String.join(", ", others.isEmpty() ? there : others))
                    .note("try", "another database, or --sandbox");
        }
        if (!there.isEmpty()) {
            return false;
        }
        return Transactions.write(connection, _ -> {
            createTables(connection);
            fill(connection, VERSIONS);
            return true;
        });
    }

    /** Makes the tables, in a transaction. */
    public static void createTables(Connection connection) throws SQLException {
        execute(connection, text("schema.sql"));
    }

    /** Fills empty tables with so many versions, in a transaction. */
    public static void fill(Connection connection, int versions) throws SQLException {
        execute(connection, "set local rf.budget_versions = '" + versions + "';\n" + text("sample.sql"));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    private static List<String> tables(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select c.relname
                  from pg_catalog.pg_class c
                  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = 'efir_budget' and c.relkind in ('r', 'p', 'f')
                 order by 1
                """);
                ResultSet row = statement.executeQuery()) {
            List<String> found = new ArrayList<>();
            while (row.next()) {
                found.add(row.getString(1));
            }
            return found;
        }
    }

    private static String text(String file) {
        try (InputStream text = Objects.requireNonNull(BudgetSample.class.getResourceAsStream("kpi/" + file), file)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

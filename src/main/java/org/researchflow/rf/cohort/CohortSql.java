package org.researchflow.rf.cohort;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.sql.Sql;

/**
 * A cohort into SQL over views. A criterion finds its view and its columns by where they come from in the resource,
 * not by their names, so that anybody's views will do, as long as they leave nothing out; of several that would do, the
 * first is taken.
 */
public final class CohortSql {

    private final Cohort cohort;
    private final Sources sources;
    private final Predicates predicates;

    private CohortSql(Cohort cohort, Views views) {
        this(cohort, views, List.of());
    }

    private CohortSql(Cohort cohort, Views views, List<Need> also) {
        this.cohort = cohort;
        this.sources = new Sources(views);
        this.predicates = new Predicates(sources, cohort.root(), also);
    }

    /**
     * How many patients the cohort has: one row with their number; with the number of those of whom it can't be decided,
     * if {@link #canBeOpen}; and with an array for each of {@link #doubts}.
     */
    public static Question count(Cohort cohort, Views views) {
        return new CohortSql(cohort, views).count();
    }

    /**
     * The keys of the cohort's patients, one a row, in order; if {@link #canBeOpen}, those of whom it can't be decided too,
     * and whether it can in a second column.
     */
    public static Question ids(Cohort cohort, Views views) {
        return new CohortSql(cohort, views).ids();
    }

    /** The keys of those who belong to the cohort for certain, one a row, in order, and nothing else. */
    public static Question members(Cohort cohort, Views views) {
        return new CohortSql(cohort, views).members();
    }

    /**
     * How many patients each cell has: one row a cell with its dimensions and {@code patients}, and in each row the
     * cohort's {@code total} and those {@code undecided}. Of a cohort of nobody there is one row without a cell.
     */
    public static Question breakdown(Cohort cohort, Breakdown breakdown, Views views) {
        CohortSql sql = new CohortSql(cohort, views, BreakdownSql.needs(breakdown));
        Sql cells = new BreakdownSql(breakdown, sql.sources, sql.predicates)
                .of(
                        sql.predicates.whole(cohort.root(), Certainty.POSSIBLE),
                        canBeOpen(cohort) ? sql.certain() : Sql.of("true"));
        return sql.question(cells);
    }

    /**
     * The rows of a view that are about the cohort's patients, with the patient's key in front, in the order of these.
     *
     * @param named the view, if not the first of patients that has the columns
     * @param columns all of the view's if there are none
     * @throws org.researchflow.rf.Failure if the view has no such column, or none that says whom a row is about
     */
    public static Question rows(Cohort cohort, Views views, Optional<ViewShape> named, List<String> columns) {
        CohortSql sql = new CohortSql(cohort, views);
        PatientRows rows = PatientRows.of(named.orElseGet(() -> PatientRows.first(views, columns)), columns);
        return rows.question(sql.list(sql.keys()));
    }

    /** What a count finds on the side: one row with an array for each of {@link #doubts}. */
    public static Question checks(Cohort cohort, Views views) {
        CohortSql sql = new CohortSql(cohort, views);
        return sql.question(Clauses.format("select %s", Clauses.joined(sql.checks(), ",\n    ")));
    }

    /** How many patients are left by each criterion in turn, and what serves it. */
    public static Attrition attrition(Cohort cohort, Views views) {
        return new CohortSql(cohort, views).attrition();
    }

    /** Whether partial values may leave it open if somebody belongs to the cohort. */
    public static boolean canBeOpen(Cohort cohort) {
        return Predicates.canBeOpen(cohort.root());
    }

    /** What makes a warning of each array that a count or {@link #checks} gives. */
    public static List<Doubt> doubts(Cohort cohort) {
        return Check.of(cohort.root()).stream().map(Doubt::new).toList();
    }

    private Question question(Sql sql) {
        return Question.ofNumbers(sources.reads(), sql);
    }

    private Question list(Sql sql) {
        return Question.ofList(sources.reads(), sql);
    }

    private List<Sql> checks() {
        return Check.of(cohort.root()).stream().map(check -> check.sql(sources)).toList();
    }

    private Question count() {
        List<Sql> results = new ArrayList<>();
        Sql from;
        if (canBeOpen(cohort)) {
            String counted = predicates.counted().equals("*") ? "*" : "distinct p.key";
            results.add(Clauses.of("count(" + counted + ") filter (where p.certain) as patients"));
            results.add(Clauses.of("count(" + counted + ") filter (where p.certain is not true) as undecided"));
            from = Clauses.format("(\n    %s\n) as p", possible());
        } else {
            results.add(Clauses.of("count(" + predicates.counted() + ") as patients"));
            from = fromWhere(Clauses.of(predicates.from()), predicates.whole(cohort.root(), Certainty.CERTAIN));
        }
        results.addAll(checks());
        return question(Clauses.format("select %s\nfrom %s", Clauses.joined(results, ",\n    "), from));
    }

    /** Who may belong to the cohort, and whether they certainly do. */
    private Sql possible() {
        return Clauses.format(
                "select %s as key, %s as certain\nfrom %s",
                Clauses.of(predicates.key()),
                certain(),
                fromWhere(Clauses.of(predicates.from()), predicates.whole(cohort.root(), Certainty.POSSIBLE)));
    }

    /** What is certain anyway need not be asked again. */
    private Sql certain() {
        List<Sql> open = cohort.steps().stream()
                .filter(Predicates::canBeOpen)
                .map(step -> predicates.of(step, Certainty.CERTAIN))
                .toList();
        return Clauses.bracketed(Clauses.and(open));
    }

    private static Sql fromWhere(Sql from, Sql where) {
        return where.text().equals("true") ? from : Clauses.format("%s\nwhere %s", from, where);
    }

    private Question ids() {
        if (canBeOpen(cohort)) {
            return list(Clauses.format(
                    "select distinct key as patient_id, certain\nfrom (\n    %s\n) as p\norder by patient_id",
                    possible()));
        }
        return members();
    }

    private Question members() {
        return list(Clauses.format("%s\norder by patient_id", keys()));
    }

    private Sql keys() {
        Sql from = fromWhere(Clauses.of(predicates.from()), predicates.whole(cohort.root(), Certainty.CERTAIN));
        return Clauses.format("select distinct %s as patient_id\nfrom %s", Clauses.of(predicates.key()), from);
    }

    private Attrition attrition() {
        List<Attrition.Step> steps = new ArrayList<>();
        List<Sql> counts = new ArrayList<>();
        List<Sql> met = new ArrayList<>();
        counts.add(counting(met));
        steps.add(new Attrition.Step("all patients", predicates.everybody()));
        for (Criterion criterion : cohort.steps()) {
            met.add(predicates.of(criterion, Certainty.CERTAIN));
            counts.add(counting(met));
            counts.add(counting(List.of(met.getLast())));
            steps.add(new Attrition.Step(criterion.inWords(), sources.newlyRead()));
        }
        return new Attrition(question(Clauses.format("select %s", Clauses.joined(counts, ",\n    "))), steps);
    }

    private Sql counting(List<Sql> conditions) {
        return Clauses.format(
                "(\n        select count(%s)\n        from %s\n    )",
                Clauses.of(predicates.counted()), fromWhere(Clauses.of(predicates.from()), Clauses.and(conditions)));
    }
}

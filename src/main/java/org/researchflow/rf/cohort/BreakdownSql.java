package org.researchflow.rf.cohort;

import static org.researchflow.rf.sql.Identifiers.identifier;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.researchflow.rf.sql.Sql;

/** The columns and the join by which the patients of a cohort are counted apart. */
final class BreakdownSql {

    private static final int BAND = 10;
    private static final int LAST_BAND = 90;

    private final Breakdown breakdown;
    private final Sources sources;
    private final Predicates predicates;

    BreakdownSql(Breakdown breakdown, Sources sources, Predicates predicates) {
        this.breakdown = breakdown;
        this.sources = sources;
        this.predicates = predicates;
    }

    /** What a view of patients should have, so that no other need be asked. */
    static List<Need> needs(Breakdown breakdown) {
        List<Need> needs = new ArrayList<>();
        for (Dimension dimension : breakdown.dimensions()) {
            needs.addAll(
                    switch (dimension) {
                        case GENDER -> List.of(Predicates.GENDER);
                        case AGE_BAND -> List.of(Predicates.BORN_LOW, Predicates.BORN_HIGH);
                        case CODE, YEAR -> List.of();
                    });
        }
        return needs;
    }

    /**
     * One row a cell, in order: its dimensions and {@code patients}; before them, in each row, the whole cohort's
     * {@code total} and those {@code undecided}. Of a cohort of nobody there is one row without a cell.
     *
     * @param possible who may belong to the cohort: a condition on the patients' rows
     * @param certain whether they certainly do
     */
    Sql of(Sql possible, Sql certain) {
        List<Sql> columns = new ArrayList<>();
        columns.add(Clauses.of(predicates.key() + " as key"));
        columns.add(Clauses.format("%s as certain", certain));
        for (Dimension dimension : breakdown.dimensions()) {
            ofPatients(dimension).ifPresent(value -> columns.add(Clauses.format("%s as " + dimension.column(), value)));
        }
        String distinct = predicates.counted().equals("*") ? "" : "distinct ";
        String counted = distinct.isEmpty() ? "*" : "distinct m.key";
        String names = breakdown.dimensions().stream()
                .map(dimension -> (dimension.overlaps() ? "e." : "m.") + dimension.column())
                .collect(Collectors.joining(", "));
        return Clauses.format(
                """
                select *
                from (
                    with rf_members as materialized (
                        select %s%s
                        from %s
                        where %s
                    )
                    select totals.*, cells.*
                    from (
                        select count(%s) filter (where certain) as total,
                            count(%s) filter (where certain is not true) as undecided
                        from rf_members
                    ) as totals
                    left join (
                        select %s, count(%s) as patients
                        from rf_members as m%s
                        where m.certain
                        group by %s
                    ) as cells on true
                ) as counted
                order by %s""",
                Clauses.of(distinct),
                Clauses.joined(columns, ", "),
                Clauses.of(predicates.from()),
                possible,
                Clauses.of(distinct + "key"),
                Clauses.of(distinct + "key"),
                Clauses.of(names),
                Clauses.of(counted),
                breakdown.overlaps() ? Clauses.format("\n        left join %s", conditions(possible)) : Sql.of(""),
                Clauses.of(names),
                Clauses.of(breakdown.dimensions().stream()
                        .map(BreakdownSql::ordered)
                        .collect(Collectors.joining(", "))));
    }

    /** In the same order whatever the database's own. */
    private static String ordered(Dimension dimension) {
        return dimension.column() + (dimension == Dimension.YEAR ? " nulls last" : " collate \"C\" nulls last");
    }

    private Optional<Sql> ofPatients(Dimension dimension) {
        return switch (dimension) {
            case GENDER -> Optional.of(Clauses.of(predicates.value(Predicates.GENDER)));
            case AGE_BAND -> Optional.of(ageBand());
            case CODE, YEAR -> Optional.empty();
        };
    }

    /** As {@code --age} has it: a birth date that leaves it open which band it is, is in none. */
    private Sql ageBand() {
        String low = predicates.value(Predicates.BORN_LOW);
        String high = predicates.value(Predicates.BORN_HIGH);
        List<Sql> bands = new ArrayList<>();
        for (int from = 0; from <= LAST_BAND; from += BAND) {
            Age.Years years = new Age.Years(from, from == LAST_BAND ? Optional.empty() : Optional.of(from + BAND - 1));
            DateRange births = years.births(breakdown.at());
            LocalDate latest = births.to().orElseThrow();
            String then = " then '" + years.inWords() + "'";
            bands.add(births.from()
                    .map(earliest -> Clauses.of("when " + low + " >= ? and " + high + " <= ?" + then, earliest, latest))
                    .orElseGet(() -> Clauses.of("when " + high + " <= ?" + then, latest)));
        }
        return Clauses.format("case %s end", Clauses.joined(bands, " "));
    }

    /**
     * Each code or year of a patient once, out of all conditions but those entered in error. Those of a few patients are
     * looked up by the patient; those of everybody are read in the order of the index on codes, which has the patients too.
     */
    private Sql conditions(Sql possible) {
        EventType type = EventType.CONDITION;
        Need code = type.coding().codes().getFirst();
        boolean byCode = breakdown.dimensions().contains(Dimension.CODE);
        boolean byYear = breakdown.dimensions().contains(Dimension.YEAR);
        List<Need> needs = new ArrayList<>(List.of(EventSql.PATIENT, byCode ? code : EventSql.KEY.all()));
        List<Need> statuses = type.statuses().stream()
                .filter(status -> status.codes().contains(EventType.Status.ENTERED_IN_ERROR))
                .map(EventType.Status::need)
                .toList();
        needs.addAll(statuses);
        if (byYear) {
            needs.add(EventSql.day(type, "low"));
            needs.add(EventSql.day(type, "high"));
        }
        ViewShape view = sources.view(type.resourceType(), needs, "--by");
        String patient = sources.joined(view, "c", EventSql.PATIENT);
        List<String> columns = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        if (byCode) {
            String column = sources.column(view, "c", code);
            columns.add(column + " as code");
            groups.add(column);
        }
        columns.add(patient + " as key");
        groups.add(patient);
        if (byYear) {
            String low = "extract(year from " + EventSql.bound(type, "low", view, sources) + ")";
            String high = "extract(year from " + EventSql.bound(type, "high", view, sources) + ")";
            String year = "case when " + low + " = " + high + " then cast(" + low + " as integer) end";
            columns.add(year + " as year");
            groups.add(year);
        }
        String valid = statuses.stream()
                .map(status ->
                        "\n      and " + sources.column(view, "c", status) + " is distinct from 'entered-in-error'")
                .collect(Collectors.joining());
        String whose = possible.text().equals("true") ? " is not null" : " in (select key from rf_members)";
        return Clauses.of("(\n    select " + String.join(", ", columns) + "\n    from " + identifier(view.name())
                + " as c\n    where " + patient + whose + valid + "\n    group by "
                + String.join(", ", groups) + "\n) as e on e.key = m.key");
    }
}

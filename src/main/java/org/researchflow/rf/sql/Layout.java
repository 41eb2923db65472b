package org.researchflow.rf.sql;

import java.util.List;

/** How SQL is laid out: a clause a line, what is inside indented. */
public final class Layout {

    private static final String STEP = "    ";
    private static final String LEFT_JOIN = "left join ";
    private static final int LONG = 120;

    private Layout() {}

    static String indent(String text) {
        return STEP + text.replace("\n", "\n" + STEP);
    }

    /** {@code keyword} and its members, one a line. */
    static String list(String keyword, List<String> members) {
        return keyword + "\n" + indent(String.join(",\n", members));
    }

    /** {@code case} with its branches, a branch a line where one line would be long. */
    static String choice(String keyword, List<String> branches) {
        String line = keyword + " " + String.join(" ", branches) + " end";
        boolean fits = line.lines().findFirst().orElseThrow().length() <= LONG;
        return fits ? line : keyword + "\n" + indent(String.join("\n", branches)) + "\nend";
    }

    /** A query in parentheses. */
    public static String nested(String query) {
        return "(\n" + indent(query) + "\n)";
    }

    /** A whole query; clauses that have nothing to say are left out. */
    static String select(List<String> columns, List<String> from, List<Term> where, List<String> more) {
        StringBuilder query = new StringBuilder(columns.size() == 1 ? "select " + columns.getFirst() : "");
        if (columns.size() != 1) {
            query.append(columns.isEmpty() ? "select" : list("select", columns));
        }
        for (int i = 0; i < from.size(); i++) {
            // An outer join needs something on its left, be it one row without columns.
            boolean first = i == 0 && !from.get(i).startsWith(LEFT_JOIN);
            query.append(i == 0 ? "\nfrom " + (first ? "" : "(select) as _\n") : "\n")
                    .append(first ? from.get(i) : joined(from.get(i)));
        }
        for (int i = 0; i < where.size(); i++) {
            query.append(i == 0 ? "\nwhere " : "\n  and ").append(where.get(i).in(Term.Strength.AND));
        }
        more.forEach(clause -> query.append('\n').append(clause));
        return query.toString();
    }

    private static String joined(String item) {
        return item.startsWith(LEFT_JOIN) ? item : "cross join lateral " + item;
    }
}

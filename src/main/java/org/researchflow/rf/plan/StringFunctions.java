package org.researchflow.rf.plan;

import java.util.ArrayList;
import java.util.List;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.Items.Split;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value.Absent;
import org.researchflow.rf.plan.Value.Apply;
import org.researchflow.rf.plan.Value.Literal;

/** The functions of strings. */
final class StringFunctions {

    private StringFunctions() {}

    static void addTo(Functions table) {
        add(table, "upper", Scalar.UPPER, Type.STRING);
        add(table, "lower", Scalar.LOWER, Type.STRING);
        add(table, "trim", Scalar.TRIM, Type.STRING);
        add(table, "length", Scalar.LENGTH, Type.INTEGER);
        add(table, "startsWith", Scalar.STARTS_WITH, Type.BOOLEAN, Kind.STRING);
        add(table, "endsWith", Scalar.ENDS_WITH, Type.BOOLEAN, Kind.STRING);
        add(table, "contains", Scalar.CONTAINS, Type.BOOLEAN, Kind.STRING);
        add(table, "indexOf", Scalar.INDEX_OF, Type.INTEGER, Kind.STRING);
        add(table, "lastIndexOf", Scalar.LAST_INDEX_OF, Type.INTEGER, Kind.STRING);
        add(table, "replace", Scalar.REPLACE, Type.STRING, Kind.STRING, Kind.STRING);
        table.add("substring", 1, 2, StringFunctions::substring);
        table.add("matches", 1, 1, call -> matches(call, "", ""));
        table.add("matchesFull", 1, 1, call -> matches(call, "^(?:", ")$"));
        table.add("replaceMatches", 2, 2, StringFunctions::replaceMatches);
        table.add("split", 1, 1, call -> split(call, call.argument(0, Kind.STRING)));
        table.add("toChars", call -> split(call, new Literal(Type.STRING, "")));
    }

    private static void add(Functions table, String name, Scalar function, Type type, Kind... arguments) {
        table.add(name, arguments.length, arguments.length, call -> {
            List<Value> values = new ArrayList<>(List.of(call.single(Kind.STRING)));
            for (int i = 0; i < arguments.length; i++) {
                values.add(call.argument(i, arguments[i]));
            }
            return apply(function, type, values);
        });
    }

    /** The function of the values, or nothing when one of them is nothing. */
    static Items apply(Scalar function, Type type, List<Value> values) {
        return new One(
                values.stream().anyMatch(Absent.class::isInstance)
                        ? new Absent(type)
                        : new Apply(function, values, type));
    }

    private static Items substring(Invocation call) {
        Value text = call.single(Kind.STRING);
        Value start = call.argument(0, Kind.INTEGER);
        if (!call.has(1) || call.items(1).equals(Collections.none())) {
            return apply(Scalar.SUBSTRING_FROM, Type.STRING, List.of(text, start));
        }
        return apply(Scalar.SUBSTRING, Type.STRING, List.of(text, start, call.argument(1, Kind.INTEGER)));
    }

    private static Items matches(Invocation call, String before, String after) {
        Literal pattern = Patterns.pattern(call, 0);
        Literal whole = new Literal(Type.STRING, before + pattern.text() + after);
        return apply(Scalar.MATCHES, Type.BOOLEAN, List.of(call.single(Kind.STRING), whole));
    }

    private static Items replaceMatches(Invocation call) {
        return apply(
                Scalar.REPLACE_MATCHES,
                Type.STRING,
                List.of(call.single(Kind.STRING), Patterns.pattern(call, 0), Patterns.substitution(call, 1)));
    }

    private static Items split(Invocation call, Value separator) {
        Value text = call.single(Kind.STRING);
        return text instanceof Absent || separator instanceof Absent ? Collections.none() : new Split(text, separator);
    }
}

package org.researchflow.rf.sql.reference;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Expressions that have a meaning on a node of a type, from the elements that random resources have. */
final class RandomPath {

    /** What a type's elements are: {@code *} marks those that repeat. */
    private static final Map<String, List<String>> ELEMENTS = Map.of(
            "Patient", List.of("name*HumanName", "telecom*ContactPoint", "contact*Contact"),
            "Contact", List.of("name HumanName", "telecom*ContactPoint"),
            "QuestionnaireResponse", List.of("item*Item"),
            "Item", List.of("item*Item", "answer*Answer"),
            "Answer", List.of("item*Item"),
            "HumanName", List.of(),
            "ContactPoint", List.of());

    private static final Map<String, List<String>> STRINGS = Map.of(
            "Patient", List.of("gender", "name.given", "name.family", "telecom.value", "contact.name.family"),
            "Contact", List.of("gender", "name.use", "name.given", "telecom.system"),
            "QuestionnaireResponse", List.of("status", "item.linkId", "item.answer.value.ofType(string)"),
            "Item", List.of("linkId", "text", "answer.value.ofType(string)"),
            "Answer", List.of("value.ofType(string)", "item.text"),
            "HumanName", List.of("use", "family", "given", "text"),
            "ContactPoint", List.of("system", "value"));

    private static final Map<String, List<String>> NUMBERS = Map.of(
            "Patient", List.of("multipleBirth.ofType(integer)", "telecom.rank"),
            "Contact", List.of("telecom.rank"),
            "QuestionnaireResponse", List.of("item.answer.value.ofType(integer)"),
            "Item", List.of("answer.value.ofType(integer)"),
            "Answer", List.of("value.ofType(integer)"),
            "HumanName", List.of("given.count()"),
            "ContactPoint", List.of("rank"));

    private static final List<String> WORDS = List.of("'a'", "'b'", "'A'", "'official'", "'it\\'s'", "'\\u00e9\\\\'");

    /** What the elements of a Patient that have further types give: at most one value, or now and then several. */
    private static final List<String> TYPED = List.of(
            "birthDate.%sBoundary()",
            "birthDate.%sBoundary(%d)",
            "deceased.ofType(dateTime).%sBoundary()",
            "deceased.ofType(dateTime).%sBoundary(%d)",
            "extension('u').value.ofType(dateTime).first().%sBoundary(%d)",
            "extension('w').value.ofType(decimal).first()",
            "extension('u').value.ofType(decimal).first().%sBoundary()",
            "extension('w').value.ofType(decimal).first().%sBoundary(%d)",
            "extension('u').value.ofType(string).first()",
            "extension('w').value.ofType(string)",
            "generalPractitioner.first().getReferenceKey()",
            "generalPractitioner.first().getReferenceKey(Practitioner)",
            "generalPractitioner.select(getReferenceKey(Practitioner)).first()",
            "name.family.first().toInteger()",
            "name.family.first().toDecimal()",
            "name.family.first().convertsToInteger()",
            "name.given.first().convertsToDecimal()",
            "name.family.first().toBoolean()",
            "name.given.first().convertsToBoolean()");

    private static final List<Integer> PRECISIONS = List.of(0, 1, 2, 4, 5, 6, 8, 10, 12, 14, 17);

    private static final List<String> MOMENTS = List.of(
            "@2020",
            "@2020-02",
            "@2020-02-03",
            "@2020-02-03T08:30:00Z",
            "@2020-02-03T10:30+02:00",
            "@2020-02-03T08:30Z");

    private final Random random;

    RandomPath(Random random) {
        this.random = random;
    }

    /** A path to complex nodes and their type, separated by a blank; empty when the type has none. */
    String nodes(String type) {
        List<String> elements = ELEMENTS.getOrDefault(type, List.of());
        if (elements.isEmpty()) {
            return "";
        }
        String element = pick(elements);
        int mark = Math.max(element.indexOf('*'), element.indexOf(' '));
        String target = element.substring(mark + 1);
        String path = element.substring(0, mark)
                + switch (random.nextInt(8)) {
                    case 0 -> ".where(" + condition(target, 1) + ")";
                    case 1 -> ".first()";
                    case 2 -> "[" + random.nextInt(3) + "]";
                    case 3 -> ".where($index > 0)";
                    case 4 -> ".tail()";
                    default -> "";
                };
        if (random.nextInt(4) == 0) {
            String further = nodes(target);
            return further.isEmpty() ? path + " " + target : path + "." + further;
        }
        return path + " " + target;
    }

    String strings(String type, int depth) {
        String path = pick(STRINGS.getOrDefault(type, List.of()));
        if (depth == 0) {
            return path;
        }
        return switch (random.nextInt(12)) {
            case 0 -> path + ".where($this = " + word() + ")";
            case 1 -> path + ".distinct()";
            case 2 -> "(" + path + " | " + strings(type, depth - 1) + ")";
            case 3 -> path + ".skip(1)";
            case 4 -> path + ".take(2)";
            case 5 -> path + ".combine(" + strings(type, depth - 1) + ")";
            case 6 -> "iif(" + condition(type, depth - 1) + ", " + path + ", " + strings(type, depth - 1) + ")";
            case 7 -> path + ".select($this & " + word() + ")";
            case 8 -> through(type, depth, path);
            default -> path;
        };
    }

    private String through(String type, int depth, String otherwise) {
        String nodes = nodes(type);
        int blank = nodes.lastIndexOf(' ');
        return nodes.isEmpty()
                ? otherwise
                : nodes.substring(0, blank) + ".select(" + strings(nodes.substring(blank + 1), depth - 1) + ")";
    }

    /** At most one string, or now and then several, which is an error. */
    String string(String type, int depth) {
        String strings = strings(type, depth);
        return switch (random.nextInt(8)) {
            case 0 -> strings + ".join(',')";
            case 1 -> strings + ".last()";
            case 2 -> strings + ".first().upper()";
            case 3 -> strings + ".first() & " + word();
            case 4 -> "%resource.id";
            default -> strings + ".first()";
        };
    }

    String number(String type, int depth) {
        String numbers = pick(NUMBERS.getOrDefault(type, List.of()));
        return switch (random.nextInt(6)) {
            case 0 -> strings(type, depth) + ".count()";
            case 1 -> strings(type, depth) + ".first().length()";
            case 2 -> numbers + ".first() + 1";
            case 3 -> "%rowIndex";
            default -> numbers + ".first()";
        };
    }

    /** A value of a date, a decimal, a reference, or of a conversion; a number where the type has none of these. */
    String typed(String type) {
        if (!type.equals("Patient")) {
            return number(type, 1);
        }
        int precision = PRECISIONS.get(random.nextInt(PRECISIONS.size()));
        return String.format(Locale.ROOT, pick(TYPED), random.nextBoolean() ? "low" : "high", precision);
    }

    private String moment() {
        return (random.nextBoolean() ? "deceased.ofType(dateTime)" : "birthDate") + " "
                + pick(List.of("<", "<=", ">", ">=")) + " " + pick(MOMENTS);
    }

    String condition(String type, int depth) {
        if (depth > 0) {
            switch (random.nextInt(8)) {
                case 0 -> {
                    return "(" + condition(type, depth - 1) + " and " + condition(type, depth - 1) + ")";
                }
                case 1 -> {
                    return "(" + condition(type, depth - 1) + " or " + condition(type, depth - 1) + ")";
                }
                case 2 -> {
                    return "(" + condition(type, depth - 1) + ").not()";
                }
                case 3 -> {
                    return "(" + condition(type, depth - 1) + ") = (" + condition(type, depth - 1) + ")";
                }
                default -> {}
            }
        }
        return switch (random.nextInt(10)) {
            case 0 -> strings(type, depth) + ".exists()";
            case 1 -> strings(type, depth) + ".empty()";
            case 2 -> word() + " in " + strings(type, depth);
            case 3 -> strings(type, depth) + " = " + strings(type, depth);
            case 4 -> number(type, 0).replace("%rowIndex", "1") + " > 1";
            case 5 -> strings(type, depth) + ".all($this != " + word() + ")";
            case 6 -> strings(type, depth) + ".first().startsWith(" + word() + ")";
            case 7 -> type.equals("Patient") ? moment() : strings(type, 0) + ".first() <= " + word();
            case 8 -> strings(type, depth) + ".exists($this = " + word() + ")";
            default -> strings(type, depth) + ".first() = " + word();
        };
    }

    private String word() {
        return pick(WORDS);
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}

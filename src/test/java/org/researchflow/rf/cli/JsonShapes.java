package org.researchflow.rf.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The members of the JSON documents that commands print, by schema: {@code views[].name} is text. Read from and written
 * as the tables of docs/JSON.md, and collected from real documents.
 */
final class JsonShapes {

    /** Members whose own members have the names of data: columns, steps, measurements. */
    private static final Set<String> OPEN = Set.of(
            "rows[]", "cells[]", "timingsMs", "environment", "changes", "results.NAME.misfits", "views[].misfits");

    /** Members that hold one of the same kind for each view, or each figure. */
    private static final Set<String> NAMED = Set.of("results", "series[].figures");

    private static final Pattern HEADING = Pattern.compile("^## `(rf\\.[a-z-]+/v\\d+)`$");
    private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\| (.*?)(, not always)? \\|$");
    private static final Pattern MOMENT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?Z");

    /** What a member's values are, how often it was seen, and how often it could have been. */
    private static final class Member {
        private final Set<String> kinds = new TreeSet<>();
        private int seen;
        private int chances;
    }

    private final Map<String, Map<String, Member>> schemas = new LinkedHashMap<>();
    private final Map<String, Set<String>> commands = new LinkedHashMap<>();

    /** Reads what docs/JSON.md says. */
    static JsonShapes read(String markdown) {
        JsonShapes shapes = new JsonShapes();
        Map<String, Member> members = new LinkedHashMap<>();
        for (String line : markdown.lines().toList()) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                members = new LinkedHashMap<>();
                shapes.schemas.put(heading.group(1), members);
            }
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Member member = new Member();
                member.kinds.addAll(List.of(row.group(2).split(" or ", -1)));
                member.chances = 2;
                member.seen = row.group(3) == null ? 2 : 1;
                members.put(row.group(1), member);
            }
        }
        return shapes;
    }

    /** A document that this command printed. */
    void saw(String command, JsonNode document) {
        String schema = document.path("schema").asText();
        commands.computeIfAbsent(schema, _ -> new LinkedHashSet<>()).add(command);
        object("", document, schemas.computeIfAbsent(schema, _ -> new LinkedHashMap<>()));
    }

    private static void object(String path, JsonNode object, Map<String, Member> members) {
        String prefix = path.isEmpty() ? "" : path + ".";
        members.forEach((name, member) -> {
            if (name.startsWith(prefix) && name.indexOf('.', prefix.length()) < 0 && !name.endsWith("[]")) {
                member.chances++;
            }
        });
        boolean first = members.keySet().stream().noneMatch(name -> name.startsWith(prefix));
        object.properties().forEach(entry -> {
            String name = prefix + entry.getKey();
            if (NAMED.contains(path)) {
                object(path + ".NAME", entry.getValue(), members);
            } else if (!name.equals("schema")) {
                Member member = members.computeIfAbsent(name, _ -> {
                    Member added = new Member();
                    // One that was not there before was missing then.
                    added.chances = first ? 1 : 2;
                    return added;
                });
                member.seen++;
                value(name, entry.getValue(), member, members);
            }
        });
    }

    private static void value(String path, JsonNode value, Member member, Map<String, Member> members) {
        switch (value.getNodeType()) {
            case OBJECT -> {
                member.kinds.add("object");
                if (!OPEN.contains(path)) {
                    object(path, value, members);
                }
            }
            case ARRAY -> {
                member.kinds.add("list");
                String item = path + "[]";
                for (JsonNode one : value) {
                    if (OPEN.contains(item)) {
                        continue;
                    }
                    if (one.isObject()) {
                        object(item, one, members);
                    } else {
                        Member items = members.computeIfAbsent(item, _ -> new Member());
                        items.seen = items.chances = 1;
                        value(item, one, items, members);
                    }
                }
            }
            case STRING -> member.kinds.add(MOMENT.matcher(value.asText()).matches() ? "moment" : "text");
            case NUMBER -> member.kinds.add("number");
            case BOOLEAN -> member.kinds.add("truth");
            case NULL -> member.kinds.add("null");
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException(path + " is no JSON");
        }
    }

    /** What these documents have that is not declared, and lack that is. */
    List<String> against(JsonShapes declared) {
        List<String> differences = new ArrayList<>();
        declared.schemas.keySet().stream()
                .filter(schema -> !schemas.containsKey(schema))
                .forEach(schema -> differences.add("no command printed " + schema));
        schemas.forEach((schema, members) -> {
            Map<String, Member> known = declared.schemas.getOrDefault(schema, Map.of());
            members.forEach((name, member) -> {
                Member wanted = known.get(name);
                if (wanted == null) {
                    differences.add(schema + " has " + name + ", which is not declared");
                } else if (!wanted.kinds.containsAll(member.kinds)) {
                    differences.add(schema + " " + name + " is " + member.kinds + ", not " + wanted.kinds);
                } else if (wanted.seen == wanted.chances && member.seen < member.chances) {
                    differences.add(schema + " " + name + " is missing at times");
                }
            });
            known.forEach((name, wanted) -> {
                if (wanted.seen == wanted.chances && !members.containsKey(name)) {
                    differences.add(schema + " lacks " + name);
                }
            });
        });
        return differences;
    }

    /** The tables of docs/JSON.md, with what was declared before kept. */
    String markdown(JsonShapes declared) {
        StringBuilder text = new StringBuilder();
        new TreeSet<>(schemas.keySet()).forEach(schema -> {
            text.append("\n## `").append(schema).append("`\n\n");
            text.append(commands.getOrDefault(schema, Set.of()).stream()
                            .map(command -> "`" + command + "`")
                            .collect(Collectors.joining(", ")))
                    .append("\n\n| member | value |\n|---|---|\n");
            Map<String, Member> before = declared.schemas.getOrDefault(schema, Map.of());
            Map<String, Member> members = schemas.getOrDefault(schema, Map.of());
            Set<String> names = new LinkedHashSet<>(before.keySet());
            names.addAll(members.keySet());
            for (String name : names) {
                Set<String> kinds = new TreeSet<>();
                boolean always = true;
                for (Map<String, Member> source : List.of(before, members)) {
                    Member member = source.get(name);
                    if (member != null) {
                        kinds.addAll(member.kinds);
                        always &= member.seen == member.chances;
                    }
                }
                if (kinds.remove("null")) {
                    kinds = new LinkedHashSet<>(kinds);
                    kinds.add("null");
                }
                text.append("| `")
                        .append(name)
                        .append("` | ")
                        .append(String.join(" or ", kinds))
                        .append(always ? "" : ", not always")
                        .append(" |\n");
            }
        });
        return text.toString();
    }
}

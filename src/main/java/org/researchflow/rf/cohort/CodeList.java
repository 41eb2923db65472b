package org.researchflow.rf.cohort;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.view.Json;
import org.researchflow.rf.view.Json.JsonArray;
import org.researchflow.rf.view.Json.JsonBoolean;
import org.researchflow.rf.view.Json.JsonObject;
import org.researchflow.rf.view.Json.JsonString;
import org.researchflow.rf.view.Problem;
import org.researchflow.rf.view.SourceText;

/** Reads codes out of a file: one a line, or a FHIR ValueSet. */
public final class CodeList {

    private CodeList() {}

    /**
     * Reads {@code CODE} or {@code SYSTEM|CODE} on each line, where {@code #} begins a remark; or a ValueSet: the codes of
     * its expansion, or else those that it lists one by one.
     *
     * @throws Failure if there is no code in it, or the ValueSet names codes only by a rule
     */
    public static List<Code> read(String file, String text) {
        SourceText source = new SourceText(file, text.startsWith("\uFEFF") ? text.substring(1) : text);
        List<Code> codes = source.text().stripLeading().startsWith("{") ? ofValueSet(source) : ofLines(source);
        if (codes.isEmpty()) {
            throw Failure.usage("no code in " + file)
                    .note(
                            "try",
                            "one code a line, such as 44054006 or snomed|44054006, or a FHIR ValueSet with its expansion");
        }
        return codes.stream().distinct().toList();
    }

    private static List<Code> ofLines(SourceText source) {
        List<Code> codes = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        int offset = 0;
        for (String line : source.text().split("\n", -1)) {
            String code = line.replaceFirst("(^|\\s)#.*", "").strip();
            if (!code.isEmpty()) {
                try {
                    codes.add(Code.parse(code));
                } catch (Failure e) {
                    problems.add(Problem.at(source.place(offset), e.what(), "expected a code"));
                }
            }
            offset += line.length() + 1;
        }
        if (!problems.isEmpty()) {
            throw Problem.failure(problems);
        }
        return codes;
    }

    private static List<Code> ofValueSet(SourceText source) {
        Json document = Json.parse(source);
        if (!(document instanceof JsonObject valueSet)
                || !text(valueSet, "resourceType").equals("ValueSet")) {
            throw wrong(source, document, "not a ValueSet", "expected \"resourceType\": \"ValueSet\"");
        }
        List<Code> codes = new ArrayList<>();
        Optional<JsonObject> expansion = object(valueSet, "expansion");
        if (expansion.isPresent()) {
            expanded(expansion.get(), codes);
            return codes;
        }
        JsonObject compose = object(valueSet, "compose")
                .orElseThrow(() -> wrong(source, document, "a ValueSet without codes", "expected an expansion"));
        for (JsonObject include : objects(compose, "include")) {
            if (include.get("filter").isPresent()
                    || include.get("valueSet").isPresent()
                    || include.get("concept").isEmpty()) {
                throw wrong(
                        source,
                        include,
                        "a ValueSet that names codes by a rule",
                        "expected its expansion: ask a server for $expand");
            }
            for (JsonObject concept : objects(include, "concept")) {
                add(codes, text(include, "system"), text(concept, "code"));
            }
        }
        if (compose.get("exclude").isPresent()) {
            throw wrong(
                    source,
                    compose,
                    "a ValueSet that excludes codes",
                    "expected its expansion: ask a server for $expand");
        }
        return codes;
    }

    /** Abstract concepts only group others. */
    private static void expanded(JsonObject parent, List<Code> codes) {
        for (JsonObject concept : objects(parent, "contains")) {
            boolean grouping =
                    concept.get("abstract").orElse(null) instanceof JsonBoolean(boolean value, int _) && value;
            if (!grouping) {
                add(codes, text(concept, "system"), text(concept, "code"));
            }
            expanded(concept, codes);
        }
    }

    private static void add(List<Code> codes, String system, String code) {
        if (code.indexOf('\0') >= 0 || system.indexOf('\0') >= 0) {
            throw Failure.usage("not a code: \"" + Quoted.shown(system + "|" + code) + '"');
        }
        if (!code.isBlank()) {
            codes.add(new Code(system.isEmpty() ? Optional.empty() : Optional.of(system), code));
        }
    }

    private static String text(JsonObject object, String name) {
        return object.get(name).orElse(null) instanceof JsonString(String value, int _) ? value : "";
    }

    private static Optional<JsonObject> object(JsonObject parent, String name) {
        return parent.get(name).filter(JsonObject.class::isInstance).map(JsonObject.class::cast);
    }

    private static List<JsonObject> objects(JsonObject parent, String name) {
        List<JsonObject> objects = new ArrayList<>();
        if (parent.get(name).orElse(null) instanceof JsonArray(List<Json> items, int _)) {
            for (Json item : items) {
                if (item instanceof JsonObject object) {
                    objects.add(object);
                }
            }
        }
        return objects;
    }

    private static Failure wrong(SourceText source, Json at, String what, String remark) {
        return Problem.failure(List.of(Problem.at(source.place(at.offset()), what, remark)));
    }
}

package org.researchflow.rf.fhir;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The types of one FHIR version and their elements, as the published StructureDefinitions declare them.
 *
 * <p>A type is a resource type ({@code Patient}), a data type ({@code HumanName}, {@code positiveInt}) or a nested type,
 * which is named by its path ({@code Patient.contact}). Asking about an unknown type is not an error: nothing is found.
 * Nothing is parsed before it is asked for, since most commands need a handful of the 700 types.
 */
public final class ElementTable {

    private static final Map<FhirVersion, ElementTable> TABLES = new ConcurrentHashMap<>();

    private final String text;
    private final Map<String, Optional<TypeLine>> types = new ConcurrentHashMap<>();

    private ElementTable(String text) {
        this.text = text;
    }

    public static ElementTable of(FhirVersion version) {
        return TABLES.computeIfAbsent(version, ElementTable::read);
    }

    private static ElementTable read(FhirVersion version) {
        String name = version.name().toLowerCase(Locale.ROOT) + ".elements";
        try (InputStream in = ElementTable.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the build left out " + name);
            }
            return new ElementTable(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The element of that name, the type's own or an inherited one. */
    public Optional<Element> element(String type, String name) {
        return type(type).flatMap(line -> {
            Optional<Element> own = line.element(name);
            return own.isPresent() ? own : line.base().flatMap(base -> element(base, name));
        });
    }

    /** All elements of a type: first the inherited ones, then its own, in the order of the specification. */
    public List<Element> elements(String type) {
        Map<String, Element> elements = new LinkedHashMap<>();
        collect(type, elements);
        return List.copyOf(elements.values());
    }

    private void collect(String type, Map<String, Element> elements) {
        type(type).ifPresent(line -> {
            line.base().ifPresent(base -> collect(base, elements));
            line.elements().forEach(element -> elements.put(element.name(), element));
        });
    }

    public boolean isType(String name) {
        return type(name).isPresent();
    }

    /** Whether it is a resource type, be it an abstract one such as {@code DomainResource}. */
    public boolean isResource(String type) {
        return type(type).filter(line -> line.kind() == TypeLine.Kind.RESOURCE).isPresent();
    }

    public boolean isPrimitive(String type) {
        return type(type).filter(line -> line.kind() == TypeLine.Kind.PRIMITIVE).isPresent();
    }

    /** The type that it specializes: {@code integer} of {@code positiveInt}, {@code DomainResource} of {@code Patient}. */
    public Optional<String> base(String type) {
        return type(type).flatMap(TypeLine::base);
    }

    /** Whether a type is that ancestor or specializes it, directly or not. */
    public boolean isA(String type, String ancestor) {
        return isType(type)
                && (type.equals(ancestor)
                        || base(type).filter(base -> isA(base, ancestor)).isPresent());
    }

    /** The types that a stored resource can have, sorted. */
    public List<String> resourceTypes() {
        return typeNames().stream()
                .filter(this::isResource)
                .filter(type -> type(type).filter(TypeLine::isAbstract).isEmpty())
                .toList();
    }

    /** The names of all types except nested ones, sorted. */
    public List<String> typeNames() {
        List<String> names = new ArrayList<>();
        for (int start = 0; start < text.length(); start = endOfLine(start) + 1) {
            String name = text.substring(start, text.indexOf(' ', start));
            if (name.indexOf('.') < 0) {
                names.add(name);
            }
        }
        return List.copyOf(names);
    }

    private Optional<TypeLine> type(String name) {
        return types.computeIfAbsent(name, this::find);
    }

    /** A binary search over the text itself: its lines are sorted, and most of them are never looked at. */
    private Optional<TypeLine> find(String name) {
        int low = 0;
        int high = text.length();
        while (low < high) {
            int start = text.lastIndexOf('\n', (low + high) / 2 - 1) + 1;
            int end = endOfLine(start);
            int order = name.compareTo(text.substring(start, text.indexOf(' ', start)));
            if (order == 0) {
                return Optional.of(TypeLine.parse(text.substring(start, end)));
            } else if (order < 0) {
                high = start;
            } else {
                low = end + 1;
            }
        }
        return Optional.empty();
    }

    private int endOfLine(int start) {
        return text.indexOf('\n', start);
    }
}

package org.researchflow.rf.fhir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One line of the element table: a type with the elements that its base does not have.
 *
 * <p>{@code Patient r DomainResource identifier*Identifier active:boolean deceased?boolean|dateTime}
 *
 * @param isAbstract whether nothing is of this type without being of a type that specializes it
 * @param elements in the order of the specification
 */
record TypeLine(Kind kind, boolean isAbstract, Optional<String> base, List<Element> elements) {

    /** What a type is. */
    enum Kind {
        RESOURCE,
        COMPLEX,
        BACKBONE,
        PRIMITIVE
    }

    TypeLine {
        elements = List.copyOf(elements);
    }

    static TypeLine parse(String line) {
        String[] fields = line.split(" ", -1);
        List<Element> elements = new ArrayList<>();
        for (int i = 3; i < fields.length; i++) {
            elements.add(parseElement(fields[i]));
        }
        char kind = fields[1].charAt(0);
        return new TypeLine(
                kind(Character.toLowerCase(kind)),
                Character.isUpperCase(kind),
                fields[2].equals("-") ? Optional.empty() : Optional.of(fields[2]),
                elements);
    }

    private static Kind kind(char letter) {
        return switch (letter) {
            case 'r' -> Kind.RESOURCE;
            case 'c' -> Kind.COMPLEX;
            case 'b' -> Kind.BACKBONE;
            case 'p' -> Kind.PRIMITIVE;
            default -> throw new IllegalStateException("no kind of type has the letter " + letter);
        };
    }

    private static Element parseElement(String declaration) {
        int sign = 0;
        while (Character.isLetterOrDigit(declaration.charAt(sign))) {
            sign++;
        }
        return new Element(
                declaration.substring(0, sign),
                List.of(declaration.substring(sign + 1).split("\\|", -1)),
                declaration.charAt(sign) == '*',
                declaration.charAt(sign) == '?');
    }

    Optional<Element> element(String name) {
        for (Element element : elements) {
            if (element.name().equals(name)) {
                return Optional.of(element);
            }
        }
        return Optional.empty();
    }
}

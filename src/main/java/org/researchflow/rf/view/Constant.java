package org.researchflow.rf.view;

/**
 * A ViewDefinition's constant, {@code %name} in its paths.
 *
 * @param name the name without the percent sign
 * @param type the FHIR type its {@code value[x]} names: {@code string}, {@code dateTime}, …
 * @param value the value as written: a number keeps its digits
 */
public record Constant(String name, String type, String value) {}

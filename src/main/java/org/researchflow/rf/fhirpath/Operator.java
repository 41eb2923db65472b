package org.researchflow.rf.fhirpath;

/** FHIRPath's binary operators, weakest binding first; those of one rank bind equally. */
public enum Operator {
    IMPLIES("implies", 1),
    OR("or", 2),
    XOR("xor", 2),
    AND("and", 3),
    IN("in", 4),
    CONTAINS("contains", 4),
    EQUAL("=", 5),
    EQUIVALENT("~", 5),
    NOT_EQUAL("!=", 5),
    NOT_EQUIVALENT("!~", 5),
    LESS("<", 6),
    LESS_OR_EQUAL("<=", 6),
    GREATER(">", 6),
    GREATER_OR_EQUAL(">=", 6),
    UNION("|", 7),
    ADD("+", 9),
    SUBTRACT("-", 9),
    CONCATENATE("&", 9),
    MULTIPLY("*", 10),
    DIVIDE("/", 10),
    INTEGER_DIVIDE("div", 10),
    MODULO("mod", 10);

    /** The rank of {@code is} and {@code as}, which take a type on the right. */
    static final int TYPE_RANK = 8;

    static final int STRONGEST_RANK = 10;

    private final String symbol;
    private final int rank;

    Operator(String symbol, int rank) {
        this.symbol = symbol;
        this.rank = rank;
    }

    public String symbol() {
        return symbol;
    }

    int rank() {
        return rank;
    }
}

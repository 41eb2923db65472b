package org.researchflow.rf.plan;

/** The functions of FHIRPath that turn single values into one value; each is empty when an argument is. */
public enum Scalar {
    UPPER,
    LOWER,
    TRIM,
    LENGTH,
    STARTS_WITH,
    ENDS_WITH,
    CONTAINS,
    INDEX_OF,
    LAST_INDEX_OF,
    SUBSTRING_FROM,
    SUBSTRING,
    REPLACE,
    MATCHES,
    REPLACE_MATCHES,
    ABS,
    CEILING,
    FLOOR,
    TRUNCATE,
    ROUND,
    SQUARE_ROOT,
    EXPONENTIAL,
    NATURAL_LOGARITHM,
    LOGARITHM,
    POWER,
    /** The value itself, without what may stand beside it. */
    VALUE,
    /** A number or a boolean as text. */
    TEXT,
    QUANTITY_TEXT,
    TEXT_TO_BOOLEAN,
    NUMBER_TO_BOOLEAN,
    TEXT_TO_INTEGER,
    NUMBER_TO_INTEGER,
    TEXT_TO_DECIMAL,
    BOOLEAN_TO_NUMBER,
    TEXT_TO_DATE,
    TEXT_TO_DATE_TIME,
    TEXT_TO_TIME,
    NUMBER_TO_QUANTITY,
    TEXT_TO_QUANTITY,
    /** A Quantity with another number as its value. */
    WITH_VALUE
}

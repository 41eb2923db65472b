package org.researchflow.rf.sql;

import org.researchflow.rf.plan.Type;

/** In which SQL type a value is written. */
enum Form {
    JSON("jsonb"),
    TEXT("text"),
    NUMBER("numeric"),
    BOOLEAN("boolean");

    private final String sqlType;

    Form(String sqlType) {
        this.sqlType = sqlType;
    }

    String sqlType() {
        return sqlType;
    }

    /** The form in which values of a type compare. */
    static Form of(Type type) {
        return switch (type.kind()) {
            case BOOLEAN -> BOOLEAN;
            case INTEGER, DECIMAL -> NUMBER;
            case STRING, DATE, DATE_TIME, TIME -> TEXT;
            case QUANTITY, COMPLEX -> JSON;
        };
    }

    /** The form in which an item of a JSON array is unpacked: text where that is what is compared anyway. */
    static Form unpacked(Type type) {
        return of(type) == TEXT ? TEXT : JSON;
    }

    /** An expression of this form in another. */
    String as(Form wanted, String sql) {
        if (this == wanted) {
            return sql;
        }
        return switch (wanted) {
            case TEXT -> this == JSON ? "(" + sql + " #>> '{}')" : "(" + sql + ")::text";
            case JSON -> "to_jsonb(" + sql + ")";
            case NUMBER -> "(" + sql + ")::numeric";
            case BOOLEAN -> "(" + sql + ")::boolean";
        };
    }
}

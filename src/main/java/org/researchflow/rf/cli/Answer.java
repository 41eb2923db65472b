package org.researchflow.rf.cli;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a command's rows are, whatever the format.
 *
 * @param schema the JSON document's {@code schema}, such as {@code rf.views/v1}
 * @param rowsName the member of the document that holds the rows
 * @param fields the columns
 */
public record Answer(String schema, String rowsName, List<Field> fields) {
    public Answer {
        fields = List.copyOf(fields);
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (!names.add(field.name())) {
                throw new IllegalArgumentException("two columns named " + field.name());
            }
        }
    }

    public static Answer of(String schema, String rowsName, Field... fields) {
        return new Answer(schema, rowsName, List.of(fields));
    }
}

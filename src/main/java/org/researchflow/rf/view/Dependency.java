package org.researchflow.rf.view;

/**
 * A view or table that SQL reads.
 *
 * @param label its name in the SQL
 * @param target what that is: a canonical URL or reference, the name of a view, or {@code schema.table}
 */
public record Dependency(String label, String target) {

    /** Whether the target is a URL or a reference, of which the version counts for nothing. */
    public boolean isReference() {
        return target.contains("/");
    }

    /** The URL or reference without a version. */
    public String reference() {
        int version = target.indexOf('|');
        return version < 0 ? target : target.substring(0, version);
    }

    /** What stands behind the last slash: by custom the name of what is referred to. */
    public String lastSegment() {
        return reference().substring(reference().lastIndexOf('/') + 1);
    }
}

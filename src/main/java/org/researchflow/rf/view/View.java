package org.researchflow.rf.view;

/** A view that can be materialized: over the resources of one type, or over other views and tables. */
public sealed interface View permits ViewDefinition, SqlView {

    /** The name by which people query it. */
    String name();

    /** The document as given. */
    SourceText source();
}

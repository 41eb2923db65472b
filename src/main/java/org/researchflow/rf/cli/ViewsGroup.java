package org.researchflow.rf.cli;

import picocli.CommandLine.Command;

/** {@code rf views}. */
@Command(
        description = {
            "Makes and looks after materialized views.",
            "A view is a ViewDefinition, or a SQLView over other views and tables; its rows are kept in the schema sqlonfhir of the database that the HAPI server"
                    + " writes to, where psql and every other client can read them."
        },
        footer = {"rf views create-all", "rf views list", "rf views create -f my_view.json"})
final class ViewsGroup {}

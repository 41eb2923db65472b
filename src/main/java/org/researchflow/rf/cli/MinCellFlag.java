package org.researchflow.rf.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.cohort.SmallCells;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.config.ConfigValue;
import org.researchflow.rf.config.Configuration;
import picocli.CommandLine.Option;

/** The option that withholds small numbers of patients. */
final class MinCellFlag implements PlainOptions {

    @Option(
            names = "--min-cell",
            paramLabel = "N",
            description =
                    "Tell no number of patients from 1 to N-1, nor any from which one could be worked out, nor the"
                            + " keys and rows of so few (RF_MIN_CELL; default: 0, which tells all). Several answers beside each"
                            + " other may still tell small differences.")
    private @Nullable String least;

    @Override
    public void fill(PlainLine line) {
        least = line.value("--min-cell");
    }

    SmallCells smallCells(Configuration configuration) {
        ConfigValue value = configuration.require(ConfigKey.MIN_CELL, Optional.ofNullable(least));
        String text = value.text().strip();
        if (!text.matches("[0-9]{1,6}")) {
            throw Failure.usage(value.origin() + " takes a whole number, not \"" + Printable.line(text) + '"')
                    .note("try", "--min-cell 11");
        }
        return new SmallCells(Integer.parseInt(text));
    }
}

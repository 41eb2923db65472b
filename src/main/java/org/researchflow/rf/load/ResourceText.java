package org.researchflow.rf.load;

import java.util.Optional;
import org.researchflow.rf.source.StoredResource;

/** The JSON text of one resource, by the rules of a line of Bulk Data. */
public final class ResourceText {

    private ResourceText() {}

    /** What the resource table takes of it; empty when it takes nothing. */
    public static Optional<StoredResource> read(byte[] text) {
        return Line.read(text, Optional.empty()) instanceof Line.Good good
                        && good.resources().size() == 1
                        && good.resources().getFirst().body().isPresent()
                ? Optional.of(good.resources().getFirst())
                : Optional.empty();
    }
}

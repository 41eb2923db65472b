package org.researchflow.rf.cohort;

import java.util.Optional;
import org.researchflow.rf.Failure;

/**
 * A code as a question names it.
 *
 * @param system the code system, if it matters
 * @param code the code
 * @param reach which codes are meant by it
 */
public record Code(Optional<String> system, String code, Reach reach) {

    /** The code alone. */
    public Code(Optional<String> system, String code) {
        this(system, code, Reach.ITSELF);
    }

    /**
     * Reads {@code CODE} or {@code SYSTEM|CODE}, where the system is a URI or a short name: {@code snomed|44054006}. With
     * {@code <<} in front it means the codes below it, too, with {@code <} only these.
     *
     * @throws Failure if there is no code, or no such short name
     */
    public static Code parse(String named) {
        Reach reach = Reach.of(named.strip());
        String text = named.strip().substring(reach.sign().length());
        int bar = text.lastIndexOf('|');
        String code = text.substring(bar + 1).strip();
        String system = bar < 0 ? "" : text.substring(0, bar).strip();
        if (code.isEmpty() || text.indexOf('\0') >= 0) {
            throw Failure.usage("not a code: \"" + named.replace("\0", "\\0") + '"')
                    .note("try", "a code such as 44054006, snomed|44054006 or http://snomed.info/sct|44054006");
        }
        return new Code(system.isEmpty() ? Optional.empty() : Optional.of(CodeSystem.uri(system)), code, reach);
    }

    /** What is wrong with the code itself, as far as that can be told; something to add to a message. */
    public Optional<String> doubt() {
        boolean perhapsSnomed = system.isEmpty() || system.get().equals("http://snomed.info/sct");
        return perhapsSnomed
                ? SnomedId.corrected(code).map(right -> "its SNOMED check digit is wrong; " + right + " would pass")
                : Optional.empty();
    }

    @Override
    public String toString() {
        return reach.sign() + system.map(s -> s + "|").orElse("") + code;
    }
}

package org.researchflow.rf.config;

import java.time.DateTimeException;
import java.time.ZoneId;

/** The forms that several settings share. */
final class Forms {

    static final Form ANY = Form.Text.matching("text", "(?s).+");
    static final Form FILE = Form.Text.matching("a file", "[^\\n]+");
    static final Form TIME = Form.Text.matching("a time such as 30s, 10m or 24h", "[0-9]{1,6}(ms|s|m|h|d)");
    static final Form POSTGRES =
            Form.Text.matching("a URL such as postgresql://rf@db.example.org/hapi", "(jdbc:)?postgres(ql)?://.*");
    static final Form REDIS = Form.Text.matching("a URL such as redis://localhost:6379", "redis(s|-sentinel)?://.*");
    static final Form HTTP =
            Form.Text.matching("a URL such as https://fhir.example.org/fhir", "https?://[^\\s/?#@]+(/[^\\s?#]*)?");
    static final Form ZONE = new Form.Text("a time zone such as Europe/Paris or +02:00", Forms::isZone);

    private Forms() {}

    private static boolean isZone(String text) {
        try {
            ZoneId.of(text);
            return true;
        } catch (DateTimeException _) {
            return false;
        }
    }
}

package org.researchflow.rf.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A report as one page that holds everything it needs, and asks nothing of any network. */
public final class HtmlReport {

    private static final String PAGE = "/bench/report.html";
    private static final String CHARTS = "/META-INF/resources/webjars/chart.js/4.4.9/dist/chart.umd.js";

    private HtmlReport() {}

    /**
     * The page.
     *
     * @param json of the report
     */
    public static String of(String json) {
        return text(PAGE)
                .replace("@chart@", text(CHARTS).replaceFirst("(?m)^//# sourceMappingURL=.*$", ""))
                // Nothing in it can end the element that it stands in.
                .replace("@report@", json.replace("<", "\\u003c"));
    }

    private static String text(String resource) {
        try (InputStream in = Objects.requireNonNull(HtmlReport.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

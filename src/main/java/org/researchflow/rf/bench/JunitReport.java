package org.researchflow.rf.bench;

import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A report in the form in which CI servers read test results: a case for each series, and one for what each gate says of it. */
public final class JunitReport {

    private JunitReport() {}

    /** As XML. */
    public static String of(Report report) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "rf bench");
            xml.writeAttribute(
                    "tests",
                    String.valueOf(report.measured().size() + report.verdicts().size()));
            xml.writeAttribute(
                    "failures",
                    String.valueOf(report.verdicts().stream()
                            .filter(Gate.Verdict::broken)
                            .count()));
            xml.writeAttribute(
                    "errors",
                    String.valueOf(report.measured().stream()
                            .filter(one -> one.errors() > 0)
                            .count()));
            for (Measured one : report.measured()) {
                measured(xml, one);
            }
            for (Gate.Verdict verdict : report.verdicts()) {
                verdict(xml, verdict);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return text + "\n";
    }

    private static void measured(XMLStreamWriter xml, Measured one) throws XMLStreamException {
        start(xml, one.series(), "");
        double seconds = one.figures().containsKey(Metric.P50)
                ? one.figures().get(Metric.P50).value() / 1000
                : 0;
        xml.writeAttribute("time", String.format(Locale.ROOT, "%.6f", seconds));
        if (one.errors() > 0) {
            xml.writeEmptyElement("error");
            xml.writeAttribute("message", one.errors() + " of " + one.asked() + " questions failed");
        }
        xml.writeEndElement();
    }

    private static void verdict(XMLStreamWriter xml, Gate.Verdict verdict) throws XMLStreamException {
        start(xml, verdict.series(), " " + verdict.gate().text());
        if (verdict.broken()) {
            xml.writeEmptyElement("failure");
            xml.writeAttribute("message", verdict.why());
        }
        xml.writeEndElement();
    }

    private static void start(XMLStreamWriter xml, Series series, String more) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", String.join(".", List.of("rf", "bench", series.scenario())));
        xml.writeAttribute("name", series.query() + " " + series.runner() + more);
    }
}

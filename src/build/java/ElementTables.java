import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The build step that turns the published StructureDefinitions of each FHIR version into its element table.
 *
 * <p>Started as {@code java ElementTables.java <folder of jars> <output folder>}. It writes one line a type, sorted:
 *
 * <pre>
 * Patient r DomainResource identifier*Identifier active:boolean deceased?boolean|dateTime contact*Patient.contact …
 * </pre>
 *
 * that is: name; kind ({@code r}esource, {@code c}omplex, {@code b}ackbone, {@code p}rimitive; upper case when
 * abstract); base ({@code -} when there is none); the elements that the base does not have, where {@code :} means at
 * most one value, {@code *} many, {@code ?} a choice of types. {@code ElementTable} reads it.
 */
public final class ElementTables {

    private static final String FHIR_TYPE = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";

    /** A StructureDefinition, as far as the table needs it. */
    record Definition(String type, String kind, String derivation, boolean isAbstract, String base, List<Row> rows) {

        /** Profiles share the type of what they constrain, and logical models are no part of the wire format. */
        boolean definesType() {
            return !derivation.equals("constraint") && !kind.equals("logical");
        }
    }

    /** One element of a snapshot. */
    record Row(String path, String max, List<String> types, String contentReference) {

        String parent() {
            return path.substring(0, path.lastIndexOf('.'));
        }

        boolean choice() {
            return path.endsWith("[x]");
        }

        String name() {
            String last = path.substring(path.lastIndexOf('.') + 1);
            return choice() ? last.substring(0, last.length() - "[x]".length()) : last;
        }
    }

    /** One line of the table; {@code elements} maps a name to marker and types. */
    record Type(char kind, String base, Map<String, String> elements) {}

    public static void main(String[] args) throws IOException {
        Path jars = Path.of(args[0]);
        Path output = Path.of(args[1]);
        Map<String, String> tables = Stream.of("r4", "r4b", "r5")
                .parallel()
                .collect(Collectors.toMap(version -> version, version -> table(version, jars)));
        Files.createDirectories(output);
        // In this order and only when all are there: the build takes the last one's time for the time of them all.
        for (String version : List.of("r4", "r4b", "r5")) {
            Files.writeString(output.resolve(version + ".elements"), tables.get(version));
        }
    }

    private static String table(String version, Path jars) {
        try {
            return write(tabulate(read(version, jars.resolve("hapi-fhir-validation-resources-" + version + ".jar"))));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<Definition> read(String version, Path jar) throws IOException {
        List<Definition> found = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            if (version.equals("r5")) {
                try (InputStream in = open(zip, "org/hl7/fhir/r5/packages/hl7.fhir.r5.core-5.0.0.tgz")) {
                    readPackage(in, found);
                }
            } else {
                for (String file : List.of("profiles-types.xml", "profiles-resources.xml")) {
                    try (InputStream in = open(zip, "org/hl7/fhir/" + version + "/model/profile/" + file)) {
                        readBundle(in, found);
                    }
                }
            }
        }
        return found;
    }

    private static InputStream open(ZipFile zip, String name) throws IOException {
        return new BufferedInputStream(zip.getInputStream(zip.getEntry(name)), 1 << 16);
    }

    // ---- R5: an npm package, which is a gzipped tar of JSON files

    private static void readPackage(InputStream tgz, List<Definition> found) throws IOException {
        ObjectMapper json = new ObjectMapper();
        DataInputStream tar = new DataInputStream(new GZIPInputStream(tgz, 1 << 16));
        byte[] header = new byte[512];
        tar.readFully(header);
        while (header[0] != 0) {
            String name = field(header, 0, 100);
            int size = Integer.parseInt(field(header, 124, 12).trim(), 8);
            if (name.startsWith("package/StructureDefinition-")) {
                found.add(definition(json.readTree(tar.readNBytes(size))));
            } else {
                tar.skipNBytes(size);
            }
            tar.skipNBytes(Math.floorMod(-size, 512));
            tar.readFully(header);
        }
    }

    private static String field(byte[] header, int offset, int length) {
        String padded = new String(header, offset, length, StandardCharsets.US_ASCII);
        int end = padded.indexOf('\0');
        return end < 0 ? padded : padded.substring(0, end);
    }

    private static Definition definition(JsonNode json) {
        List<Row> rows = new ArrayList<>();
        for (JsonNode element : json.path("snapshot").path("element")) {
            List<String> types = new ArrayList<>();
            for (JsonNode type : element.path("type")) {
                String code = type.path("code").asText();
                for (JsonNode extension : type.path("extension")) {
                    if (extension.path("url").asText().equals(FHIR_TYPE)) {
                        code = extension.path("valueUrl").asText();
                    }
                }
                types.add(code);
            }
            rows.add(new Row(
                    element.path("path").asText(),
                    element.path("max").asText(),
                    types,
                    element.path("contentReference").asText()));
        }
        return new Definition(
                json.path("type").asText(),
                json.path("kind").asText(),
                json.path("derivation").asText(),
                json.path("abstract").asBoolean(),
                json.path("baseDefinition").asText(),
                rows);
    }

    // ---- R4 and R4B: a Bundle in XML

    private static void readBundle(InputStream in, List<Definition> found) throws IOException {
        try {
            XMLStreamReader xml = XMLInputFactory.newDefaultFactory().createXMLStreamReader(in);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("StructureDefinition")) {
                    found.add(definition(xml));
                }
            }
        } catch (XMLStreamException failure) {
            throw new IOException(failure);
        }
    }

    private static Definition definition(XMLStreamReader xml) throws XMLStreamException {
        Map<String, String> fields = new TreeMap<>();
        Map<String, String> element = new TreeMap<>();
        List<String> types = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        Deque<String> path = new ArrayDeque<>();
        String fhirType = "";
        String extension = "";
        while (true) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                path.addLast(xml.getLocalName());
                String value = xml.getAttributeValue(null, "value");
                switch (String.join("/", path)) {
                    case "kind", "type", "derivation", "abstract", "baseDefinition" ->
                        fields.put(xml.getLocalName(), value);
                    case "snapshot/element/path", "snapshot/element/max", "snapshot/element/contentReference" ->
                        element.put(xml.getLocalName(), value);
                    case "snapshot/element/type/extension" -> extension = xml.getAttributeValue(null, "url");
                    case "snapshot/element/type/extension/valueUrl" ->
                        fhirType = extension.equals(FHIR_TYPE) ? value : fhirType;
                    case "snapshot/element/type/code" -> types.add(fhirType.isEmpty() ? value : fhirType);
                    default -> {}
                }
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                switch (String.join("/", path)) {
                    case "" -> {
                        return new Definition(
                                fields.get("type"),
                                fields.get("kind"),
                                fields.getOrDefault("derivation", ""),
                                fields.get("abstract").equals("true"),
                                fields.getOrDefault("baseDefinition", ""),
                                rows);
                    }
                    case "snapshot/element/type" -> fhirType = "";
                    case "snapshot/element" -> {
                        rows.add(new Row(
                                element.get("path"),
                                element.getOrDefault("max", ""),
                                List.copyOf(types),
                                element.getOrDefault("contentReference", "")));
                        element.clear();
                        types.clear();
                    }
                    default -> {}
                }
                path.removeLast();
            }
        }
    }

    // ---- From definitions to the table

    private static Map<String, Type> tabulate(List<Definition> definitions) {
        Map<String, Type> types = new TreeMap<>();
        for (Definition definition : definitions) {
            if (definition.definesType()) {
                tabulate(definition, types);
            }
        }
        dropInherited(types);
        check(types);
        return types;
    }

    private static void tabulate(Definition definition, Map<String, Type> types) {
        char kind = definition.kind().charAt(0);
        String base = definition.base().substring(definition.base().lastIndexOf('/') + 1);
        types.put(
                definition.type(),
                new Type(definition.isAbstract() ? Character.toUpperCase(kind) : kind, base, new LinkedHashMap<>()));
        Set<String> parents = definition.rows().stream()
                .filter(row -> row.path().contains("."))
                .map(Row::parent)
                .collect(Collectors.toSet());
        for (Row row : definition.rows().subList(1, definition.rows().size())) {
            // A primitive's value is a FHIRPath system value, not a child.
            boolean isValue = kind == 'p' && row.name().equals("value");
            if (isValue || row.max().equals("0")) {
                continue;
            }
            if (parents.contains(row.path())) {
                types.put(row.path(), new Type('b', row.types().getFirst(), new LinkedHashMap<>()));
            }
            types.get(row.parent()).elements().put(row.name(), declaration(row, typeNames(row, kind, parents)));
        }
    }

    private static String declaration(Row row, Set<String> types) {
        boolean repeats = !row.max().equals("1");
        if (row.choice() && repeats) {
            throw new IllegalStateException("the format has no sign for a choice that repeats: " + row.path());
        }
        return (row.choice() ? "?" : repeats ? "*" : ":") + String.join("|", types);
    }

    private static Set<String> typeNames(Row row, char kind, Set<String> parents) {
        if (parents.contains(row.path())) {
            return Set.of(row.path());
        }
        if (!row.contentReference().isEmpty()) {
            return Set.of(
                    row.contentReference().substring(row.contentReference().indexOf('#') + 1));
        }
        // The published types of ids contradict each other, between versions and between a type and its base.
        if (row.name().equals("id")) {
            return Set.of(kind == 'r' && !row.parent().contains(".") ? "id" : "string");
        }
        return new LinkedHashSet<>(row.types());
    }

    /** A snapshot repeats what its base has; the table says it once, and again only where the type redefines it. */
    private static void dropInherited(Map<String, Type> types) {
        Map<String, Map<String, String>> inherited = new TreeMap<>();
        types.forEach((name, type) -> inherited.put(name, allElements(types.get(type.base()), types)));
        types.forEach((name, type) ->
                type.elements().entrySet().removeAll(inherited.get(name).entrySet()));
    }

    private static Map<String, String> allElements(Type type, Map<String, Type> types) {
        if (type == null) {
            return Map.of();
        }
        Map<String, String> all = new TreeMap<>(allElements(types.get(type.base()), types));
        all.putAll(type.elements());
        return all;
    }

    private static void check(Map<String, Type> types) {
        types.forEach((name, type) -> {
            if (!type.base().isEmpty() && !types.containsKey(type.base())) {
                throw new IllegalStateException(name + " has the unknown base " + type.base());
            }
            type.elements().forEach((element, declaration) -> {
                for (String used : declaration.substring(1).split("\\|", -1)) {
                    if (!types.containsKey(used)) {
                        throw new IllegalStateException(name + "." + element + " has the unknown type " + used);
                    }
                }
            });
        });
    }

    private static String write(Map<String, Type> types) {
        StringBuilder text = new StringBuilder();
        types.forEach((name, type) -> {
            text.append(name).append(' ').append(type.kind()).append(' ');
            text.append(type.base().isEmpty() ? "-" : type.base());
            type.elements()
                    .forEach((element, declaration) ->
                            text.append(' ').append(element).append(declaration));
            text.append('\n');
        });
        return text.toString();
    }
}

package org.researchflow.rf.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.fhir.ElementTable;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.load.Rejection.Reason;
import org.researchflow.rf.source.StoredResource;

/** What a line of Bulk Data says. */
sealed interface Line {

    /** A resource, or the tombstones of several. */
    record Good(List<StoredResource> resources) implements Line {
        public Good {
            resources = List.copyOf(resources);
        }
    }

    /** Nothing that can be loaded. */
    record Bad(Reason reason) implements Line {}

    /**
     * Reads a line.
     *
     * @param exported when the export was made, if that is known: what it says is deleted was so then
     */
    static Line read(byte[] text, Optional<Instant> exported) {
        try (JsonParser parser = Reader.JSON.createParser(text)) {
            return new Reader(parser, text, exported).line();
        } catch (JsonProcessingException e) {
            return new Bad(Reason.NOT_JSON);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /** Reads one line without building a tree of it. */
    final class Reader {

        private static final JsonFactory JSON = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .build())
                .build();

        private static final Set<String> TYPES = types();

        /** FHIR's own rule is stricter; servers are not always. What matters is that a reference can name it. */
        private static final Pattern ID = Pattern.compile("[^\\s/?#|]{1,256}");

        private final JsonParser parser;
        private final byte[] text;
        private final Optional<Instant> exported;
        private @Nullable String type;
        private @Nullable String id;
        private @Nullable String version;
        private @Nullable String updated;
        private final List<Entry> entries = new ArrayList<>();

        /** What an entry of a Bundle asks for. */
        private record Entry(
                @Nullable String method, @Nullable String url) {}

        private Reader(JsonParser parser, byte[] text, Optional<Instant> exported) {
            this.parser = parser;
            this.text = text;
            this.exported = exported;
        }

        private static Set<String> types() {
            Set<String> types = new TreeSet<>();
            for (FhirVersion version : FhirVersion.values()) {
                types.addAll(ElementTable.of(version).resourceTypes());
            }
            return Set.copyOf(types);
        }

        private Line line() throws IOException {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                // Rest of it may not be JSON at all.
                parser.skipChildren();
                return new Bad(Reason.NOT_AN_OBJECT);
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                member(parser.currentName());
            }
            if (parser.nextToken() != null) {
                return new Bad(Reason.MORE_THAN_ONE);
            }
            if (type == null) {
                return new Bad(Reason.NO_TYPE);
            }
            return type.equals("Bundle") && isDeletion() ? deletion() : resource(type);
        }

        private void member(String name) throws IOException {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "resourceType" -> type = string();
                case "id" -> id = string();
                case "meta" -> meta(value);
                case "entry" -> entries(value);
                default -> parser.skipChildren();
            }
        }

        private void meta(JsonToken value) throws IOException {
            if (value != JsonToken.START_OBJECT) {
                parser.skipChildren();
                return;
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "versionId" -> version = string();
                    case "lastUpdated" -> updated = string();
                    default -> parser.skipChildren();
                }
            }
        }

        private void entries(JsonToken value) throws IOException {
            entries.clear();
            if (value != JsonToken.START_ARRAY || !"Bundle".equals(type)) {
                parser.skipChildren();
                return;
            }
            for (JsonToken entry = parser.nextToken(); entry != JsonToken.END_ARRAY; entry = parser.nextToken()) {
                entries.add(entry == JsonToken.START_OBJECT ? entry() : noRequest());
            }
        }

        private Entry entry() throws IOException {
            Entry entry = new Entry(null, null);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.START_OBJECT && name.equals("request")) {
                    entry = request();
                } else {
                    parser.skipChildren();
                }
            }
            return entry;
        }

        private Entry noRequest() throws IOException {
            parser.skipChildren();
            return new Entry(null, null);
        }

        private Entry request() throws IOException {
            String method = null;
            String url = null;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "method" -> method = string();
                    case "url" -> url = string();
                    default -> parser.skipChildren();
                }
            }
            return new Entry(method, url);
        }

        private @Nullable String string() throws IOException {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                return parser.getText();
            }
            parser.skipChildren();
            return null;
        }

        /** Bulk Data's way to tell what is deleted: a transaction of nothing but deletions. */
        private boolean isDeletion() {
            return !entries.isEmpty() && entries.stream().allMatch(entry -> "DELETE".equals(entry.method()));
        }

        private Line deletion() {
            List<StoredResource> tombstones = new ArrayList<>();
            for (Entry entry : entries) {
                // Type/id, below the server's base or not.
                String[] path =
                        entry.url() == null ? new String[0] : entry.url().split("/", -1);
                if (path.length < 2
                        || !TYPES.contains(path[path.length - 2])
                        || !ID.matcher(path[path.length - 1]).matches()) {
                    return new Bad(Reason.BAD_DELETION);
                }
                tombstones.add(StoredResource.tombstone(
                        path[path.length - 2], path[path.length - 1], exported.or(this::moment)));
            }
            return new Good(tombstones);
        }

        private Line resource(String resourceType) {
            if (!TYPES.contains(resourceType)) {
                return new Bad(Reason.UNKNOWN_TYPE);
            }
            if (id == null) {
                return new Bad(Reason.NO_ID);
            }
            if (!ID.matcher(id).matches()) {
                return new Bad(Reason.BAD_ID);
            }
            if (holdsNul()) {
                return new Bad(Reason.NUL);
            }
            return new Good(
                    List.of(StoredResource.live(resourceType, id, Optional.ofNullable(version), moment(), text)));
        }

        /** When the resource was last updated; nothing where that is no instant. */
        private Optional<Instant> moment() {
            return Optional.ofNullable(updated).flatMap(Instants::parse);
        }

        private boolean holdsNul() {
            byte[] nul = {'u', '0', '0', '0', '0'};
            for (int i = 0; i < text.length; i++) {
                if (text[i] == '\\') {
                    i++;
                    if (i + nul.length <= text.length && Arrays.equals(text, i, i + nul.length, nul, 0, nul.length)) {
                        return true;
                    }
                }
            }
            return false;
        }
    }
}

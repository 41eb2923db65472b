package org.researchflow.rf.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.load.ResourceText;
import org.researchflow.rf.source.StoredResource;

/**
 * One page of a history or a search.
 *
 * @param resources versions, and tombstones of what was deleted
 * @param rejected how many entries hold nothing that the resource table could take
 * @param next where the next page is, as the server says it
 */
record FhirPage(List<StoredResource> resources, long rejected, Optional<String> next) {

    FhirPage {
        resources = List.copyOf(resources);
    }

    /** Reads a Bundle; throws what is no whole Bundle. Resources keep their text, digit by digit. */
    static FhirPage read(byte[] bundle) throws IOException {
        try (JsonParser parser = Reader.JSON.createParser(bundle)) {
            return new Reader(parser, bundle).page();
        }
    }

    /** Reads one page without building a tree of it. */
    private static final class Reader {

        private static final JsonFactory JSON = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .build())
                .build();

        /** {@code Patient/123}, maybe below a base, maybe of one version. */
        private static final Pattern URL =
                Pattern.compile("(?:.*/)?([A-Z][A-Za-z]+)/([^\\s/?#|]{1,256})(?:/_history/([^\\s/?#|]+))?");

        private static final Pattern ETAG = Pattern.compile("(?:W/)?\"([^\"]+)\"");

        private final JsonParser parser;
        private final byte[] text;
        private final List<StoredResource> resources = new ArrayList<>();
        private @Nullable String type;
        private @Nullable String next;
        private long rejected;

        Reader(JsonParser parser, byte[] text) {
            this.parser = parser;
            this.text = text;
        }

        FhirPage page() throws IOException {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("it is no JSON object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("resourceType")) {
                    type = string();
                } else if (name.equals("link") && value == JsonToken.START_ARRAY) {
                    each(this::link);
                } else if (name.equals("entry") && value == JsonToken.START_ARRAY) {
                    each(this::entry);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null || !"Bundle".equals(type)) {
                throw new IOException("it is no Bundle");
            }
            return new FhirPage(resources, rejected, Optional.ofNullable(next));
        }

        /** Something that reads an object. */
        private interface Reading {
            void object() throws IOException;
        }

        private void each(Reading reading) throws IOException {
            for (JsonToken item = parser.nextToken(); item != JsonToken.END_ARRAY; item = parser.nextToken()) {
                if (item == JsonToken.START_OBJECT) {
                    reading.object();
                } else {
                    parser.skipChildren();
                }
            }
        }

        private void link() throws IOException {
            String relation = null;
            String url = null;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "relation" -> relation = string();
                    case "url" -> url = string();
                    default -> parser.skipChildren();
                }
            }
            if ("next".equals(relation)) {
                next = url;
            }
        }

        /** What an entry says about a resource. */
        private static final class Entry {
            private byte @Nullable [] resource;
            private @Nullable String method;
            private @Nullable String url;
            private @Nullable String etag;
            private @Nullable String modified;
            private @Nullable String mode;
        }

        private void entry() throws IOException {
            Entry entry = new Entry();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("resource") && value == JsonToken.START_OBJECT) {
                    int start = (int) parser.currentTokenLocation().getByteOffset();
                    parser.skipChildren();
                    entry.resource = Arrays.copyOfRange(
                            text, start, (int) parser.currentLocation().getByteOffset());
                } else if (value == JsonToken.START_OBJECT) {
                    part(entry);
                } else {
                    parser.skipChildren();
                }
            }
            add(entry);
        }

        private void part(Entry entry) throws IOException {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "method" -> entry.method = string();
                    case "url" -> entry.url = string();
                    case "etag" -> entry.etag = string();
                    case "lastModified" -> entry.modified = string();
                    case "mode" -> entry.mode = string();
                    default -> parser.skipChildren();
                }
            }
        }

        private void add(Entry entry) {
            byte @Nullable [] resource = entry.resource;
            Optional<StoredResource> read;
            if (resource != null) {
                if ("outcome".equals(entry.mode)) {
                    return;
                }
                read = ResourceText.read(resource);
            } else {
                read = "DELETE".equals(entry.method) ? tombstone(entry) : Optional.empty();
            }
            read.ifPresentOrElse(resources::add, () -> rejected++);
        }

        // When it was deleted, or at least which version that was, tells what came before and after it.
        private static Optional<StoredResource> tombstone(Entry entry) {
            @Nullable String url = entry.url;
            if (url == null) {
                return Optional.empty();
            }
            Matcher path = URL.matcher(url);
            if (!path.matches()) {
                return Optional.empty();
            }
            Optional<String> version = Optional.ofNullable(path.group(3)).or(() -> version(entry.etag));
            Optional<Instant> deleted = instant(entry.modified);
            // Whether it came before or after a version that is live cannot be told: it is not taken for either.
            return version.isEmpty() && deleted.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new StoredResource(path.group(1), path.group(2), version, deleted, Optional.empty()));
        }

        private static Optional<String> version(@Nullable String etag) {
            return Optional.ofNullable(etag)
                    .map(ETAG::matcher)
                    .filter(Matcher::matches)
                    .map(match -> match.group(1));
        }

        private static Optional<Instant> instant(@Nullable String text) {
            if (text == null) {
                return Optional.empty();
            }
            try {
                return Optional.of(OffsetDateTime.parse(text).toInstant());
            } catch (DateTimeException _) {
                return Optional.empty();
            }
        }

        private @Nullable String string() throws IOException {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                return parser.getText();
            }
            parser.skipChildren();
            return null;
        }
    }
}

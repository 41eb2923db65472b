package org.researchflow.rf.rest;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.source.StoredResource;

/**
 * What changed on a FHIR server since a moment, type by type: its history, or, where it keeps none, a search by the time
 * of the last update, which does not tell what was deleted. Pages that expire under way begin the type's window again:
 * whoever takes the resources must not mind seeing them twice, nor in which order they come.
 */
public record FhirFeed(FhirServer server) {

    private static final int COUNT = 200;
    private static final int BEGINNINGS = 4;
    private static final int GONE = 410;

    /** Takes the resources of a page. */
    @FunctionalInterface
    public interface Sink {
        void take(List<StoredResource> resources) throws SQLException;
    }

    /**
     * A type's window that was read to its end.
     *
     * @param at when it began, by the server's clock where it tells: what was visible then was read
     * @param rejected entries that hold nothing that could be taken
     * @param deletions whether deletions were told
     */
    public record Window(Optional<Instant> at, long rejected, boolean deletions) {}

    /**
     * Reads what was written at a moment or later, to its end; a {@link Failure} where that is not possible, whatever was
     * taken by then.
     */
    public Window read(String type, Instant since, Sink sink) throws SQLException, InterruptedException {
        String moment = URLEncoder.encode(since.toString(), StandardCharsets.UTF_8);
        URI history = server.address(type + "/_history?_since=" + moment + "&_count=" + COUNT);
        Optional<Window> told = window(history, true, sink);
        if (told.isPresent()) {
            return told.get();
        }
        URI search = server.address(type + "?_lastUpdated=ge" + moment + "&_sort=_lastUpdated&_count=" + COUNT);
        return window(search, false, sink)
                .orElseThrow(() -> Failure.usage("the FHIR server tells no changes of " + type)
                        .note("why", "it answers neither " + type + "/_history nor a search by _lastUpdated")
                        .note("try", "the base URL of the server, such as https://fhir.example.org/fhir"));
    }

    /** Empty when the server does not answer the very first question. */
    private Optional<Window> window(URI first, boolean deletions, Sink sink) throws SQLException, InterruptedException {
        for (int beginning = 1; beginning <= BEGINNINGS; beginning++) {
            Pages pages = new Pages(first);
            while (pages.next != null) {
                URI asked = pages.next;
                switch (server.get(asked)) {
                    case FhirServer.Answer.Page(FhirPage page, Optional<Instant> at) -> {
                        sink.take(page.resources());
                        pages.read(page, at, page.next().map(link -> server.own(asked, link)));
                    }
                    case FhirServer.Answer.Refused(int status) -> {
                        if (asked.equals(first)) {
                            return Optional.empty();
                        }
                        if (status != GONE && status != 404) {
                            throw Failure.failed(
                                    "the FHIR server answers HTTP " + status + " instead of the next page");
                        }
                        pages.expired = true;
                        pages.next = null;
                    }
                }
            }
            if (!pages.expired) {
                return Optional.of(new Window(pages.at, pages.rejected, deletions));
            }
        }
        throw Failure.of(Failure.Kind.UNREACHABLE, "the FHIR server's pages expire before they can be read")
                .note("note", "nothing is lost: the next round begins where the last whole one ended");
    }

    /** How far the reading of one window has come. */
    private static final class Pages {
        private final Set<URI> seen = new HashSet<>();
        private @Nullable URI next;
        private Optional<Instant> at = Optional.empty();
        private long rejected;
        private boolean expired;

        Pages(URI first) {
            next = first;
        }

        void read(FhirPage page, Optional<Instant> answered, Optional<URI> following) {
            if (seen.isEmpty()) {
                at = answered;
            }
            seen.add(Objects.requireNonNull(next));
            rejected += page.rejected();
            if (following.isPresent() && seen.contains(following.get())) {
                throw Failure.failed("the FHIR server's pages lead in a circle");
            }
            next = following.orElse(null);
        }
    }
}

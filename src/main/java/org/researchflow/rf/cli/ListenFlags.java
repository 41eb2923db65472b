package org.researchflow.rf.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.config.Configuration;
import picocli.CommandLine.Option;

/** The options of being told by a FHIR server that something changed. */
final class ListenFlags {

    private static final int SHORTEST_SECRET = 16;
    private static final int MOST_PORT = 65_535;

    @Option(
            names = "--listen",
            paramLabel = "[HOST:]PORT",
            description =
                    "Let a FHIR server's rest-hook Subscriptions begin rounds early: on this port, of this machine"
                            + " alone unless a host is named. What they send is not looked at.")
    private @Nullable String listen;

    @Option(
            names = "--listen-secret-file",
            paramLabel = "FILE",
            description = "A file with a secret of 16 characters or more, which senders show as a bearer token"
                    + " (RF_LISTEN_SECRET_FILE).")
    private @Nullable Path secretFile;

    @Option(
            names = "--listen-url",
            paramLabel = "URL",
            description = "How the FHIR server reaches the port, if not under its host and number.")
    private @Nullable String url;

    @Option(
            names = "--subscribe",
            description = "With a URL: register the Subscriptions at the FHIR server, if it has not got them.")
    private boolean subscribe;

    /**
     * Where to listen.
     *
     * @param url how a FHIR server reaches it; empty if that is to be made of host and port
     * @param secret that it has to show
     * @param subscribe whether it is to be asked to
     */
    record Listening(InetSocketAddress place, Optional<URI> url, Path secretFile, String secret, boolean subscribe) {

        /** The endpoint, once the port is known. */
        URI endpoint(int port) {
            String host = place.getHostString();
            return url.orElseGet(
                    () -> URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/"));
        }

        @Override
        public String toString() {
            return place.toString();
        }
    }

    /** What is wanted, if anything is. */
    Optional<Listening> wanted(Configuration configuration, boolean remote) {
        if (listen == null) {
            boolean idle = subscribe || url != null || secretFile != null;
            if (idle) {
                throw Failure.usage("--subscribe, --listen-url and --listen-secret-file go with --listen")
                        .note("try", "--listen 8089");
            }
            return Optional.empty();
        }
        if (subscribe && !remote) {
            throw Failure.usage("--subscribe needs the FHIR server's URL")
                    .note("try", "--from https://fhir.example.org/fhir --subscribe")
                    .note("try", "without --subscribe  the Subscriptions to register by hand are printed");
        }
        Path file = configuration
                .get(
                        ConfigKey.LISTEN_SECRET_FILE,
                        Optional.ofNullable(secretFile).map(Path::toString))
                .map(configuration::file)
                .orElseThrow(() -> Failure.usage("--listen needs a secret that senders have to show")
                        .note("why", "whoever reaches the port could make rf work for nothing")
                        .note("try", "--listen-secret-file FILE"));
        String secret = FeedFlags.secret(file, "the secret of --listen");
        if (!secret.matches("[\\x21-\\x7e]{" + SHORTEST_SECRET + ",}")) {
            throw Failure.usage("the secret of --listen cannot be used")
                    .note(
                            "why",
                            "it has fewer than " + SHORTEST_SECRET
                                    + " characters, or spaces or others that a header cannot hold")
                    .note("from", file.toString());
        }
        return Optional.of(
                new Listening(place(listen), Optional.ofNullable(url).map(ListenFlags::url), file, secret, subscribe));
    }

    private static InetSocketAddress place(String text) {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MOST_PORT) {
            throw Failure.usage("--listen is no port: " + text)
                    .note("try", "--listen 8089   or   --listen 0.0.0.0:8089");
        }
        int number = Integer.parseInt(port);
        if (colon < 0) {
            return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), number);
        }
        String host = text.substring(0, colon).replaceAll("[\\[\\]]", "");
        InetSocketAddress place = new InetSocketAddress(host, number);
        if (place.isUnresolved()) {
            throw Failure.usage("--listen names no address of this machine: " + host)
                    .note("try", "--listen 0.0.0.0:" + number + "   for all of them");
        }
        return place;
    }

    private static URI url(String text) {
        return Stream.of(text)
                .filter(url -> url.matches("https?://[^@\\s?#]+"))
                .map(URI::create)
                .findFirst()
                .orElseThrow(() -> Failure.usage("--listen-url is no URL to send to: it has a user, a query or no host")
                        .note("try", "--listen-url https://rf.example.org/changed"));
    }
}

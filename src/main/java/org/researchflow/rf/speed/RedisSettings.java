package org.researchflow.rf.speed;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.researchflow.rf.Failure;

/**
 * Where Redis is and how to be let in.
 *
 * @param url {@code redis://host:port/number}, {@code rediss://…} for TLS or {@code redis-sentinel://…}, with neither
 *     user nor password
 * @param user of Redis' access control lists
 * @param prefix stands in front of all keys, so that several installations can share a Redis; on a Redis Cluster it
 *     holds a hash tag in braces
 * @param authorities a file with the certificates of those who may vouch for Redis, instead of those that Java knows
 * @param connectTimeout for the TCP connection alone
 * @param answerTimeout for each answer
 */
public record RedisSettings(
        String url,
        Optional<String> user,
        Optional<String> password,
        String prefix,
        Optional<Path> authorities,
        Duration connectTimeout,
        Duration answerTimeout) {

    // A host that is not like this may be one all the same: Lettuce decides.
    private static final Pattern PLAIN = Pattern.compile(
            "redis://(?<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::(?<port>[1-9][0-9]{0,4}))?(?:/(?<database>[0-9]{1,4}))?");

    private static final String STANDARD_PORT = "6379";
    private static final int HIGHEST_PORT = 65_535;

    private static final Duration CONNECT = Duration.ofMillis(200);
    private static final Duration ANSWER = Duration.ofSeconds(1);

    /** Takes the user, and the password if there is one, out of the URL. */
    public static RedisSettings of(String url, String prefix) {
        try {
            URI uri = new URI(url);
            String scheme = String.valueOf(uri.getScheme());
            if (!scheme.equals("redis") && !scheme.equals("rediss") && !scheme.equals("redis-sentinel")) {
                throw noUrl();
            }
            // Java's own word for the user is none where several hosts follow.
            String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
            int start = url.indexOf("//") + "//".length();
            if (url.indexOf('@', start + authority.length()) >= 0) {
                throw noUrl().note("why", "in a user name or password write @ as %40, / as %2F, ? as %3F and # as %23");
            }
            int at = authority.lastIndexOf('@');
            String info = at < 0 ? "" : authority.substring(0, at);
            int colon = info.indexOf(':');
            RedisSettings settings = new RedisSettings(
                    url.substring(0, start) + url.substring(start + at + 1),
                    decoded(colon < 0 ? info : info.substring(0, colon)),
                    colon < 0 ? Optional.empty() : decoded(info.substring(colon + 1)),
                    prefix,
                    Optional.empty(),
                    CONNECT,
                    ANSWER);
            if (settings.plain().isEmpty()) {
                settings.parsed();
            }
            return settings;
        } catch (URISyntaxException e) {
            // its message quotes the URL
            throw noUrl();
        }
    }

    public RedisSettings withPassword(String other) {
        return new RedisSettings(url, user, Optional.of(other), prefix, authorities, connectTimeout, answerTimeout);
    }

    /** The same Redis, in which other keys are meant. */
    public RedisSettings withPrefix(String other) {
        return new RedisSettings(url, user, password, other, authorities, connectTimeout, answerTimeout);
    }

    public RedisSettings withAnswerTimeout(Duration other) {
        return new RedisSettings(url, user, password, prefix, authorities, connectTimeout, other);
    }

    public RedisSettings trusting(Path other) {
        return new RedisSettings(url, user, password, prefix, Optional.of(other), connectTimeout, answerTimeout);
    }

    private static Optional<String> decoded(String text) {
        return Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8))
                .filter(value -> !value.isEmpty());
    }

    private static Failure noUrl() {
        return Failure.usage("the URL of Redis cannot be used")
                .note("why", "it is not like redis://host:6379")
                .note("try", "redis://host:6379   or, with TLS and a user,   rediss://user@host:6379/0");
    }

    /** With what it takes to be let in. */
    public RedisURI uri() {
        RedisURI uri = parsed();
        if (password.isPresent()) {
            RedisCredentials credentials =
                    RedisCredentials.just(user.orElse(null), password.get().toCharArray());
            uri.setCredentialsProvider(RedisCredentialsProvider.from(() -> credentials));
        }
        return uri;
    }

    /**
     * A Redis that is spoken to directly.
     *
     * @param database the number of the database in it
     */
    record Place(String host, int port, int database) {}

    /** Where it is, if nothing has to be known for that but what stands in {@code redis://host:port/number}. */
    Optional<Place> plain() {
        Matcher matcher = PLAIN.matcher(url);
        return matcher.matches()
                ? Optional.of(new Place(
                                matcher.group("host"),
                                Integer.parseInt(Objects.requireNonNullElse(matcher.group("port"), STANDARD_PORT)),
                                Integer.parseInt(Objects.requireNonNullElse(matcher.group("database"), "0"))))
                        .filter(place -> place.port() <= HIGHEST_PORT)
                : Optional.empty();
    }

    private RedisURI parsed() {
        try {
            return RedisURI.create(url);
        } catch (IllegalArgumentException e) {
            throw noUrl();
        }
    }

    /** Host and port, for people; never a password. */
    public String place() {
        Optional<Place> plain = plain();
        if (plain.isPresent()) {
            return plain.get().host() + ":" + plain.get().port();
        }
        RedisURI uri = parsed();
        String host = uri.getHost();
        return host == null ? url : host + ":" + uri.getPort();
    }

    @Override
    public String toString() {
        return place();
    }
}

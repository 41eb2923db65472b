package org.researchflow.rf.config;

import java.util.regex.Pattern;

/**
 * The value of a setting, and who gave it.
 *
 * @param text as it was given
 * @param source what kind of place it came from
 * @param origin that place in words: {@code --runner}, {@code RF_RUNNER}, {@code ~/.config/rf/config.toml:4}
 */
public record ConfigValue(String text, Source source, String origin) {

    /** Who can give values. */
    public enum Source {
        FLAG,
        VARIABLE,
        FILE,
        DEFAULT
    }

    /** Everything between the user and the last {@code @} is taken for a password, lest a part of one is shown. */
    private static final Pattern IN_A_URL = Pattern.compile("(://[^:/@]*):.*@");

    private static final Pattern AS_PARAMETER =
            Pattern.compile("([?&][^=&]*password[^=&]*=)[^&]*", Pattern.CASE_INSENSITIVE);

    /** For people: a password within, and a value that is one, as {@code ***}. */
    public String shown(ConfigKey key) {
        if (key.isSecret()) {
            return "***";
        }
        return holdsPassword() ? masked(text) : text;
    }

    private static String masked(String url) {
        return AS_PARAMETER.matcher(IN_A_URL.matcher(url).replaceAll("$1:***@")).replaceAll("$1***");
    }

    private boolean holdsPassword() {
        return text.contains("://") && !masked(text).equals(text);
    }

    boolean isSecret(ConfigKey key) {
        return key.isSecret() || holdsPassword();
    }

    /** Leaves the value out: it may be a password. */
    @Override
    public String toString() {
        return "a value from " + origin;
    }
}
